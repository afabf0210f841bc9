import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RegulariserSpec } from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import type { NetworkInputs } from '../../../engine/experiments/classifier/inputs.js'
import { testClassifier, type TestResult } from '../../../engine/experiments/classifier/testSet.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { randomProblem } from '../probes/probeGoldens.js'

const COUNT = 7

describe('a classifier on test images', () => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor('wasm')
  })
  afterAll(() => executor.dispose())

  const problem = randomProblem('perceptron', 3, 1, COUNT)
  const inputs: NetworkInputs = {
    kind: 'images',
    width: 48,
    count: COUNT,
    labels: problem.source.labels,
    close: () => undefined,
    rows: (indices) => {
      const rows = new Float32Array(indices.length * 48)
      indices.forEach((image, row) => problem.source.read(image, rows, row * 48))
      return rows
    },
  }
  const test = (bias: readonly number[], batchSize: number): Promise<TestResult> => {
    const {
      network: { parameters, options },
    } = problem
    return testClassifier({
      inputs,
      parameters: { ...parameters, bias: { data: Float32Array.from(bias), shape: [4] } } as never,
      running: {},
      network: options,
      training: false,
      classes: 4,
      batchSize,
      most: 0,
      executor,
      terms: [],
      termInputs: () => ({}),
    })
  }

  it.each([
    [NaN, 'NaN'],
    [Infinity, 'infinite'],
    [-Infinity, 'infinite'],
  ])('a logit of %d is no class 0', async (value, words) => {
    await expect(test([0, value, 0, 0], 3)).rejects.toMatchObject({
      code: 'run.notANumber',
      message: `a logit of test image 0 became ${words}`,
    })
  })
  it('terms that depend on the batch are weighted by its images, so that a shorter last batch counts less', async () => {
    const activity: RegulariserSpec = { kind: 'jacobian', strength: 1, estimator: 'corrected', projections: 1 }
    const inputsOf = (images: number) => ({
      normal: {
        data: Float32Array.from({ length: images * 20 }, (_, index) => Math.sin(index + images)),
        shape: [1, images, 20],
      },
    })
    const alone = async (from: number, to: number): Promise<number> => {
      const part: NetworkInputs = {
        ...inputs,
        count: to - from,
        rows: (indices) => inputs.rows(indices.map((index) => index + from)),
      }
      const {
        network: { parameters, options },
      } = problem
      const result = await testClassifier({
        inputs: part,
        parameters: parameters as never,
        running: {},
        network: options,
        training: false,
        classes: 4,
        batchSize: 100,
        most: 0,
        executor,
        terms: [{ spec: activity, index: 0, constant: null }],
        termInputs: (_, { images }) => inputsOf(images),
      })
      return result.penalties[0] ?? NaN
    }
    const {
      network: { parameters, options },
    } = problem
    const whole = await testClassifier({
      inputs,
      parameters: parameters as never,
      running: {},
      network: options,
      training: false,
      classes: 4,
      batchSize: 5,
      most: 0,
      executor,
      terms: [{ spec: activity, index: 0, constant: null }],
      termInputs: (_, { images }) => inputsOf(images),
    })
    const [first, second] = [await alone(0, 5), await alone(5, 7)]
    expect(first).not.toBeCloseTo(second, 3)
    expect(whole.penalties[0]).toBeCloseTo((5 * first + 2 * second) / 7, 4)
  })
})
