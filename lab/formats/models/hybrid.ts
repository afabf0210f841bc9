import { tensorOf } from '../../../contract/index.js'
import { factsOf, type ModelForm } from './form.js'
import { layerParameters, readLayerParameters, weightColumns } from './layer.js'

/**
 * The classifier on a layer of local learning: `local_learning.W` (d x H), `dense.weight` (C x H), `dense.bias`, and a `pSet` that holds the layer's.
 *
 * Source: docs/SOURCES.md 3.1; the original's KHModel.
 */
export const hybrid: ModelForm = {
  toState: (record) => {
    const facts = factsOf(record, ['KHModel'])
    return [
      ['local_learning.W', weightColumns(record)],
      [
        'pSet',
        {
          kind: 'dict',
          entries: [
            ['no_classes', facts.classes],
            ['FKHL3_pSet', layerParameters(facts)],
          ],
        },
      ],
      ['dense.weight', { kind: 'tensor', shape: [facts.classes, facts.hiddenUnits], data: tensorOf(record, 'dense') }],
      ['dense.bias', { kind: 'tensor', shape: [facts.classes], data: tensorOf(record, 'bias') }],
    ]
  },
  fromState: (state) => {
    const parameters = readLayerParameters(state, 'FKHL3_pSet')
    const classes = state.number('no_classes')
    const { inputSize, hiddenUnits } = parameters
    return {
      facts: { type: 'KHModel', ...parameters, classes },
      tensors: {
        weights: state.matrixTransposed('local_learning.W', [inputSize, hiddenUnits]),
        dense: state.tensor('dense.weight', [classes, hiddenUnits]),
        bias: state.tensor('dense.bias', [classes]),
      },
    }
  },
}
