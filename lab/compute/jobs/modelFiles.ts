import {
  LabError,
  networkDefinition,
  storedRule,
  type LocalLearningSpec,
  type ModelRecord,
  type ModelTensors,
} from '../../../contract/index.js'
import type { FinishedClassifier, NamedTensors } from '../../../engine/experiments/events.js'
import { writeModelFiles } from '../../formats/index.js'
import type { ModelFiles } from '../jobTable.js'

/** A layer as it is saved: for the original's code, and as plain tensors. The original overwrites τ with one over the rate of each epoch that learns. */
export function modelFiles({
  spec,
  weights: { data, shape },
  lastRate,
}: {
  spec: LocalLearningSpec
  weights: { data: Float32Array; shape: readonly [units: number, inputs: number] }
  lastRate: number
}): ModelFiles {
  const [hiddenUnits, inputSize] = shape
  const { activationExponent, lebesgueNorm, radius } = spec.layer
  const { type, rank, antiHebbianStrength } = storedRule(spec.rule)
  return writeModelFiles({
    facts: {
      type,
      inputSize,
      hiddenUnits,
      activationExponent,
      lebesgueNorm,
      inverseLearningRate: 1 / lastRate,
      rank,
      antiHebbianStrength,
      radius,
    },
    tensors: { weights: data },
  })
}

/** A trained classifier as it is saved: a hybrid carries the facts of its layer. */
export function classifierFiles({
  network,
  parameters,
  running,
  batches,
  layer,
}: Pick<FinishedClassifier, 'network' | 'parameters' | 'running' | 'batches'> & {
  layer: ModelRecord | null
}): ModelFiles {
  const { kind, activationExponent, batchNorm } = network
  const { type } = networkDefinition(kind)
  const numbers = Object.fromEntries(
    Object.entries({ ...parameters, ...running } satisfies NamedTensors).map(([name, { data }]) => [name, data]),
  )
  const tensors = numbers as unknown as ModelTensors
  const [classes = 0, hiddenUnits = 0] = parameters['dense']?.shape ?? []
  if (type === 'Linear')
    return writeModelFiles({
      facts: { type, inputSize: hiddenUnits, hiddenUnits: classes, classes },
      tensors: {
        weights: numbers['dense'] ?? new Float32Array(0),
        ...(numbers['bias'] === undefined ? {} : { bias: numbers['bias'] }),
      },
    })
  const inputSize = parameters['weights']?.shape[1] ?? 0
  if (type !== 'KHModel')
    return writeModelFiles({
      facts: {
        type,
        inputSize,
        hiddenUnits,
        classes,
        activationExponent,
        batchNorm,
        batchesSeen: batchNorm ? batches : 0,
      },
      tensors,
    })
  const facts = layer?.facts
  if (facts?.type !== 'FKHL3' && facts?.type !== 'KHL3')
    throw new LabError('internal', 'the layer of a hybrid model is missing')
  return writeModelFiles({ facts: { ...facts, type, activationExponent, classes }, tensors })
}
