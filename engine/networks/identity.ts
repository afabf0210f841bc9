import { LabError } from '../../contract/index.js'
import type { Network } from './network.js'

/**
 * No hidden layer: hidden = latent = x. With a classifier on top it is multinomial regression; its hidden spectrum is that of the data.
 *
 * Source: docs/SOURCES.md 3.4.
 */
export const identity: Network = {
  trainable: ['dense', 'bias'],
  hidden: (_parameters, images) => images,
  hiddenJacobian: () => {
    throw new LabError('value.range', 'the identity model has no hidden layer; its Jacobian is the identity matrix')
  },
  latent: (hidden) => hidden,
}
