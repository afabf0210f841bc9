import { lpNorm } from '../datasets/lpUnit.js'
import { meanAndVariance } from '../linalg/statistics.js'

/** One number per unit, each of length H. */
export interface UnitStatistics {
  /** ‖w_μ‖_p. */
  norms: Float32Array
  /** Mean weight. */
  means: Float32Array
  /** Unbiased variance of the weights along the inputs. */
  variances: Float64Array
}

/**
 * Norm, mean and variance of every unit's weights.
 *
 * @param weights - units x inputs, H x d
 * @param hiddenUnits - H
 * @param inputSize - d
 * @param lebesgueNorm - p, >= 1
 */
export function unitStatistics(
  weights: Float32Array,
  hiddenUnits: number,
  inputSize: number,
  lebesgueNorm: number,
): UnitStatistics {
  const norms = new Float32Array(hiddenUnits)
  const means = new Float32Array(hiddenUnits)
  const variances = new Float64Array(hiddenUnits)
  for (let unit = 0; unit < hiddenUnits; unit++) {
    const start = unit * inputSize
    norms[unit] = lpNorm(weights, start, inputSize, lebesgueNorm)
    const { mean, variance } = meanAndVariance(weights, start, inputSize)
    means[unit] = mean
    variances[unit] = variance
  }
  return { norms, means, variances }
}
