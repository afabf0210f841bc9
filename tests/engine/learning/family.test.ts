import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  describeLearningRule,
  fieldMeta,
  LEARNING_RULES,
  learningRuleFaults,
  learningRuleSpec,
  learningRuleWarnings,
  learningSteps,
  modelFacts,
  storedRule,
  type LearningRuleSpec,
} from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { createLayerProgram } from '../../../engine/learning/createLayerProgram.js'
import type { LayerProgramOptions } from '../../../engine/learning/layerProgram.js'
import { randomStream } from '../../../engine/random/index.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'

const [UNITS, INPUTS, BATCH] = [6, 10, 8]
const PLACE = { hiddenUnits: UNITS, epochs: 1 }
const LAYER = { hiddenUnits: UNITS, inputSize: INPUTS, lebesgueNorm: 3, radius: 1 }

function normal(length: number, name: string): Float32Array {
  const values = new Float32Array(length)
  randomStream(3, name).fillNormal(values, 0.3)
  return values
}

/** Weights and winners after three steps. */
async function learnt(
  executor: Executor,
  rule: LearningRuleSpec,
): Promise<{ weights: Float32Array; winners: number[] }> {
  const options: LayerProgramOptions = { ...LAYER, rule, weights: normal(UNITS * INPUTS, 'weights') }
  const program = await createLayerProgram(executor, options)
  const winners: number[] = []
  for (let step = 0; step < 3; step++)
    winners.push(...(await program.step(normal(BATCH * INPUTS, `images ${step}`).map(Math.abs), 0.05)).winners)
  const weights = await program.weights()
  await program.dispose()
  return { weights, winners }
}

describe.each(LEARNING_RULES.map((rule) => [rule.kind, rule] as const))('the learning rule %s', (kind, rule) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor('wasm')
  })
  afterAll(() => executor.dispose())

  it('has first settings that its schema takes, and no others', () => {
    expect(learningRuleSpec.parse(rule.first)).toEqual(rule.first)
    expect(Object.keys(rule.first).sort()).toEqual(['kind', ...Object.keys(rule.settings)].sort())
    expect(() => learningRuleSpec.parse({ ...rule.first, another: 1 })).toThrow('another')
  })
  it('labels every setting, and has words of its own', () => {
    for (const [key, schema] of Object.entries(rule.settings))
      expect(fieldMeta(schema), `${kind}.${key}`).toMatchObject({
        label: expect.any(String),
        help: expect.stringMatching(/\.$/),
      })
    for (const word of ['label', 'title', 'summary', 'note'] as const)
      expect(LEARNING_RULES.filter((other) => other[word] === rule[word])).toHaveLength(1)
    expect(describeLearningRule(rule.first, String)).toContain(kind)
  })
  it('can train a layer as it is, without a remark, and its layer can be stored', () => {
    expect([learningRuleFaults(rule.first, PLACE), learningRuleWarnings(rule.first, PLACE)]).toEqual([[], []])
    const sizes = { inputSize: INPUTS, hiddenUnits: UNITS, activationExponent: 1, lebesgueNorm: 3, radius: 1 }
    const facts = { ...storedRule(rule.first), ...sizes, inverseLearningRate: 20 }
    expect(modelFacts.parse(facts)).toEqual(facts)
  })
  it('takes one step for a batch, or one for each of its images', () => {
    expect(learningSteps(rule.first, 100, 30)).toBe(rule.sequential ? 100 : 4)
  })
  it('changes the weights, names units as winners, and gives the same bytes twice', async () => {
    const [first, second] = [await learnt(executor, rule.first), await learnt(executor, rule.first)]
    expect(second).toEqual(first)
    expect(first.weights).not.toEqual(normal(UNITS * INPUTS, 'weights'))
    expect(first.weights.every(Number.isFinite)).toBe(true)
    expect(first.winners).toHaveLength(3 * BATCH)
    expect(first.winners.every((unit) => Number.isInteger(unit) && unit >= 0 && unit < UNITS)).toBe(true)
  })
  it('takes the images of a batch one after the other only where it says so', async () => {
    const images = normal(2 * INPUTS, 'pair').map(Math.abs)
    const weights = normal(UNITS * INPUTS, 'weights')
    const after = async (batches: readonly Float32Array[]): Promise<Float32Array> => {
      const program = await createLayerProgram(executor, { ...LAYER, rule: rule.first, weights })
      for (const batch of batches) await program.step(batch, 0.05)
      return program.weights()
    }
    const together = await after([images])
    const apart = await after([images.subarray(0, INPUTS), images.subarray(INPUTS)])
    const distance = Math.max(...together.map((value, index) => Math.abs(value - (apart[index] ?? NaN))))
    expect(distance < 1e-6).toBe(rule.sequential)
  })
})
