import type { RegulariserSpec } from '../../contract/index.js'
import type { Executor } from '../executor/executor.js'
import type { HostArray } from '../executor/tree.js'
import type { NetworkOptions, NetworkParameters } from '../networks/index.js'
import type { RandomStream } from '../random/index.js'
import type { Scalar, Tensor, Tensor2D } from '../tf.js'

/** Tensors that a penalty takes besides the network, by name. */
export type TermInputs = { readonly [name: string]: Tensor }

/** The same as plain numbers. */
export type HostInputs = Record<string, HostArray>

/** What a penalty is computed from. */
export interface RegulariserInput {
  parameters: NetworkParameters
  network: NetworkOptions
  /** Images of the batch. */
  batch: number
  /** Pre-activation, B x H; null where the network receives its latent activations, since its first layer is frozen. */
  hidden: Tensor2D | null
  inputs: TermInputs
}

/** What the start of an epoch can look at: the training images as the network sees them in inference. */
export interface EpochView {
  /** Batches of the epoch, in its order. */
  batches: number
  images: number
  hiddenUnits: number
  /** Pre-activations of a batch, B x H, row by row. */
  hidden(batch: number): Promise<Float32Array>
  /** Mean over all entries of the first batch's images, normalised. */
  inputMean(): number
  executor: Pick<Executor, 'multiply64'>
}

/** The mathematics of a penalty; what it says of itself is its definition in `contract/regularisers`. */
export interface RegulariserCode<Spec extends RegulariserSpec> {
  /** The term without its strength; a pure function. */
  term(input: RegulariserInput, spec: Spec): Scalar
  /** Whether the term needs the pre-activations, so that the first layer must be computed even where it is frozen. */
  needsHidden: boolean
  /** Whether the term follows from the first layer alone, without images and random numbers: where that layer is frozen it is a constant. */
  ofFirstLayer?(spec: Spec): boolean
  /** Random numbers of one step; made outside, since a compiled function draws none. */
  draw?(spec: Spec, size: { batch: number; hiddenUnits: number }, random: RandomStream): HostInputs
  /** Tensors that stay the same for an epoch, from the network before the first step; only where the definition says `preparesEpoch`. */
  prepare?(spec: Spec, view: EpochView): Promise<HostInputs>
}
