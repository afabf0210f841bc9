import { pow, tanh } from '../tf.js'
import { perceptron } from './perceptron.js'
import type { Network } from './network.js'

/**
 * The perceptron with tanh in place of the rectifier, latent = tanh(h)^n; n is a whole number, since a negative base has no other powers.
 *
 * Source: docs/SOURCES.md 3.3.
 */
export const tanhPerceptron: Network = {
  ...perceptron,
  latent: (hidden, { activationExponent }) =>
    activationExponent === 1 ? tanh(hidden) : pow(tanh(hidden), activationExponent),
}
