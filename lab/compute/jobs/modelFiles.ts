import type { LocalLearningSpec } from '../../../contract/index.js'
import { writeLayerFile, writeSafetensors } from '../../formats/index.js'
import type { ModelFiles } from '../jobTable.js'

const TYPE_NAMES = { fkhl3: 'FKHL3', khl3: 'KHL3' } as const satisfies Record<LocalLearningSpec['rule']['kind'], string>

/** A layer as it is saved: for the original's code, and as plain tensors. */
export function modelFiles({ spec, weights: { data, shape }, lastRate }: {
  spec: LocalLearningSpec
  weights: { data: Float32Array; shape: readonly [units: number, inputs: number] }
  lastRate: number
}): ModelFiles {
  const [hiddenUnits, inputSize] = shape
  const { activationExponent, lebesgueNorm, radius } = spec.layer
  const { rank, antiHebbianStrength, kind } = spec.rule
  const typeName = TYPE_NAMES[kind]
  return {
    pty: writeLayerFile({ typeName, weights: data, hiddenUnits, inputSize, activationExponent, lebesgueNorm, lastRate, rank, antiHebbianStrength, radius }),
    safetensors: writeSafetensors({ weights: { data, shape } }, {
      type: typeName, layout: 'units x inputs', activationExponent: String(activationExponent), lebesgueNorm: String(lebesgueNorm), lastRate: String(lastRate),
      rank: String(rank), antiHebbianStrength: String(antiHebbianStrength), radius: String(radius),
    }),
  }
}
