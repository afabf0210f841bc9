import { tensorOf } from '../../../contract/index.js'
import { factsOf, type ModelForm } from './form.js'

/**
 * A linear classifier on the images, ours: `weight` (C x d) and `bias` as in torch.nn.Linear, and `pSet`. The original's identity model has no classifier.
 *
 * Source: docs/SOURCES.md 3.4.
 */
export const linear: ModelForm = {
  toState: (record) => {
    const { inputSize, classes } = factsOf(record, ['Linear'])
    return [
      ['weight', { kind: 'tensor', shape: [classes, inputSize], data: tensorOf(record, 'weights') }],
      ['bias', { kind: 'tensor', shape: [classes], data: tensorOf(record, 'bias') }],
      [
        'pSet',
        {
          kind: 'dict',
          entries: [
            ['in_size', inputSize],
            ['no_classes', classes],
          ],
        },
      ],
    ]
  },
  fromState: (state) => {
    const [inputSize, classes] = [state.number('in_size'), state.number('no_classes')]
    return {
      facts: { type: 'Linear', inputSize, hiddenUnits: classes, classes },
      tensors: { weights: state.tensor('weight', [classes, inputSize]), bias: state.tensor('bias', [classes]) },
    }
  },
}
