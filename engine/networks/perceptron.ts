import { matMul, pow, relu, transpose, type Tensor2D } from '../tf.js'
import type { Network } from './network.js'

/**
 * Perceptron with one hidden layer and rectified powers, h = x Wᵀ, latent = max(h, 0)^n; all of it is trained.
 *
 * Source: docs/SOURCES.md 3.2 (labels BP, L2, JReg, SpecReg).
 */
export const perceptron: Network = {
  trainable: ['weights', 'dense', 'bias', 'scale', 'shift'],
  // An explicit transpose: tfjs-wasm multiplies by a transposed operand tens of times slower, and compiled programs fold it away.
  hidden: ({ weights }, images) => matMul(images, transpose(weights as Tensor2D)),
  hiddenJacobian: ({ weights }) => weights as Tensor2D,
  latent: (hidden, { activationExponent }) =>
    activationExponent === 1 ? relu(hidden) : pow(relu(hidden), activationExponent),
}
