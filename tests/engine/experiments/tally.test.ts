import { describe, expect, it } from 'vitest'
import { classifierSpec, type ClassifierSpec } from '../../../contract/index.js'
import {
  addClassifierStep,
  classifierMeasures,
  classifierTallyFrom,
  emptyClassifierTally,
} from '../../../engine/experiments/classifier/tally.js'
import preset from '../../../resources/presets/cifar10-l2.json'

const spec: ClassifierSpec = classifierSpec.parse(preset.spec)
const scalar = (value: number) => ({ data: Float32Array.of(value), shape: [] })
const measures = (
  changes: Partial<Record<'loss' | 'crossEntropy' | 'gradientSquare' | 'correct' | 'penalty', number>> = {},
) => {
  const { loss = 3, crossEntropy = 1, gradientSquare = 4, correct = 1, penalty = 2 } = changes
  return {
    loss: scalar(loss),
    crossEntropy: scalar(crossEntropy),
    gradientSquare: scalar(gradientSquare),
    correct: scalar(correct),
    penalties: { penalty0: scalar(penalty) },
  } as unknown as Parameters<typeof addClassifierStep>[1]
}
const AT = { epoch: 1, step: 4, rate: 0.01 }

describe('measures of an epoch', () => {
  it('are means over images, as the accuracy is, also where the last batch is shorter', () => {
    const tally = emptyClassifierTally(1)
    addClassifierStep(
      tally,
      measures({ loss: 3, crossEntropy: 1, penalty: 2, correct: 60, gradientSquare: 9 }),
      90,
      spec,
      AT,
    )
    addClassifierStep(
      tally,
      measures({ loss: 13, crossEntropy: 11, penalty: 12, correct: 0, gradientSquare: 1 }),
      10,
      spec,
      AT,
    )
    const reported = Object.fromEntries(classifierMeasures(tally, spec, 0.01))
    expect(reported).toMatchObject({ loss: 4, crossEntropy: 2, penalty1: 3, trainAccuracy: 0.6, gradientNorm: 2 })
  })
  it('of a checkpoint of an older program go on weighted', () => {
    const old = { steps: 3, images: 300, loss: 9, crossEntropy: 6, correct: 30, gradientNorm: 3, penalties: [12] }
    const tally = classifierTallyFrom(old, 1)
    expect(tally).toEqual({ ...old, weighting: 'images', loss: 900, crossEntropy: 600, penalties: [1200] })
    expect(classifierTallyFrom(tally, 1)).toEqual(tally)
    expect(classifierTallyFrom({ ...old, penalties: [] }, 1)).toBeNull()
  })
  it.each([
    ['crossEntropy', NaN, 'the cross entropy became NaN'],
    ['crossEntropy', Infinity, 'the cross entropy became infinite'],
    ['penalty', NaN, 'penalty 1 (lebesgue) became NaN'],
    ['penalty', -Infinity, 'penalty 1 (lebesgue) became infinite'],
    ['loss', Infinity, 'the loss became infinite'],
    ['gradientSquare', NaN, 'the gradient became NaN'],
    ['gradientSquare', Infinity, 'the gradient became infinite'],
  ] as const)('%s of %d is named by its own value', (name, value, words) => {
    expect(() => addClassifierStep(emptyClassifierTally(1), measures({ [name]: value }), 10, spec, AT)).toThrow(
      `${words} in step 4 of epoch 1 at a learning rate of 0.0100`,
    )
  })
})
