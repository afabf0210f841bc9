import { abs, add, max, sum, type Scalar, type Tensor1D, type Tensor2D } from '../tf.js'
import type { LayerStepOutput } from './rule.js'

/**
 * The result of a step that has found its change.
 *
 * @param weights - before the step, H x d
 * @param change - what is added to them, H x d
 * @param winners - the unit that won each image, B
 * @param winningOverlaps - its overlap, B
 */
export function stepOutput(
  weights: Tensor2D,
  change: Tensor2D,
  winners: Tensor1D,
  winningOverlaps: Tensor1D,
): LayerStepOutput {
  const absolute = abs(change)
  return {
    weights: add(weights, change) as Tensor2D,
    winners,
    winningOverlapSum: sum(winningOverlaps) as Scalar,
    largestChange: max(max(absolute, 1)) as Scalar,
    // Axis by axis: one sum over millions of float32 values loses digits.
    absoluteChangeSum: sum(sum(absolute, 1)) as Scalar,
  }
}
