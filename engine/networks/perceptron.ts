import { pow, relu, type Tensor2D } from '../tf.js'
import type { Network } from './network.js'

/**
 * Perceptron with one hidden layer and rectified powers, h = x Wᵀ, latent = max(h, 0)^n; all of it is trained.
 *
 * Source: docs/SOURCES.md 3.2 (labels BP, L2, JReg, SpecReg).
 */
export const perceptron: Network = {
  trainable: ['weights', 'dense', 'bias', 'scale', 'shift'],
  hiddenJacobian: ({ weights }) => weights as Tensor2D,
  latent: (hidden, { activationExponent }) => (activationExponent === 1 ? relu(hidden) : pow(relu(hidden), activationExponent)),
}
