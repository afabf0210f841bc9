import { LabError } from '../../contract/index.js'
import type { ProductSize } from '../linalg/multiply.js'

/** The product that an executor offers in float64. */
export type Multiply64 = (a: Float64Array, b: Float64Array, size: ProductSize) => Promise<Float64Array>

/** Sums up an unbiased covariance batch by batch, in float64. */
export interface CovarianceSum {
  /** @param rows - samples x width, row by row */
  add(rows: Float64Array, samples: number): Promise<void>
  /** The covariance, width x width, divisor N - 1. */
  covariance(): Float64Array
}

/**
 * Covariance as (Σ (y-K)(y-K)ᵀ - s sᵀ / N) / (N-1) with s = Σ (y-K).
 *
 * K is the mean of the first batch, per column; it cancels and only keeps digits.
 *
 * @param width - number of columns
 * @param multiply - float64 product
 *
 * Source: docs/SOURCES.md 5.1.
 */
export function createCovarianceSum(width: number, multiply: Multiply64): CovarianceSum {
  const products = new Float64Array(width * width)
  const sums = new Float64Array(width)
  let shift: Float64Array | null = null
  let count = 0

  const columnMeans = (rows: Float64Array, samples: number): Float64Array => {
    const means = new Float64Array(width)
    for (let index = 0; index < samples * width; index++)
      means[index % width] = (means[index % width] ?? 0) + (rows[index] ?? NaN) / samples
    return means
  }

  return {
    add: async (rows, samples) => {
      if (rows.length !== samples * width)
        throw new LabError('shape.mismatch', `expected ${samples} x ${width} values, got ${rows.length}`)
      shift ??= columnMeans(rows, samples)
      const shifted = new Float64Array(rows.length)
      for (let sample = 0; sample < samples; sample++) {
        for (let column = 0; column < width; column++) {
          const value = (rows[sample * width + column] as number) - (shift[column] as number)
          shifted[sample * width + column] = value
          sums[column] = (sums[column] as number) + value
        }
      }
      const product = await multiply(shifted, shifted, {
        rows: width,
        inner: samples,
        columns: width,
        transposeA: true,
      })
      for (let index = 0; index < product.length; index++)
        products[index] = (products[index] as number) + (product[index] as number)
      count += samples
    },
    covariance: () => {
      if (count < 2) throw new LabError('value.range', `a covariance needs at least two samples, got ${count}`)
      const result = new Float64Array(width * width)
      for (let row = 0; row < width; row++) {
        for (let column = 0; column < width; column++) {
          const at = row * width + column
          result[at] =
            ((products[at] as number) - ((sums[row] as number) * (sums[column] as number)) / count) / (count - 1)
        }
      }
      return result
    },
  }
}
