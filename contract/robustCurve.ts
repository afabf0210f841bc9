import type { Interval } from './probe.js'

/**
 * Wilson interval of a share: (p̂ + z²/2n ± z √(p̂(1-p̂)/n + z²/4n²)) / (1 + z²/n).
 *
 * @param share - p̂ in [0, 1]
 * @param count - n > 0
 * @param z - quantile of the normal distribution, such as 1.96 for 95 %
 *
 * Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927).
 */
export function wilsonEnds(share: number, count: number, z: number): Interval {
  const square = (z * z) / count
  const centre = (share + square / 2) / (1 + square)
  const half = (z * Math.sqrt((share * (1 - share)) / count + square / (4 * count))) / (1 + square)
  // The interval of 0 begins at 0 and that of 1 ends at 1, whatever rounding says.
  return { lower: Math.max(0, Math.min(share, centre - half)), upper: Math.min(1, Math.max(share, centre + half)) }
}

/**
 * ε at which a share of images first falls through a level, between two sizes linearly in ln ε. The curve begins with 1 at ε = 0, where
 * nothing is changed; between 0 and the first size it is a straight line.
 *
 * @param epsilons - rising, from 0 up, E
 * @param curve - shares of the images that were right at ε = 0, E
 * @param level - in (0, 1)
 * @returns null where it does not; a number below the first size says no more than that it lies there
 */
export function crossing(epsilons: Float64Array, curve: Float64Array, level: number): number | null {
  for (let index = 0; index < curve.length; index++) {
    const [above, below] = [index === 0 ? 1 : (curve[index - 1] as number), curve[index] as number]
    if (!(above >= level && below < level)) continue
    const [left, right] = [index === 0 ? 0 : (epsilons[index - 1] as number), epsilons[index] as number]
    const share = (above - level) / (above - below)
    return left > 0 ? Math.exp(Math.log(left) + share * Math.log(right / left)) : left + share * (right - left)
  }
  return null
}

/** A size read from a curve: measured, below the smallest size that was tried, or beyond all of them. */
export type FoundSize = { kind: 'at'; epsilon: number } | { kind: 'below'; epsilon: number } | { kind: 'notReached' }

/**
 * What a {@link crossing} says: one below the first size of the curve is known by that size alone.
 *
 * @param epsilons - of the curve, rising
 */
export function foundSize(epsilon: number | null, epsilons: Float64Array): FoundSize {
  const [first = 0] = epsilons
  if (epsilon === null) return { kind: 'notReached' }
  return epsilon < first ? { kind: 'below', epsilon: first } : { kind: 'at', epsilon }
}

/**
 * Whether half of the fooled images fell at the smallest size already, so that medians of critical sizes and norms are upper limits. A
 * smallest size of 0 fools nothing.
 */
export const fallAtOnce = ({
  medianCriticalEpsilon,
  epsilons,
}: {
  medianCriticalEpsilon: number | null
  epsilons: Float64Array
}): boolean => medianCriticalEpsilon !== null && medianCriticalEpsilon <= (epsilons[0] ?? 0)
