import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExecutorName, LearningRuleKind } from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { fkhl3Step } from '../../../engine/learning/fkhl3.js'
import type { RuleParameters } from '../../../engine/learning/rule.js'
import type { LayerProgramOptions } from '../../../engine/learning/layerProgram.js'
import { learningRateOf } from '../../../contract/schedule.js'
import { overlap } from '../../../engine/networks/localLearningLayer.js'
import { randomStream } from '../../../engine/random/index.js'
import type { Tensor2D } from '../../../engine/tf.js'
import { createExecutor } from '../../../lab/compute/executors/index.js'
import { presentExecutors } from '../../presentExecutors.js'
import { expectClose, float32Of, goldenFile, unitsByInputs, type GoldenArray } from '../../goldenFiles.js'

interface GoldenParameters {
  in_size: number
  hidden_size: number
  p: number
  tau_l: number
  k: number
  Delta: number
  R: number
}
interface GoldenStep {
  x: GoldenArray
  h: GoldenArray
  W_after: GoldenArray
  nc: number
}
interface StepFile {
  cases: { params: GoldenParameters; W0: GoldenArray; steps: GoldenStep[] }[]
  zero_batch: { W0: GoldenArray; x: GoldenArray; W_after: GoldenArray }
}
interface ForwardFile {
  params: GoldenParameters
  cases: { x: GoldenArray; W: GoldenArray; hidden: GoldenArray }[]
}
interface ScheduleFile {
  layer_epochs: number[]
  layer_rate_cifar10: number[]
  layer_rate_mnist: number[]
}
interface LoopFile {
  params: GoldenParameters
  base_rate: number
  no_epochs: number
  batch_size: number
  x: GoldenArray
  W0: GoldenArray
  W_after_epoch: GoldenArray[]
}

function optionsOf(parameters: GoldenParameters, weights: Float32Array, kind: LearningRuleKind): LayerProgramOptions {
  return {
    rule: { kind, rank: parameters.k, antiHebbianStrength: parameters.Delta, precision: 1e-9 },
    hiddenUnits: parameters.hidden_size,
    inputSize: parameters.in_size,
    weights,
    lebesgueNorm: parameters.p,
    radius: parameters.R,
  }
}

describe('the linear schedule over 1000 epochs', () => {
  const golden = goldenFile<ScheduleFile>('grids_and_schedules')
  it.each([
    ['CIFAR-10', 0.02, golden.layer_rate_cifar10],
    ['MNIST', 0.04, golden.layer_rate_mnist],
  ] as const)('has the rates of the original’s %s script', (_, learningRate, rates) => {
    rates.forEach((rate, index) =>
      expect(
        learningRateOf({ decay: 'linear', learningRate, epochs: 1000 }, golden.layer_epochs[index] ?? NaN),
      ).toBeCloseTo(rate, 12),
    )
  })
})

const overlapOf = (
  { images, weights }: { images: Tensor2D; weights: Tensor2D },
  { lebesgueNorm }: { lebesgueNorm: number },
): { hidden: Tensor2D } => ({ hidden: overlap(images, weights, lebesgueNorm) })

const parametersOf = ({ rule, lebesgueNorm, radius }: LayerProgramOptions): RuleParameters => ({
  ...rule,
  lebesgueNorm,
  radius,
})

