import { tensorOf, type FactsOf, type ModelRecord } from '../../../contract/index.js'
import { float, type PickledDictionary, type PickledTensor } from '../pickle.js'
import { factsOf, inputsByUnits, type ModelForm } from './form.js'
import type { State } from './state.js'

type LayerFacts = Omit<FactsOf<'FKHL3'>, 'type'>

/** The original's parameter set of a layer. */
export function layerParameters(facts: LayerFacts): PickledDictionary {
  return {
    kind: 'dict',
    entries: [
      ['in_size', facts.inputSize],
      ['hidden_size', facts.hiddenUnits],
      ['n', float(facts.activationExponent)],
      ['p', float(facts.lebesgueNorm)],
      ['tau_l', float(facts.inverseLearningRate)],
      ['k', facts.rank],
      ['Delta', float(facts.antiHebbianStrength)],
      ['R', float(facts.radius)],
    ],
  }
}

/** @param inside - the dictionary within `pSet` that holds them, if not itself */
export function readLayerParameters(state: State, inside?: string): LayerFacts {
  const number = (name: string): number => state.number(name, inside)
  return {
    inputSize: number('in_size'),
    hiddenUnits: number('hidden_size'),
    activationExponent: number('n'),
    lebesgueNorm: number('p'),
    inverseLearningRate: number('tau_l'),
    rank: number('k'),
    antiHebbianStrength: number('Delta'),
    radius: number('R'),
  }
}

/** The first layer as the original stores it, inputs x units. */
export function weightColumns(record: ModelRecord): PickledTensor {
  const { hiddenUnits, inputSize } = record.facts
  return {
    kind: 'tensor',
    shape: [inputSize, hiddenUnits],
    data: inputsByUnits(tensorOf(record, 'weights'), hiddenUnits, inputSize),
  }
}

/**
 * A local learning layer: `W` (d x H) and `pSet`.
 *
 * Source: docs/SOURCES.md 2.9; the original's KHL3 and FKHL3.
 */
export const layer: ModelForm = {
  toState: (record) => [
    ['W', weightColumns(record)],
    ['pSet', layerParameters(factsOf(record, ['FKHL3', 'KHL3']))],
  ],
  fromState: (state) => {
    const parameters = readLayerParameters(state)
    return {
      facts: { type: state.type === 'KHL3' ? 'KHL3' : 'FKHL3', ...parameters },
      tensors: { weights: state.matrixTransposed('W', [parameters.inputSize, parameters.hiddenUnits]) },
    }
  },
}
