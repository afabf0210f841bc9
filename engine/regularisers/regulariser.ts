import type { NetworkOptions, NetworkParameters } from '../networks/index.js'
import type { Scalar, Tensor3D } from '../tf.js'

/** Which penalty, with its numbers. */
export type RegulariserOptions =
  | { kind: 'lebesgue'; strength: number; lebesgueNorm: number }
  | { kind: 'jacobian'; strength: number; projections: number; estimator: 'faithful' | 'corrected' }

/** What a penalty is computed from. */
export interface RegulariserInput {
  parameters: NetworkParameters
  network: NetworkOptions
  /** Images of the batch. */
  batch: number
  /** Standard normal numbers, P x B x H; made outside, since a compiled function draws none. */
  draws: Tensor3D | null
}

/** A penalty on a network: the term without its strength. */
export interface Regulariser<Options extends RegulariserOptions> {
  term(input: RegulariserInput, options: Options): Scalar
}
