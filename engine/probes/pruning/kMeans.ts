import { randomStream, type RandomStream } from '../../random/index.js'

const RESTARTS = 10
const LARGEST_ITERATIONS = 300

/** One start of k-means++: each centre far from those before, with probability proportional to the squared distance. */
function firstCentres(values: Float64Array, clusters: number, random: RandomStream): number[] {
  const centres = [values[random.below(values.length)] ?? 0]
  while (centres.length < clusters) {
    const squares = values.map((value) => Math.min(...centres.map((centre) => (value - centre) ** 2)))
    let rest = random.uniform() * squares.reduce((sum, square) => sum + square, 0)
    let chosen = 0
    while (chosen < values.length - 1 && (rest -= squares[chosen] ?? 0) > 0) chosen++
    centres.push(values[chosen] ?? 0)
  }
  return centres
}

function nearest(value: number, centres: readonly number[]): number {
  let best = 0
  for (let index = 1; index < centres.length; index++)
    if (Math.abs(value - (centres[index] ?? 0)) < Math.abs(value - (centres[best] ?? 0))) best = index
  return best
}

/** Lloyd's iteration from given centres. */
function refine(values: Float64Array, centres: number[]): { labels: Int32Array; inertia: number } {
  const labels = new Int32Array(values.length).fill(-1)
  for (let iteration = 0; iteration < LARGEST_ITERATIONS; iteration++) {
    let moved = false
    const sums = centres.map(() => 0)
    const counts = centres.map(() => 0)
    values.forEach((value, index) => {
      const label = nearest(value, centres)
      if (label !== labels[index]) moved = true
      labels[index] = label
      sums[label] = (sums[label] ?? 0) + value
      counts[label] = (counts[label] ?? 0) + 1
    })
    if (!moved) break
    // A cluster that lost all its members keeps its place.
    centres.forEach((centre, index) => {
      centres[index] = (counts[index] ?? 0) > 0 ? (sums[index] ?? 0) / (counts[index] ?? 1) : centre
    })
  }
  return {
    labels,
    inertia: values.reduce((sum, value, index) => sum + (value - (centres[labels[index] ?? 0] ?? 0)) ** 2, 0),
  }
}

/**
 * Clusters numbers into groups: k-means with k-means++ starts, the best of ten.
 *
 * @param values - at least as many as clusters
 * @param clusters - how many groups, >= 1
 * @param seed - the same seed gives the same groups; the original fixes 0
 * @returns the group of every value, 0 .. clusters-1
 *
 * Source: D. Arthur, S. Vassilvitskii, k-means++, SODA 2007.
 */
export function kMeans(values: Float64Array, clusters: number, seed: number): Int32Array {
  let best: { labels: Int32Array; inertia: number } | null = null
  for (let restart = 0; restart < RESTARTS; restart++) {
    const result = refine(values, firstCentres(values, clusters, randomStream(seed, 'k-means', clusters, restart)))
    if (best === null || result.inertia < best.inertia) best = result
  }
  return best?.labels ?? new Int32Array(values.length)
}
