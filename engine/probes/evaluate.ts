import { logitsOf, type NetworkOptions, type NetworkParameters, type RunningStatistics } from '../networks/index.js'
import { argMax, cast, equal, sum, type Scalar, type Tensor1D, type Tensor2D } from '../tf.js'

/**
 * Predictions of a batch, and how many are right.
 *
 * @param input - parameters, running statistics, images B x d, labels B
 * @returns predicted class numbers B (int32) and their matches with the labels
 */
export function evaluateBatch(
  input: { parameters: NetworkParameters; running: RunningStatistics; images: Tensor2D; labels: Tensor1D },
  options: NetworkOptions,
): { predictions: Tensor1D; correct: Scalar } {
  const predictions = argMax(logitsOf(input.parameters, input.images, input.running, options), 1) as Tensor1D
  return { predictions, correct: sum(cast(equal(predictions, input.labels), 'float32')) as Scalar }
}
