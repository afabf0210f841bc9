import type { NetworkKind } from '../../contract/index.js'
import type { Tensor, Tensor2D } from '../tf.js'

/**
 * Parameters of a network by name: `weights` (H x d), `dense` (C x H), `bias` (C), and with batch norm `scale` and `shift` (H).
 * The identity has no `weights`; its `dense` is C x d.
 */
export type NetworkParameters = Readonly<Record<string, Tensor>>

/** Running statistics of batch norm, `mean` and `variance` (H); empty without it. */
export type RunningStatistics = Readonly<Record<string, Tensor>>

/** Which network, and its fixed numbers. */
export interface NetworkOptions {
  kind: NetworkKind
  /** n, the power of the activation, > 0. */
  activationExponent: number
  /** Normalises the latent activations over the batch. */
  batchNorm: boolean
  /** p of the hybrid's local-learning layer, >= 1; the others do not read it. */
  lebesgueNorm: number
}

/** What differs between the networks with one hidden layer. */
export interface Network {
  /** Names of the parameters that training changes. */
  readonly trainable: readonly string[]
  /** Pre-activations, B x H. */
  hidden(parameters: NetworkParameters, images: Tensor2D, options: NetworkOptions): Tensor2D
  /** The matrix G of h = x Gᵀ, H x d: the Jacobian of the hidden layer, which is linear in the image. @throws LabError `value.range` for the identity, whose Jacobian is 1 */
  hiddenJacobian(parameters: NetworkParameters, options: NetworkOptions): Tensor2D
  /** Activations of the hidden layer, entry by entry. */
  latent(hidden: Tensor2D, options: NetworkOptions): Tensor2D
}
