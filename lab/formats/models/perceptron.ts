import { LabError, tensorOf, type ModelTensorName } from '../../../contract/index.js'
import { float, type PickledTensor, type PickleValue } from '../pickle.js'
import { factsOf, type ModelForm } from './form.js'
import { weightColumns } from './layer.js'

/** Batch norm comes first in the original's sequence and moves the dense layer from place 0 to 1. */
const NORM = [
  ['scale', 'dense.0.weight'],
  ['shift', 'dense.0.bias'],
  ['mean', 'dense.0.running_mean'],
  ['variance', 'dense.0.running_var'],
] as const
const BATCHES = 'dense.0.num_batches_tracked'

/**
 * The perceptrons: `W` (d x H), `dense.0` or, behind batch norm, `dense.1`, and `pSet`.
 *
 * Source: docs/SOURCES.md 3.2 and 3.3; the original's SHLP and SHLP_tanh.
 */
export const perceptron: ModelForm = {
  toState: (record) => {
    const facts = factsOf(record, ['SHLP', 'SHLP_tanh'])
    const { hiddenUnits, classes, batchNorm } = facts
    const vector = (name: ModelTensorName): PickledTensor => ({
      kind: 'tensor',
      shape: [hiddenUnits],
      data: tensorOf(record, name),
    })
    const norm = batchNorm ? NORM.map(([name, key]): [string, PickleValue] => [key, vector(name)]) : []
    const batches: [string, PickleValue][] = batchNorm
      ? [[BATCHES, { kind: 'tensor', shape: [], data: BigInt64Array.of(BigInt(facts.batchesSeen)) }]]
      : []
    const place = batchNorm ? 'dense.1' : 'dense.0'
    return [
      ['W', weightColumns(record)],
      ...norm,
      ...batches,
      [`${place}.weight`, { kind: 'tensor', shape: [classes, hiddenUnits], data: tensorOf(record, 'dense') }],
      [`${place}.bias`, { kind: 'tensor', shape: [classes], data: tensorOf(record, 'bias') }],
      [
        'pSet',
        {
          kind: 'dict',
          entries: [
            ['in_size', facts.inputSize],
            ['hidden_size', hiddenUnits],
            ['n', float(facts.activationExponent)],
            ['no_classes', classes],
            ['batch_norm', batchNorm],
          ],
        },
      ],
    ]
  },
  fromState: (state) => {
    const batchNorm = state.flag('batch_norm')
    const [inputSize, hiddenUnits, classes] = [
      state.number('in_size'),
      state.number('hidden_size'),
      state.number('no_classes'),
    ]
    const missing = batchNorm ? [...NORM.map(([, key]) => key), BATCHES].filter((key) => !state.has(key)) : []
    if (missing.length > 0)
      throw new LabError(
        'model.foreign',
        `expected batch norm statistics, because batch_norm is set in pSet; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
        { entry: missing[0] ?? '' },
      )
    const place = batchNorm ? 'dense.1' : 'dense.0'
    return {
      facts: {
        type: state.type === 'SHLP_tanh' ? 'SHLP_tanh' : 'SHLP',
        inputSize,
        hiddenUnits,
        classes,
        activationExponent: state.number('n'),
        batchNorm,
        batchesSeen: batchNorm ? state.count(BATCHES) : 0,
      },
      tensors: {
        weights: state.matrixTransposed('W', [inputSize, hiddenUnits]),
        dense: state.tensor(`${place}.weight`, [classes, hiddenUnits]),
        bias: state.tensor(`${place}.bias`, [classes]),
        ...Object.fromEntries(batchNorm ? NORM.map(([name, key]) => [name, state.tensor(key, [hiddenUnits])]) : []),
      },
    }
  },
}
