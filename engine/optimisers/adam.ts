import { add, div, mul, sqrt, square, sub, type Scalar, type Tensor } from '../tf.js'

/** Numbers of Adam that stay fixed. */
export interface AdamOptions {
  beta1: number
  beta2: number
  epsilon: number
}

/** As the original and its library have them. */
export const ADAM_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const satisfies AdamOptions

/**
 * The two factors of a step that change from step to step, computed in float64.
 *
 * @param rate - learning rate, > 0
 * @param step - number of this step, from 1
 * @returns stepSize = rate / (1 - β1^t), correction = 1 / (1 - β2^t)
 */
export function adamFactors(
  rate: number,
  step: number,
  { beta1, beta2 }: AdamOptions,
): { stepSize: number; correction: number } {
  return { stepSize: rate / (1 - beta1 ** step), correction: 1 / (1 - beta2 ** step) }
}

/** A parameter with its two moments, all of one shape. */
export interface AdamState {
  parameter: Tensor
  first: Tensor
  second: Tensor
}

/**
 * One step of Adam for one parameter:
 *
 *     m <- β1 m + (1 - β1) g,   v <- β2 v + (1 - β2) g²,   θ <- θ - stepSize · m / (√(v · correction) + ε)
 *
 * @param gradient - g, of the parameter's shape
 * @param factors - see adamFactors, as tensors
 *
 * Source: D. P. Kingma, J. Ba, ICLR 2015, algorithm 1; docs/SOURCES.md 3.5.
 */
export function adamUpdate(
  { parameter, first, second }: AdamState,
  gradient: Tensor,
  factors: { stepSize: Scalar; correction: Scalar },
  { beta1, beta2, epsilon }: AdamOptions,
): AdamState {
  const m = add(mul(first, beta1), mul(gradient, 1 - beta1))
  const v = add(mul(second, beta2), mul(square(gradient), 1 - beta2))
  return {
    parameter: sub(parameter, div(mul(m, factors.stepSize), add(sqrt(mul(v, factors.correction)), epsilon))),
    first: m,
    second: v,
  }
}
