import type { Interval } from './probe.js'
import type { RobustnessPass } from './robustness.js'
import { wilsonEnds } from './robustCurve.js'

type PooledPass = Pick<RobustnessPass, 'keptIndices' | 'criticalEpsilon' | 'epsilons'>

/** Σ_i (Σ_s (y_is - p))² and Σ_is (y_is - p)² of a size, y = 1 where no size up to this one has fooled image i in pass s. */
function spreads(
  passes: readonly PooledPass[],
  epsilon: number,
  share: number,
): { clustered: number; single: number; clusters: number } {
  const sums = new Map<number, number>()
  let single = 0
  for (const { keptIndices, criticalEpsilon } of passes) {
    keptIndices.forEach((image, place) => {
      // NaN: never fooled.
      const deviation = ((criticalEpsilon[place] as number) <= epsilon ? 0 : 1) - share
      single += deviation * deviation
      sums.set(image, (sums.get(image) ?? 0) + deviation)
    })
  }
  return { clustered: [...sums.values()].reduce((sum, value) => sum + value * value, 0), single, clusters: sums.size }
}

/**
 * How many independent images the pooled passes of a label are worth at each size. Passes attack the same images, which fall together,
 * so that n images carry as much information as n / deff with the design effect
 *
 *     deff = K/(K-1) Σ_i (Σ_s (y_is - p))² / Σ_is (y_is - p)²   over K different images, at least 1 and at most n/K.
 *
 * @param passes - of the same sizes
 * @returns one number a size; the images themselves for a single pass
 *
 * Source: L. Kish, Survey Sampling (1965), 5.4.
 */
export function effectiveImages(passes: readonly PooledPass[]): Float64Array {
  const epsilons = passes[0]?.epsilons ?? new Float64Array(0)
  const images = passes.reduce((sum, { keptIndices }) => sum + keptIndices.length, 0)
  if (passes.length < 2) return epsilons.map(() => images)
  return epsilons.map((epsilon) => {
    const fallen = passes.reduce(
      (sum, { criticalEpsilon }) => sum + criticalEpsilon.filter((critical) => critical <= epsilon).length,
      0,
    )
    const { clustered, single, clusters } = spreads(passes, epsilon, 1 - fallen / images)
    const most = images / clusters
    // Where all images fare alike nothing is known of how they fall together.
    const effect = single === 0 || clusters < 2 ? most : ((clusters / (clusters - 1)) * clustered) / single
    return images / Math.min(most, Math.max(1, effect))
  })
}

/**
 * Interval of a product of two independent shares, each with an interval of its own (method of variance estimates recovery):
 *
 *     ab - √(b²(a - a_l)² + a²(b - b_l)²)   to   ab + √(b²(a_u - a)² + a²(b_u - b)²)
 *
 * Source: G. Y. Zou, A. Donner, Stat. Med. 27 (2008).
 */
export function productEnds(
  [a, endsOfA]: readonly [number, Interval],
  [b, endsOfB]: readonly [number, Interval],
): Interval {
  const reach = (ofA: number, ofB: number): number => Math.hypot(b * ofA, a * ofB)
  return {
    lower: Math.max(0, a * b - reach(a - endsOfA.lower, b - endsOfB.lower)),
    upper: Math.min(1, a * b + reach(endsOfA.upper - a, endsOfB.upper - b)),
  }
}

/**
 * Interval of the absolute accuracy under attack, clean accuracy times relative accuracy: both have errors, the one of the images that
 * were classified, the other of those that were attacked.
 *
 * @param clean - share, and the images of the split
 * @param relative - share, and the (effective) images that were attacked
 * @param z - quantile of the normal distribution, such as 1.96 for 95 %
 */
export const absoluteEnds = (
  clean: { share: number; images: number },
  relative: { share: number; images: number },
  z: number,
): Interval =>
  productEnds(
    [clean.share, wilsonEnds(clean.share, clean.images, z)],
    [relative.share, wilsonEnds(relative.share, relative.images, z)],
  )
