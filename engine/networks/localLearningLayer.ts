import { abs, matMul, mul, pow, sign, sum, tidy, transpose, type Tensor2D, type Tensor1D } from '../tf.js'

/**
 * The metric weights of a layer, sign(W) |W|^(p-1): the operand of the overlap.
 *
 * @param weights - units x inputs, H x d
 * @param lebesgueNorm - p, >= 1; for p = 3 it is W |W|, for p = 2 W itself, so that no power is taken
 * @returns H x d
 *
 * Source: Krotov and Hopfield, PNAS 116 (2019), eq. 1; docs/SOURCES.md 2.3.
 */
export function metricWeights(weights: Tensor2D, lebesgueNorm: number): Tensor2D {
  if (lebesgueNorm === 2) return weights.clone()
  if (lebesgueNorm === 3) return tidy(() => mul(weights, abs(weights)))
  return tidy(() => mul(sign(weights), pow(abs(weights), lebesgueNorm - 1)))
}

/**
 * The overlap of every image with every unit, h_bμ = Σ_i sign(W_μi) |W_μi|^(p-1) x_bi.
 *
 * @param images - B x d, normalised
 * @param weights - H x d
 * @param lebesgueNorm - p, >= 1
 * @returns B x H, the pre-activation ("hidden") of the layer
 */
export function overlap(images: Tensor2D, weights: Tensor2D, lebesgueNorm: number): Tensor2D {
  // An explicit transpose: tfjs-wasm multiplies by a transposed operand tens of times slower.
  return tidy(() => matMul(images, transpose(metricWeights(weights, lebesgueNorm))))
}

/**
 * ‖w_μ‖_p^p = Σ_i |W_μi|^p of every unit.
 *
 * @param weights - H x d
 * @param lebesgueNorm - p, >= 1
 * @returns H
 */
export function normPowers(weights: Tensor2D, lebesgueNorm: number): Tensor1D {
  return tidy(() => sum(pow(abs(weights), lebesgueNorm), 1))
}
