import { crossEntropy } from '../losses/crossEntropy.js'
import { logitsOf, type NetworkOptions, type NetworkParameters, type RunningStatistics } from '../networks/index.js'
import { add, clipByValue, grad, maximum, minimum, mul, sign, sub, type Scalar, type Tensor1D, type Tensor2D } from '../tf.js'

/** What a step of the attack takes: images B x d in [0, 1], where they began, their labels, step size and ε >= 0. */
export type PgdInput = { parameters: NetworkParameters; running: RunningStatistics; images: Tensor2D; origin: Tensor2D; labels: Tensor1D; stepSize: Scalar; epsilon: Scalar }

/**
 * One step of projected gradient ascent in the maximum norm:
 *
 *     x <- clip_[0,1]( clip_[x0 - ε, x0 + ε]( x + α sign ∇_x L(x, y) ) )
 *
 * Source: A. Madry et al., ICLR 2018; docs/SOURCES.md 6.2.
 */
export function pgdStep(input: PgdInput, options: NetworkOptions): { images: Tensor2D } {
  const { parameters, running, images, origin, labels, stepSize, epsilon } = input
  const ascent = grad((x) => crossEntropy(logitsOf(parameters, x as Tensor2D, running, options), labels))(images)
  const moved = add(images, mul(sign(ascent), stepSize))
  return { images: clipByValue(minimum(maximum(moved, sub(origin, epsilon)), add(origin, epsilon)), 0, 1) as Tensor2D }
}
