import type { AttackNorm } from '../../contract/index.js'
import type { NetworkOptions, NetworkParameters, RunningStatistics } from '../networks/index.js'
import { add, mul, type Scalar, type Tensor1D, type Tensor2D } from '../tf.js'
import { ascentDirection, projectToBall } from './ball.js'
import { lossGradient } from './lossGradient.js'

/** What a step of the attack takes: images B x d, where they began, labels, the signed step size, ε >= 0. */
export type PgdInput = {
  parameters: NetworkParameters
  running: RunningStatistics
  images: Tensor2D
  origin: Tensor2D
  labels: Tensor1D
  stepSize: Scalar
  epsilon: Scalar
}

/**
 * One step of projected gradient ascent:
 *
 *     x <- Π( x + α sign g )  in the maximum norm,   x <- Π( x + α g / ‖g‖_p )  in others,   g = ∇_x L(x, y)
 *
 * with Π the way back into the ball. The range of pixels is kept by the attack's end alone, as in the original. A negative step
 * descends towards a target.
 *
 * @returns images B x d, and Σ_i |g_i| of each image (B)
 *
 * Source: A. Madry et al., ICLR 2018; docs/SOURCES.md 6.
 */
export function pgdStep(
  input: PgdInput,
  { network, norm }: { network: NetworkOptions; norm: AttackNorm },
): { images: Tensor2D; size: Tensor1D } {
  const { images, origin, stepSize, epsilon } = input
  const { gradient, size } = lossGradient(
    { parameters: input.parameters, running: input.running, images, labels: input.labels },
    network,
  )
  return {
    images: projectToBall(
      add(images, mul(ascentDirection(gradient, norm), stepSize)) as Tensor2D,
      origin,
      epsilon,
      norm,
    ),
    size,
  }
}
