import { crossEntropy } from '../losses/crossEntropy.js'
import { logitsOf, type NetworkOptions, type NetworkParameters, type RunningStatistics } from '../networks/index.js'
import { abs, grad, mul, sum, type Tensor1D, type Tensor2D } from '../tf.js'

/** Images B x d with the labels that the loss is taken of. */
export type GradientInput = {
  parameters: NetworkParameters
  running: RunningStatistics
  images: Tensor2D
  labels: Tensor1D
}

/**
 * Gradient of the cross entropy of every image with respect to the image, network in evaluation mode. The original takes the mean over
 * the batch; the factor cancels in every attack, and without it no batch changes a bit.
 *
 * @returns gradient B x d, and Σ_i |g_i| of each image (B): 0 where there is nothing to follow, NaN where numbers broke down
 *
 * Source: docs/SOURCES.md 6.
 */
export function lossGradient(
  { parameters, running, images, labels }: GradientInput,
  options: NetworkOptions,
): { gradient: Tensor2D; size: Tensor1D } {
  const gradient = grad((x) =>
    mul(crossEntropy(logitsOf(parameters, x as Tensor2D, running, options), labels), images.shape[0]),
  )(images) as Tensor2D
  return { gradient, size: sum(abs(gradient), 1) }
}
