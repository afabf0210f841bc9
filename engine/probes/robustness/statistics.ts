import { studentQuantile, wilsonEnds, type CriticalNormBox, type Interval } from '../../../contract/index.js'
import { errorFunction, normalQuantile } from '../../../contract/statistics/special.js'
import { quantileOfSorted } from '../../linalg/statistics.js'
import { randomStream } from '../../random/index.js'

/** {@link wilsonEnds} of the interval that holds the true share with a probability of `level`, in (0, 1). */
export const wilsonInterval = (share: number, count: number, level: number): Interval =>
  wilsonEnds(share, count, normalQuantile((1 + level) / 2))

const QUARTILES = [0.25, 0.5, 0.75] as const

/**
 * Level at which percentiles of a bootstrap over n draws are read, so that their interval holds the truth with a probability of `level`:
 * percentiles are those of a normal interval with the divisor n and no allowance for the estimated spread, and few draws make it narrow.
 *
 *     level' = P(|Z| < √(n/(n-1)) t_{n-1})
 *
 * Source: T. C. Hesterberg, Am. Stat. 69 (2015), 4.2, expanded percentiles.
 */
export function expandedLevel(level: number, count: number): number {
  return count < 2
    ? level
    : errorFunction((Math.sqrt(count / (count - 1)) * studentQuantile(count - 1, level)) / Math.SQRT2)
}

/**
 * Bootstrap percentile intervals of the quartiles: images drawn with replacement, each with all of its values, `resamples` times.
 *
 * @param sorted - ascending, n >= 1
 * @param images - of each value its image, by a number from 0 up; each value is an image of its own when left out
 */
export function bootstrapQuartiles(
  sorted: Float64Array,
  resamples: number,
  level: number,
  seed: number,
  images: Int32Array | null = null,
): [Interval, Interval, Interval] {
  const random = randomStream(seed, 'bootstrap quartiles')
  const count = images === null ? sorted.length : images.reduce((most, image) => Math.max(most, image), -1) + 1
  const draws = QUARTILES.map(() => new Float64Array(resamples))
  const times = new Int32Array(count)
  const drawn: number[] = []
  for (let resample = 0; resample < resamples; resample++) {
    times.fill(0)
    for (let index = 0; index < count; index++) {
      const at = random.below(count)
      times[at] = (times[at] as number) + 1
    }
    // Counted by rank, the sample comes out sorted.
    drawn.length = 0
    for (let index = 0; index < sorted.length; index++)
      for (let copy = times[images?.[index] ?? index] as number; copy > 0; copy--) drawn.push(sorted[index] as number)
    QUARTILES.forEach((quartile, which) => {
      const target = draws[which] as Float64Array
      target[resample] = quantileOfSorted(drawn, quartile)
    })
  }
  const read = expandedLevel(level, count)
  return draws.map((values) => {
    const ordered = values.sort()
    // Between two of B draws lies a share of 1/(B+1) of all: few draws would make the interval narrow.
    const outside = Math.max(0, (((1 - read) / 2) * (resamples + 1) - 1) / Math.max(1, resamples - 1))
    return { lower: quantileOfSorted(ordered, outside), upper: quantileOfSorted(ordered, 1 - outside) }
  }) as [Interval, Interval, Interval]
}

/** Images of sorted values by numbers from 0 up; null where every value has one of its own. */
function clustersOf(places: Int32Array, images: Int32Array): Int32Array | null {
  const numbers = new Map<number, number>()
  const clusters = places.map((place) => {
    const image = images[place] as number
    const known = numbers.get(image)
    if (known !== undefined) return known
    numbers.set(image, numbers.size)
    return numbers.size - 1
  })
  return numbers.size === places.length ? null : clusters
}

/**
 * The box of a box plot: quartiles by linear interpolation, whiskers to the most extreme values within 1.5 interquartile ranges.
 *
 * @param values - NaN, for images that were never fooled, is left out
 * @param images - number of the image of each value, so that values of one image, of several passes, are drawn together; null: all differ
 * @param resamples - 0 leaves the intervals out
 * @returns null when nothing is left
 *
 * Source: docs/SOURCES.md 8.2.
 */
export function criticalBox(
  values: Float64Array,
  resamples: number,
  level: number,
  seed: number,
  images: Int32Array | null = null,
): CriticalNormBox | null {
  const places = Int32Array.from(values.keys())
    .filter((place) => !Number.isNaN(values[place]))
    .sort((a, b) => (values[a] as number) - (values[b] as number))
  const sorted = Float64Array.from(places, (place) => values[place] as number)
  if (sorted.length === 0) return null
  const [firstQuartile, median, thirdQuartile] = QUARTILES.map((quartile) => quantileOfSorted(sorted, quartile)) as [
    number,
    number,
    number,
  ]
  const reach = 1.5 * (thirdQuartile - firstQuartile)
  const within = sorted.filter((value) => value >= firstQuartile - reach && value <= thirdQuartile + reach)
  const intervals =
    resamples === 0
      ? null
      : bootstrapQuartiles(sorted, resamples, level, seed, images === null ? null : clustersOf(places, images))
  return {
    lowerWhisker: Math.min(firstQuartile, within[0] ?? firstQuartile),
    firstQuartile,
    median,
    thirdQuartile,
    upperWhisker: Math.max(thirdQuartile, within[within.length - 1] ?? thirdQuartile),
    firstQuartileInterval: intervals?.[0] ?? null,
    medianInterval: intervals?.[1] ?? null,
    thirdQuartileInterval: intervals?.[2] ?? null,
  }
}
