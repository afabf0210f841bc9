import { tQuantile } from '../seedStatistics.js'
import { studentTwoSided } from './special.js'
import { signedRankTails } from './signedRank.js'

/** Fewer pairs than this say nothing about the spread of a difference. */
export const FEWEST_PAIRS = 3

/** A paired comparison of two groups over the seeds that both have: differences d = a - b. */
export interface PairedComparison {
  /** Number n of pairs in which both values are finite. */
  count: number
  /** d̄; NaN without pairs. */
  mean: number
  /** Half the width of the 95 % interval d̄ ± t s/√n; null for fewer than two pairs. */
  halfWidth: number | null
  /** t = d̄ √n / s; null where it is not defined. */
  t: number | null
  /** Two-sided p of the paired t-test; null for fewer than {@link FEWEST_PAIRS} pairs. */
  p: number | null
  /** Two-sided p of Wilcoxon's signed-rank test, exact up to 50 pairs without ties; null as `p`. */
  signedRankP: number | null
  /** Cohen's d_z = d̄/s, corrected for few pairs (Hedges): times 1 - 3/(4 (n - 1) - 1). Null where s is 0 or unknown. */
  effect: number | null
}

/**
 * Compares two groups seed by seed.
 *
 * @param differences - value of the one minus value of the other, one for each seed; those that are not finite are left out
 */
export function pairedComparison(differences: readonly number[]): PairedComparison {
  const values = differences.filter(Number.isFinite)
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count < 2) return { count, mean, halfWidth: null, t: null, p: null, signedRankP: null, effect: null }
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1))
  const halfWidth = (tQuantile(count - 1) * deviation) / Math.sqrt(count)
  const t = deviation === 0 ? null : (mean * Math.sqrt(count)) / deviation
  const isEnough = count >= FEWEST_PAIRS
  return {
    count,
    mean,
    halfWidth,
    t,
    p: isEnough && t !== null ? studentTwoSided(t, count - 1) : null,
    signedRankP: isEnough ? signedRankTails(values) : null,
    effect: !isEnough || t === null ? null : (mean / deviation) * (1 - 3 / (4 * (count - 1) - 1)),
  }
}
