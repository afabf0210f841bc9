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
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) }
}

/**
 * ε at which a curve first falls through a level, between two sizes linearly in ln ε.
 *
 * @param epsilons - rising, E
 * @param curve - its values there, E
 * @returns null where it does not
 */
export function crossing(epsilons: Float64Array, curve: Float64Array, level: number): number | null {
  for (let index = 1; index < curve.length; index++) {
    const [above, below] = [curve[index - 1] as number, curve[index] as number]
    if (!(above >= level && below < level)) continue
    const [left, right] = [epsilons[index - 1] as number, epsilons[index] as number]
    const share = (above - level) / (above - below)
    return left > 0 ? Math.exp(Math.log(left) + share * Math.log(right / left)) : left + share * (right - left)
  }
  return null
}
