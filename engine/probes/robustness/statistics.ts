import { wilsonEnds, type CriticalNormBox, type Interval } from '../../../contract/index.js'
import { normalQuantile } from '../../linalg/special.js'
import { quantileOfSorted } from '../../linalg/statistics.js'
import { randomStream } from '../../random/index.js'

/** {@link wilsonEnds} of the interval that holds the true share with a probability of `level`, in (0, 1). */
export const wilsonInterval = (share: number, count: number, level: number): Interval => wilsonEnds(share, count, normalQuantile((1 + level) / 2))

const QUARTILES = [0.25, 0.5, 0.75] as const

/**
 * Bootstrap percentile intervals of the quartiles: values drawn with replacement, `resamples` times.
 *
 * @param sorted - ascending, n >= 1
 */
export function bootstrapQuartiles(sorted: Float64Array, resamples: number, level: number, seed: number): [Interval, Interval, Interval] {
  const random = randomStream(seed, 'bootstrap quartiles')
  const count = sorted.length
  const draws = QUARTILES.map(() => new Float64Array(resamples))
  const times = new Int32Array(count)
  const drawn = new Float64Array(count)
  for (let resample = 0; resample < resamples; resample++) {
    times.fill(0)
    for (let index = 0; index < count; index++) {
      const at = random.below(count)
      times[at] = (times[at] as number) + 1
    }
    // Counted by rank, the sample comes out sorted.
    let place = 0
    for (let index = 0; index < count; index++) for (let copy = 0; copy < (times[index] as number); copy++) drawn[place++] = sorted[index] as number
    QUARTILES.forEach((quartile, which) => {
      const target = draws[which] as Float64Array
      target[resample] = quantileOfSorted(drawn, quartile)
    })
  }
  return draws.map((values) => {
    const ordered = values.sort()
    return { lower: quantileOfSorted(ordered, (1 - level) / 2), upper: quantileOfSorted(ordered, (1 + level) / 2) }
  }) as [Interval, Interval, Interval]
}

/**
 * The box of a box plot: quartiles by linear interpolation, whiskers to the most extreme values within 1.5 interquartile ranges.
 *
 * @param values - NaN, for images that were never fooled, is left out
 * @param resamples - 0 leaves the intervals out
 * @returns null when nothing is left
 *
 * Source: docs/SOURCES.md 8.2.
 */
export function criticalBox(values: Float64Array, resamples: number, level: number, seed: number): CriticalNormBox | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  if (sorted.length === 0) return null
  const [firstQuartile, median, thirdQuartile] = QUARTILES.map((quartile) => quantileOfSorted(sorted, quartile)) as [number, number, number]
  const reach = 1.5 * (thirdQuartile - firstQuartile)
  const within = sorted.filter((value) => value >= firstQuartile - reach && value <= thirdQuartile + reach)
  const intervals = resamples === 0 ? null : bootstrapQuartiles(sorted, resamples, level, seed)
  return {
    lowerWhisker: Math.min(firstQuartile, within[0] ?? firstQuartile), firstQuartile, median, thirdQuartile, upperWhisker: Math.max(thirdQuartile, within[within.length - 1] ?? thirdQuartile),
    firstQuartileInterval: intervals?.[0] ?? null, medianInterval: intervals?.[1] ?? null, thirdQuartileInterval: intervals?.[2] ?? null,
  }
}
