/** A mean over seeds with its confidence interval. */
export interface SeedStatistics {
  count: number
  mean: number
  /** Unbiased; null for one value. */
  standardDeviation: number | null
  /** Half the width of the 95 % confidence interval of the mean (Student's t); null for one value. */
  halfWidth: number | null
}

/** Two-sided 95 % quantiles of Student's t by degrees of freedom, 1 to 30. */
const T_QUANTILES = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
] as const

/** Quantile of the normal distribution, where t tends to. */
const NORMAL_QUANTILE = 1.959964

/**
 * t at 97.5 %; beyond 30 degrees the expansion of Cornish and Fisher, right to four digits.
 *
 * @param degrees - of freedom, a whole number of at least 1
 */
export function tQuantile(degrees: number): number {
  const z = NORMAL_QUANTILE
  return (
    T_QUANTILES[degrees - 1] ??
    z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
  )
}

/**
 * Mean, spread and 95 % confidence interval of a measure over the seeds of one experiment, mean ± t s/√n.
 *
 * @param values - one per seed
 * @returns null without values
 */
export function seedStatistics(values: readonly number[]): SeedStatistics | null {
  const count = values.length
  if (count === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  if (count === 1) return { count, mean, standardDeviation: null, halfWidth: null }
  const standardDeviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1))
  return { count, mean, standardDeviation, halfWidth: (tQuantile(count - 1) * standardDeviation) / Math.sqrt(count) }
}
