import type { RegulariserKind, RegulariserSpec } from '../../contract/index.js'
import type { RandomStream } from '../random/index.js'
import type { Scalar } from '../tf.js'
import * as members from './members.js'
import type { EpochView, HostInputs, RegulariserCode, RegulariserInput } from './regulariser.js'

export type * from './regulariser.js'

/** The code of every penalty; one without code does not compile. */
export const REGULARISER_CODE = members satisfies {
  [Kind in RegulariserKind]: RegulariserCode<Extract<RegulariserSpec, { kind: Kind }>>
}

/** The code of a penalty; the table above has checked that kind and code belong together. */
const codeOf = (spec: RegulariserSpec): RegulariserCode<RegulariserSpec> =>
  REGULARISER_CODE[spec.kind] as RegulariserCode<RegulariserSpec>

/** The term of one penalty, without its strength. */
export const regulariserTerm = (input: RegulariserInput, spec: RegulariserSpec): Scalar =>
  codeOf(spec).term(input, spec)

/** Whether a penalty needs the pre-activations. */
export const needsHidden = (spec: RegulariserSpec): boolean => codeOf(spec).needsHidden

/** Whether a penalty is a constant when the first layer is frozen. */
export const isOfFirstLayer = (spec: RegulariserSpec): boolean => codeOf(spec).ofFirstLayer?.(spec) ?? false

/** The random numbers of one step; none for most penalties. */
export const drawTerm = (
  spec: RegulariserSpec,
  size: { batch: number; hiddenUnits: number },
  random: RandomStream,
): HostInputs => codeOf(spec).draw?.(spec, size, random) ?? {}

/** The tensors of an epoch; none for most penalties. */
export const prepareTerm = async (spec: RegulariserSpec, view: EpochView): Promise<HostInputs> =>
  codeOf(spec).prepare?.(spec, view) ?? {}
