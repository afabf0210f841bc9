import { studentQuantile } from './statistics/student.js'

/** A mean over seeds with its confidence interval. */
export interface SeedStatistics {
  count: number
  mean: number
  /** Unbiased; null for one value. */
  standardDeviation: number | null
  /** Half the width of the 95 % confidence interval of the mean (Student's t); null for one value. */
  halfWidth: number | null
}

/** Confidence of every interval over seeds; charts and tables say it. */
export const CONFIDENCE = 0.95

const quantiles = new Map<number, number>()

/** t of the 95 % interval, remembered. @param degrees - of freedom, a whole number of at least 1 */
export function tQuantile(degrees: number): number {
  const known = quantiles.get(degrees)
  if (known !== undefined) return known
  const quantile = studentQuantile(degrees, CONFIDENCE)
  quantiles.set(degrees, quantile)
  return quantile
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
