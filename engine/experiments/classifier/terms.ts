import type { ClassifierSpec, RegulariserSpec } from '../../../contract/index.js'
import type { Executor } from '../../executor/executor.js'
import { specsOf, type HostArray, type HostTree } from '../../executor/tree.js'
import type { NetworkOptions, NetworkParameters } from '../../networks/index.js'
import { isOfFirstLayer, regulariserTerm } from '../../regularisers/index.js'
import type { Scalar } from '../../tf.js'
import type { TrainMeasures } from '../../training/trainStep.js'

/** One penalty of a loss: its place in the spec, and its value where it cannot change. */
export interface LossTerm {
  spec: RegulariserSpec
  index: number
  constant: number | null
}

type TermInput = { parameters: NetworkParameters }
const termAlone = (
  { parameters }: TermInput,
  { network, regulariser }: { network: NetworkOptions; regulariser: RegulariserSpec },
): { value: Scalar } => ({
  value: regulariserTerm({ parameters, network, batch: 1, hidden: null, inputs: {} }, regulariser),
})

/**
 * The penalties of a spec; those that depend only on a frozen first layer are computed here, once.
 *
 * @param layerFrozen - whether training leaves the first layer as it is
 */
export async function lossTerms(
  { regularisers }: ClassifierSpec,
  layerFrozen: boolean,
  parameters: HostTree<NetworkParameters>,
  network: NetworkOptions,
  executor: Executor,
): Promise<LossTerm[]> {
  const terms: LossTerm[] = []
  for (const [index, spec] of regularisers.entries()) {
    let constant: number | null = null
    if (layerFrozen && isOfFirstLayer(spec)) {
      const input = { parameters } as unknown as HostTree<TermInput>
      const program = await executor.compile(termAlone, specsOf<TermInput>(input), { network, regulariser: spec })
      constant = (await program.run(input)).value.data[0] ?? NaN
    }
    terms.push({ spec, index, constant })
  }
  return terms
}

/** The measures of a step over the moving terms, with the constant ones put back in their places. */
export function withConstants(measures: HostTree<TrainMeasures>, terms: readonly LossTerm[]): HostTree<TrainMeasures> {
  if (terms.every(({ constant }) => constant === null)) return measures
  const scalar = (value: number): HostArray => ({ data: Float32Array.of(value), shape: [] })
  let moving = 0
  const penalties = Object.fromEntries(
    terms.map(({ index, constant }): [string, HostArray] => [
      `penalty${index}`,
      constant === null ? (measures.penalties[`penalty${moving++}`] as HostArray) : scalar(constant),
    ]),
  )
  const added = terms.reduce((sum, { spec, constant }) => sum + (constant === null ? 0 : spec.strength * constant), 0)
  return { ...measures, loss: scalar((measures.loss.data[0] ?? NaN) + added), penalties }
}
