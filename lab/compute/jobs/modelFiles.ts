import type { LocalLearningSpec } from '../../../contract/index.js'
import { writeModelFiles } from '../../formats/index.js'
import type { ModelFiles } from '../jobTable.js'

const TYPES = { fkhl3: 'FKHL3', khl3: 'KHL3' } as const satisfies Record<LocalLearningSpec['rule']['kind'], string>

/** A layer as it is saved: for the original's code, and as plain tensors. The original overwrites τ with one over the rate of each epoch that learns. */
export function modelFiles({ spec, weights: { data, shape }, lastRate }: {
  spec: LocalLearningSpec
  weights: { data: Float32Array; shape: readonly [units: number, inputs: number] }
  lastRate: number
}): ModelFiles {
  const [hiddenUnits, inputSize] = shape
  const { activationExponent, lebesgueNorm, radius } = spec.layer
  const { rank, antiHebbianStrength, kind } = spec.rule
  return writeModelFiles({
    facts: { type: TYPES[kind], inputSize, hiddenUnits, activationExponent, lebesgueNorm, inverseLearningRate: 1 / lastRate, rank, antiHebbianStrength, radius },
    tensors: { weights: data },
  })
}
