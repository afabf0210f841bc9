import {
  LabError,
  NETWORKS,
  tensorOf,
  tensorShapes,
  type ClassifierType,
  type ModelRecord,
  type ModelTensorName,
  type ModelTensors,
  type NetworkKind,
} from '../../contract/index.js'
import type { HostArray } from '../../engine/executor/tree.js'
import type { NetworkOptions } from '../../engine/networks/index.js'

/** A model as the engine computes with it. */
export interface NetworkModel {
  network: NetworkOptions
  /** `weights`, `dense`, `bias`, and with batch norm `scale` and `shift`. */
  parameters: Record<string, HostArray>
  /** `mean` and `variance` of batch norm; empty without it. */
  running: Record<string, HostArray>
  inputSize: number
  classes: number
}

/** The network that is stored as a type. @throws LabError `internal` */
function kindOf(type: ClassifierType): NetworkKind {
  const found = NETWORKS.find((network) => network.type === type)
  if (found === undefined) throw new LabError('internal', `no network is stored as ${type}`)
  return found.kind
}

const RUNNING: readonly ModelTensorName[] = ['mean', 'variance']

/**
 * The network of a model.
 *
 * @throws LabError `model.foreign` for a layer, which has no classes; `value.range` for a tanh perceptron with a power that is not whole; `shape.mismatch`
 */
export function networkOfModel(record: ModelRecord): NetworkModel {
  const { facts } = record
  if (facts.type === 'FKHL3' || facts.type === 'KHL3')
    throw new LabError(
      'model.foreign',
      `expected a classifier, got a layer of type ${facts.type}; train a classifier on this layer first`,
      { type: facts.type },
    )
  if (facts.type === 'SHLP_tanh' && !Number.isInteger(facts.activationExponent))
    throw new LabError(
      'value.range',
      `expected a whole activation exponent for tanh (its values can be negative), got ${facts.activationExponent}`,
    )
  // The classifier of a linear model is all that it has.
  const named = (name: ModelTensorName): ModelTensorName =>
    facts.type === 'Linear' && name === 'weights' ? 'dense' : name
  const arrays = [...tensorShapes(facts)].map(([name, shape]): [ModelTensorName, HostArray] => [
    named(name),
    { data: tensorOf(record, name), shape },
  ])
  return {
    network: {
      kind: kindOf(facts.type),
      activationExponent: 'activationExponent' in facts ? facts.activationExponent : 1,
      batchNorm: 'batchNorm' in facts && facts.batchNorm,
      lebesgueNorm: 'lebesgueNorm' in facts ? facts.lebesgueNorm : 1,
    },
    parameters: Object.fromEntries(arrays.filter(([name]) => !RUNNING.includes(name))),
    running: Object.fromEntries(arrays.filter(([name]) => RUNNING.includes(name))),
    inputSize: facts.inputSize,
    classes: facts.classes,
  }
}

/**
 * A model from the numbers of its network: the way back.
 *
 * @param facts - what the numbers alone do not show
 * @throws LabError `shape.mismatch` when an array that the facts promise is not there
 */
export function modelOfNetwork(
  facts: ModelRecord['facts'],
  { parameters, running }: Pick<NetworkModel, 'parameters' | 'running'>,
): ModelRecord {
  const tensors = Object.fromEntries(
    Object.entries({ ...parameters, ...running }).map(([name, { data }]) => [name, Float32Array.from(data)]),
  ) as unknown as ModelTensors
  const record = { facts, tensors }
  for (const name of tensorShapes(facts).keys()) tensorOf(record, name)
  return record
}
