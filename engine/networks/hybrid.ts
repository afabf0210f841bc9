import type { Tensor2D } from '../tf.js'
import { metricWeights, overlap } from './localLearningLayer.js'
import type { Network } from './network.js'
import { perceptron } from './perceptron.js'

/**
 * A layer of local learning that stays as it is, with a classifier on top: h = x Gᵀ with G = sign(W)|W|^(p-1), latent = max(h, 0)^n.
 *
 * Source: docs/SOURCES.md 3.1 (label KH).
 */
export const hybrid: Network = {
  trainable: ['dense', 'bias', 'scale', 'shift'],
  hidden: ({ weights }, images, { lebesgueNorm }) => overlap(images, weights as Tensor2D, lebesgueNorm),
  hiddenJacobian: ({ weights }, { lebesgueNorm }) => metricWeights(weights as Tensor2D, lebesgueNorm),
  latent: perceptron.latent,
}