describe.each(await presentExecutors())('on %s', (name: ExecutorName) => {
  let executor: Executor
  beforeAll(async () => {
    executor = (await createExecutor(name)).executor
  })
  afterAll(() => executor.dispose())

  const fkhl3 = goldenFile<StepFile>('fkhl3_step')
  it.each(fkhl3.cases.map((golden, index) => [index, golden] as const))(
    'FKHL3, case %i: three steps of the original',
    async (_, { params, W0, steps }) => {
      const program = await executor.layerProgram(optionsOf(params, unitsByInputs(W0), 'fkhl3'))
      const layer = await executor.compile(
        overlapOf,
        {
          images: { shape: [6, params.in_size], type: 'float32' },
          weights: { shape: [params.hidden_size, params.in_size], type: 'float32' },
        },
        { lebesgueNorm: params.p },
      )
      for (const step of steps) {
        const images = float32Of(step.x)
        const { hidden } = await layer.run({
          images: { data: images, shape: [6, params.in_size] },
          weights: { data: await program.weights(), shape: [params.hidden_size, params.in_size] },
        })
        expectClose(hidden.data, float32Of(step.h), 1e-5)
        const result = await program.step(images, 1 / params.tau_l)
        expectClose(await program.weights(), unitsByInputs(step.W_after), 1e-5)
        expect(result.largestChange).toBeCloseTo(1 / params.tau_l, 6)
      }
      await program.dispose()
    },
  )

  it('the overlap of the original’s hybrid model', async () => {
    const { params, cases } = goldenFile<ForwardFile>('khmodel_forward')
    const layer = await executor.compile(
      overlapOf,
      {
        images: { shape: [5, params.in_size], type: 'float32' },
        weights: { shape: [params.hidden_size, params.in_size], type: 'float32' },
      },
      { lebesgueNorm: params.p },
    )
    for (const { x, W, hidden: expected } of cases) {
      const { hidden } = await layer.run({
        images: { data: float32Of(x), shape: [5, params.in_size] },
        weights: { data: unitsByInputs(W), shape: [params.hidden_size, params.in_size] },
      })
      expectClose(hidden.data, float32Of(expected), 1e-5)
    }
  })

  it('FKHL3 leaves the weights as they are for a batch of zeros', async () => {
    const { W0, x, W_after: after } = fkhl3.zero_batch
    const parameters = fkhl3.cases[0]?.params
    if (parameters === undefined) throw new Error('the golden file has no case')
    const program = await executor.layerProgram(optionsOf(parameters, unitsByInputs(W0), 'fkhl3'))
    await program.step(float32Of(x), 0.02)
    expect(await program.weights()).toEqual(unitsByInputs(after))
    await program.dispose()
  })

  it('KHL3: two batches of the original, image by image', async () => {
    for (const { params, W0, steps } of goldenFile<StepFile>('khl3_step').cases) {
      const program = await executor.layerProgram(optionsOf(params, unitsByInputs(W0), 'khl3'))
      for (const step of steps) {
        await program.step(float32Of(step.x), 1 / params.tau_l)
        expectClose(await program.weights(), unitsByInputs(step.W_after), 1e-5)
      }
      await program.dispose()
    }
  })

  it('five epochs with the linear schedule and a smaller last batch', async () => {
    const golden = goldenFile<LoopFile>('unsupervised_loop')
    const program = await executor.layerProgram(optionsOf(golden.params, unitsByInputs(golden.W0), 'fkhl3'))
    const images = float32Of(golden.x)
    const width = golden.params.in_size
    for (let epoch = 1; epoch <= golden.no_epochs; epoch++) {
      const rate = learningRateOf({ decay: 'linear', learningRate: golden.base_rate, epochs: golden.no_epochs }, epoch)
      for (let start = 0; rate > 0 && start < 20; start += golden.batch_size)
        await program.step(images.slice(start * width, Math.min(20, start + golden.batch_size) * width), rate)
      expectClose(await program.weights(), unitsByInputs(golden.W_after_epoch[epoch - 1] ?? golden.W0), 1e-4)
    }
    await program.dispose()
  })

  const options: LayerProgramOptions = {
    rule: { kind: 'fkhl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 },
    hiddenUnits: 40,
    inputSize: 300,
    weights: new Float32Array(12_000),
    lebesgueNorm: 3,
    radius: 1,
  }
  randomStream(5, 'test weights').fillNormal(options.weights, 1)
  const batch = new Float32Array(25 * 300)
  randomStream(5, 'test images').fillNormal(batch, 0.07)
  for (let index = 0; index < batch.length; index++) batch[index] = Math.abs(batch[index] ?? 0)

  it('the layer program equals the pure step, gives the same bytes twice, and leaks nothing', async () => {
    const step = await executor.compile(
      fkhl3Step,
      {
        weights: { shape: [40, 300], type: 'float32' },
        images: { shape: [25, 300], type: 'float32' },
        rate: { shape: [], type: 'float32' },
      },
      parametersOf(options),
    )
    const before = executor.memory().tensors
    let weights = options.weights
    const programs = [await executor.layerProgram(options), await executor.layerProgram(options)]
    for (let round = 0; round < 12; round++) {
      const pure = await step.run({
        weights: { data: weights, shape: [40, 300] },
        images: { data: batch, shape: [25, 300] },
        rate: { data: Float32Array.of(0.02), shape: [] },
      })
      weights = Float32Array.from(pure.weights.data)
      for (const program of programs) {
        const result = await program.step(batch, 0.02)
        expect(result.winners).toEqual(pure.winners.data)
        expect(result.absoluteChangeSum).toBeCloseTo(pure.absoluteChangeSum.data[0] ?? NaN, 3)
        expect(result.winningOverlapSum).toBeCloseTo(pure.winningOverlapSum.data[0] ?? NaN, 3)
      }
    }
    const [first, second] = await Promise.all(programs.map((program) => program.weights()))
    expectClose(first ?? [], weights, 1e-5)
    expect(second).toEqual(first)
    for (const program of programs) await program.dispose()
    expect(executor.memory().tensors).toBe(before)
  })

  it('draws repeated winners to the sphere of radius R', async () => {
    const one = {
      ...options,
      hiddenUnits: 2,
      weights: options.weights.slice(0, 600),
      rule: { ...options.rule, antiHebbianStrength: 0 },
    }
    const program = await executor.layerProgram(one)
    const image = batch.slice(0, 300)
    let winner = 0
    for (let round = 0; round < 3000; round++)
      winner = (await program.step(image, 0.02 * (1 - round / 3000))).winners[0] ?? 0
    const weights = (await program.weights()).subarray(winner * 300, (winner + 1) * 300)
    expect(Math.cbrt(weights.reduce((sum, weight) => sum + Math.abs(weight) ** 3, 0))).toBeCloseTo(1, 2)
    await program.dispose()
  })

  // Anywhere: a unit that is NaN need not be one that wins.
  it.each([
    ['in the first unit', 150],
    ['in the middle', 20 * 300 + 7],
    ['in the last unit', 39 * 300 + 100],
  ])('stops at one NaN %s, with the rate', async (_, place) => {
    const program = await executor.layerProgram({ ...options, weights: options.weights.with(place, NaN) })
    await expect(program.step(batch, 0.02)).rejects.toMatchObject({ code: 'run.notANumber', details: { rate: 0.02 } })
    await program.dispose()
  })

  it('stops when increments grow beyond float32, and at a NaN in an image', async () => {
    const huge = await executor.layerProgram({ ...options, weights: options.weights.map((weight) => weight * 1e25) })
    await expect(huge.step(batch, 0.02)).rejects.toMatchObject({ code: 'run.notANumber' })
    const program = await executor.layerProgram(options)
    await expect(program.step(batch.with(5, NaN), 0.02)).rejects.toMatchObject({ code: 'run.notANumber' })
    for (const each of [huge, program]) await each.dispose()
  })

  it.each([2, 7])(
    'breaks ties by the lowest unit: of equal ones the first wins and number %i is pushed away',
    async (rank) => {
      const weights = new Float32Array(options.weights.length)
      for (let unit = 0; unit < 40; unit++) weights.set(options.weights.subarray(0, 300), unit * 300)
      const program = await executor.layerProgram({ ...options, rule: { ...options.rule, rank }, weights })
      expect([...new Set((await program.step(batch, 0.02)).winners)]).toEqual([0])
      const after = await program.weights()
      const changed = Array.from({ length: 40 }, (_, unit) => unit).filter((unit) =>
        after.subarray(unit * 300, (unit + 1) * 300).some((weight, input) => weight !== weights[input]),
      )
      expect(changed).toEqual([0, rank - 1])
      await program.dispose()
    },
  )

  it('a function that throws leaves no tensors behind', async () => {
    const before = executor.memory().tensors
    const refuses = (_: { images: Tensor2D }): { images: Tensor2D } => {
      throw new Error('refused')
    }
    const runs = async (): Promise<unknown> =>
      (await executor.compile(refuses, { images: { shape: [25, 300], type: 'float32' } }, {})).run({
        images: { data: batch, shape: [25, 300] },
      })
    await expect(runs()).rejects.toThrow('refused')
    expect(executor.memory().tensors).toBe(before)
  })

  it('multiplies in float64, transposed or not', async () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 6)
    const b = Float64Array.of(7, 8, 9, 10, 11, 12)
    const expected = [1 * 7 + 2 * 9 + 3 * 11, 1 * 8 + 2 * 10 + 3 * 12, 4 * 7 + 5 * 9 + 6 * 11, 4 * 8 + 5 * 10 + 6 * 12]
    expect([...(await executor.multiply64(a, b, { rows: 2, inner: 3, columns: 2 }))]).toEqual(expected)
    const aTransposed = Float64Array.of(1, 4, 2, 5, 3, 6)
    const bTransposed = Float64Array.of(7, 9, 11, 8, 10, 12)
    expect([
      ...(await executor.multiply64(aTransposed, bTransposed, {
        rows: 2,
        inner: 3,
        columns: 2,
        transposeA: true,
        transposeB: true,
      })),
    ]).toEqual(expected)
    await expect(executor.multiply64(a, b, { rows: 3, inner: 3, columns: 2 })).rejects.toMatchObject({
      code: 'shape.mismatch',
    })
  })
})
