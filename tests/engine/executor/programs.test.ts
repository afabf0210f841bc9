import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor } from '../../../engine/executor/executor.js'
import { createOnnxExecutor } from '../../../engine/executor/onnx/index.js'
import { createWinnerUpdate } from '../../../engine/executor/onnx/winnerUpdate.js'
import { scan } from '../../../engine/executor/trace/scan.js'
import { trace } from '../../../engine/executor/trace/trace.js'
import { copyTree, specsOf, type HostArray, type HostTree, type TensorTree } from '../../../engine/executor/tree.js'
import { fkhl3Step } from '../../../engine/learning/fkhl3.js'
import { ADAM_DEFAULTS } from '../../../engine/optimisers/adam.js'
import { randomStream } from '../../../engine/random/index.js'
import { trainGradients } from '../../../engine/training/trainStep.js'
import * as tf from '../../../engine/tf.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { presentExecutors } from '../../presentExecutors.js'

type X = { x: tf.Tensor2D }
const spec = { x: { shape: [2, 3], type: 'float32' } } as const
const feed: HostTree<X> = { x: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] } }
const normal = (shape: readonly number[], seed: number, spread = 1): HostArray => {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
  randomStream(seed, 'programs').fillNormal(data, spread)
  return { data, shape }
}
const doubled = ({ x }: X): X => ({ x: tf.mul(x, 2) })

const present = await presentExecutors()

describe.each(present)('programs on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  it('run with the inputs that they were compiled for, and refuse others by name', async () => {
    const program = await executor.compile(doubled, spec, {})
    expect([...(await program.run(feed)).x.data]).toEqual([2, 4, 6, 8, 10, 12])
    await expect(program.run({ x: { data: new Float32Array(8), shape: [2, 4] } })).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: 'expected x as float32 of 2 x 3, got float32 of 2 x 4 with 8 values',
    })
    await expect(program.run({ x: { data: new Int32Array(6), shape: [2, 3] } })).rejects.toMatchObject({
      code: 'shape.mismatch',
    })
    await expect(program.run({ x: { data: new Float32Array(5), shape: [2, 3] } })).rejects.toMatchObject({
      code: 'shape.mismatch',
    })
    await expect(program.run({} as never)).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: 'expected an input x as float32 of 2 x 3, but it is missing',
    })
    await expect(program.run({ ...feed, y: feed.x } as never)).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: 'unknown input y; expected x',
    })
  })

  it('write outputs to the given places', async () => {
    const place: HostArray = { data: new Float32Array(6), shape: [2, 3] }
    const { x } = await (await executor.compile(doubled, spec, {})).run(feed, new Map([['x', place]]))
    expect(x).toBe(place)
    expect([...place.data]).toEqual([2, 4, 6, 8, 10, 12])
  })

  it('take bytes as numbers, and keep empty records and nested names', async () => {
    const fn = ({
      images,
      none,
    }: {
      images: tf.Tensor2D
      none: { [name: string]: tf.Tensor }
    }): { inner: { mean: tf.Tensor }; none: { [name: string]: tf.Tensor } } => ({
      inner: { mean: tf.mean(images) },
      none,
    })
    const program = await executor.compile(fn, { images: { shape: [2, 2], type: 'uint8' }, none: {} }, {})
    const { inner, none } = await program.run({
      images: { data: Uint8Array.of(0, 10, 200, 255), shape: [2, 2] },
      none: {},
    })
    expect(inner.mean.data[0]).toBe(116.25)
    expect(none).toEqual({})
  })

  it('keep a state between steps of any batch', async () => {
    const accumulate = (
      { state, x }: { state: { sum: tf.Tensor }; x: tf.Tensor2D },
      { factor }: { factor: number },
    ): { state: { sum: tf.Tensor }; before: tf.Tensor } => ({
      state: { sum: tf.add(state.sum, tf.mul(tf.sum(x, 0), factor)) },
      before: tf.mul(state.sum, 1),
    })
    const first = { sum: { data: Float32Array.of(100, 200), shape: [2] } }
    const program = await executor.keep<
      { sum: tf.Tensor },
      { x: tf.Tensor2D },
      { before: tf.Tensor },
      { factor: number }
    >(accumulate, first, { factor: 2 })
    await program.step({ x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } })
    const { before } = await program.step({ x: { data: Float32Array.of(1, 1), shape: [1, 2] } })
    expect([...before.data]).toEqual([108, 212])
    expect([...(await program.state()).sum.data]).toEqual([110, 214])
    expect([...first.sum.data]).toEqual([100, 200])
    await program.dispose()
  })

  it('repeat a step as a loop', async () => {
    const powers = ({ x }: X): X =>
      scan(5, { x }, ({ x: present }, index) => ({ x: tf.add(tf.mul(present, 2), tf.cast(index, 'float32')) }))
    const { x } = await (await executor.compile(powers, spec, {})).run(feed)
    let expected = Array.from(feed.x.data)
    for (let index = 0; index < 5; index++) expected = expected.map((value) => value * 2 + index)
    expect([...x.data]).toEqual(expected)
  })

  it('add up repeated rows', async () => {
    const scatter = ({ rows, x }: { rows: tf.Tensor2D; x: tf.Tensor2D }): X => ({
      x: tf.scatterND(rows, tf.mul(x, 1), [3, 2]),
    })
    const program = await executor.compile(
      scatter,
      { rows: { shape: [3, 1], type: 'int32' }, x: { shape: [3, 2], type: 'float32' } },
      {},
    )
    const { x } = await program.run({
      rows: { data: Int32Array.of(2, 0, 2), shape: [3, 1] },
      x: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
    })
    expect([...x.data]).toEqual([3, 4, 0, 0, 6, 8])
  })
})

describe.each(present)('functions that cannot be run on %s', (name) => {
  const run = async (fn: (input: X) => unknown): Promise<unknown> => {
    const executor = await startExecutor(name)
    const program = await executor.compile(fn as (input: X) => X, spec, {})
    return program.run(feed)
  }
  it('are refused by their own name, and the next one runs', async () => {
    // Its own failure comes later, when nobody listens; it must not end the thread.
    await expect(run(async ({ x }) => ({ x: tf.mul(x, (await x.data())[7] as never) }))).rejects.toMatchObject({
      code: 'trace.function',
      message: expect.stringContaining('a promise; the function must be synchronous') as string,
    })
    await expect(run(({ x }) => ({ x: tf.grad((y) => tf.sum(tf.prod(y, 1)))(x) }))).rejects.toMatchObject({
      code: 'trace.unmapped',
      message: 'the operation Prod is not in the table of gradients (engine/gradients)',
      details: { kernel: 'Prod' },
    })
    expect(await run(doubled)).toMatchObject({ x: { data: Float32Array.of(2, 4, 6, 8, 10, 12) } })
  })
})

describe.each(['wasm', 'cpu'] as const)('memory on %s', (name) => {
  it.each([name === 'wasm' ? 30_000 : 200_000, 1_500_000])(
    'that runs out over %i squared numbers is reported, and the next program runs',
    async (count) => {
      const executor = await startExecutor(name)
      const outer = ({ x }: { x: tf.Tensor1D }): { most: tf.Tensor } => ({
        most: tf.max(tf.cumsum(tf.outerProduct(x, x), 1)),
      })
      const program = await executor.compile(outer, { x: { shape: [count], type: 'float32' } }, {})
      await expect(program.run({ x: { data: new Float32Array(count), shape: [count] } })).rejects.toMatchObject({
        code: 'executor.memory',
        message: expect.stringContaining(`a function on ${name} ran out of memory: `) as string,
      })
      expect([...(await (await executor.compile(doubled, spec, {})).run(feed)).x.data]).toEqual([2, 4, 6, 8, 10, 12])
      expect(executor.memory().tensors).toBe(0)
    },
  )
  it.runIf(name === 'wasm')('names an operation that its backend lacks', async () => {
    const executor = await startExecutor(name)
    const sums = ({ x }: X): X => ({ x: tf.unsortedSegmentSum(x, tf.tensor1d([0, 0], 'int32'), 1) as tf.Tensor2D })
    await expect((await executor.compile(sums, spec, {})).run(feed)).rejects.toMatchObject({
      code: 'trace.unmapped',
      message: 'the operation UnsortedSegmentSum has no kernel on wasm',
    })
  })
})

describe.each(present.filter((name) => name.startsWith('tensorflow')))('TensorFlow as %s', (name) => {
  it('says that memory ran out, or what else it refuses, and goes on', async () => {
    const executor = await startExecutor(name)
    const outer = ({ x }: { x: tf.Tensor1D }): { largest: tf.Tensor } => ({ largest: tf.max(tf.outerProduct(x, x)) })
    const count = 1_500_000
    const program = await executor.compile(outer, { x: { shape: [count], type: 'float32' } }, {})
    await expect(program.run({ x: { data: new Float32Array(count), shape: [count] } })).rejects.toMatchObject({
      code: 'executor.memory',
      message: expect.stringMatching(`a function on ${name} ran out of memory: .*1500000,1500000`) as string,
    })
    const beyond = ({ x }: X): { rows: tf.Tensor } => ({
      rows: tf.scatterND(tf.tensor2d([[0], [7]], [2, 1], 'int32'), x, [3, 3]),
    })
    await expect((await executor.compile(beyond, spec, {})).run(feed)).rejects.toMatchObject({
      code: 'executor.failed',
      message: expect.stringMatching(`a function on ${name} failed: .*7`) as string,
    })
    expect([...(await (await executor.compile(doubled, spec, {})).run(feed)).x.data]).toEqual([2, 4, 6, 8, 10, 12])
    expect(executor.memory().tensors).toBe(0)
  })
})

describe('what cannot be compiled is refused by its own name', () => {
  const refuses = (fn: (input: X) => unknown, code: string, message: RegExp): void => {
    const before = tf.getBackend()
    let caught: unknown = null
    try {
      trace(fn as never, spec, {})
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ code, message: expect.stringMatching(message) as string })
    // The library goes on as before.
    expect(tf.getBackend()).toBe(before)
    expect([...tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).dataSync())]).toEqual([2, 3])
  }
  beforeAll(async () => {
    await startExecutor('cpu')
  })

  it('reading a value', () => {
    refuses(({ x }) => (x.dataSync()[0] === 1 ? { x } : { x: tf.neg(x) }), 'trace.valueRead', /float32 of 2 x 3/)
    refuses(({ x }) => ({ x: tf.mul(x, tf.max(x).arraySync() as number) }), 'trace.valueRead', /one entry/)
  })
  it('random numbers, many or few', () => {
    refuses(
      ({ x }) => ({ x: tf.add(x, tf.slice(tf.randomNormal([50, 50]), [0, 0], [2, 3])) }),
      'trace.random',
      /2500 different numbers/,
    )
    refuses(({ x }) => ({ x: tf.add(x, tf.randomUniform([2, 3])) }), 'trace.random', /two different programs/)
    refuses(({ x }) => ({ x: tf.mul(x, Math.random()) }), 'trace.random', /two different programs/)
  })
  it('large numbers from outside', () => {
    const outside = tf.range(0, 5000)
    refuses(
      ({ x }) => ({ x: tf.add(x, tf.slice(outside, 0, 3)) }),
      'trace.random',
      /5000 different numbers .* captured from outside the function/,
    )
    outside.dispose()
  })
  it('operations without a row in the table, and without a gradient', () => {
    refuses(
      ({ x }) => ({ x: tf.conv2d(tf.reshape(x, [1, 2, 3, 1]) as tf.Tensor4D, tf.ones([1, 1, 1, 1]), 1, 'same') }),
      'trace.unmapped',
      /Conv2D is not in the kernel table/,
    )
    refuses(
      ({ x }) => ({ x: tf.grad((y) => tf.sum(tf.prod(y, 1)))(x) }),
      'trace.unmapped',
      /Prod is not in the table of gradients/,
    )
    refuses(
      ({ x }) => ({ x: tf.gather(x, tf.tensor2d([[0], [1]], [2, 1], 'int32'), 1, 1) }),
      'trace.unmapped',
      /batchDims/,
    )
  })
  it('functions that are not synchronous, return no tensors, or compile themselves', () => {
    refuses(async ({ x }) => ({ x }), 'trace.function', /promise/)
    refuses(({ x }) => ({ x, label: 'x' }), 'trace.function', /at "label", got string/)
    refuses(
      ({ x }) => ({ inner: trace(doubled as never, spec, {}), x }),
      'trace.function',
      /while another function was being compiled/,
    )
    refuses(
      ({ x }) => scan(3, { x }, ({ x: present }) => ({ x: tf.concat([present, present]) as tf.Tensor2D })),
      'trace.function',
      /must return x as float32 of \[2, 3\], got float32 of \[4, 3\]/,
    )
  })
  it('an error of its own passes through', () => {
    expect(() =>
      trace(
        () => {
          throw new RangeError('no such unit')
        },
        spec,
        {},
      ),
    ).toThrow(RangeError)
  })
})

describe('ONNX Runtime on the processor', () => {
  const open = (threads: number): Promise<Executor> =>
    createOnnxExecutor({
      name: 'onnx-cpu',
      provider: 'cpu',
      description: '',
      device: { kind: 'processor', name: null, memoryBytes: null },
      threads,
    })
  let two: Executor
  let one: Executor
  beforeAll(async () => {
    one = await open(1)
    two = await open(2)
  })
  afterAll(async () => {
    await one.dispose()
    await two.dispose()
  })

  // ONNX Runtime's own ScatterND loses additions here with two threads; see engine/executor/trace/stages.ts.
  it.each([2000, 300, 10])('loses no addition at full size with %i distinct rows', async (distinct) => {
    const count = ({ rows, ones }: { rows: tf.Tensor2D; ones: tf.Tensor2D }): { counts: tf.Tensor } => ({
      counts: tf.scatterND(rows, ones, [2000, 3072]),
    })
    const stream = randomStream(1, 'rows', distinct)
    const rows = Int32Array.from({ length: 2000 }, () => stream.below(distinct))
    const expected = new Float32Array(2000)
    for (const row of rows) expected[row] = (expected[row] ?? 0) + 1
    const program = await two.compile(
      count,
      { rows: { shape: [2000, 1], type: 'int32' }, ones: { shape: [2000, 3072], type: 'float32' } },
      {},
    )
    const { counts } = await program.run({
      rows: { data: rows, shape: [2000, 1] },
      ones: { data: new Float32Array(2000 * 3072).fill(1), shape: [2000, 3072] },
    })
    let wrong = 0
    counts.data.forEach((value, index) => {
      if (value !== expected[Math.floor(index / 3072)]) wrong += 1
    })
    expect(wrong).toBe(0)
  })

  it('sums millions of values to seven digits', async () => {
    const total = ({ x }: X): { sum: tf.Tensor; mean: tf.Tensor } => ({ sum: tf.sum(x), mean: tf.mean(x) })
    const x = normal([2000, 3072], 3, 1)
    const values = Float32Array.from(x.data, Math.abs)
    const exact = values.reduce((sum, value) => sum + value, 0)
    const { sum, mean } = await (
      await two.compile(total, { x: { shape: [2000, 3072], type: 'float32' } }, {})
    ).run({ x: { data: values, shape: [2000, 3072] } } as HostTree<X>)
    expect(Math.abs((sum.data[0] ?? NaN) / exact - 1)).toBeLessThan(5e-7)
    expect(Math.abs((mean.data[0] ?? NaN) / (exact / 6_144_000) - 1)).toBeLessThan(5e-7)
  })

  it('gives the same bytes again, and with one thread as with two', async () => {
    const [units, inputs, batch] = [300, 768, 128]
    const parameters = {
      weights: normal([units, inputs], 1, 0.03),
      dense: normal([10, units], 2, 0.1),
      bias: normal([10], 3),
    }
    const input = {
      parameters,
      running: {},
      batch: {
        images: normal([batch, inputs], 4),
        labels: { data: Int32Array.from({ length: batch }, (_, index) => index % 10), shape: [batch] },
        terms: { penalty1: { normal: normal([2, batch, units], 5) } },
      },
    }
    const options = {
      network: { kind: 'perceptron', activationExponent: 2, batchNorm: false, lebesgueNorm: 2 },
      regularisers: [
        { kind: 'lebesgue', strength: 1e-3, lebesgueNorm: 2 },
        { kind: 'jacobian', strength: 1e-3, projections: 2, estimator: 'corrected' },
      ],
      adam: ADAM_DEFAULTS,
      input: 'images',
    } as const
    const layer = {
      weights: normal([units, inputs], 6),
      images: normal([batch, inputs], 7, 0.1),
      rate: { data: Float32Array.of(0.02), shape: [] },
    }
    const rule = { lebesgueNorm: 3, rank: 2, antiHebbianStrength: 0.4, radius: 1, precision: 1e-9 }
    const results: unknown[] = []
    for (const executor of [one, two, two]) {
      const training = await executor.compile(
        trainGradients as unknown as (input: TensorTree, options: object) => TensorTree,
        specsOf<TensorTree>(input as never),
        options,
      )
      const learning = await executor.compile(
        fkhl3Step as unknown as (input: TensorTree, options: object) => TensorTree,
        specsOf<TensorTree>(layer as never),
        rule,
      )
      results.push(
        copyTree({
          training: await training.run(input as never),
          learning: await learning.run(layer as never),
        } as never),
      )
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[1])
  })

  it('keeps few programs open, and opens one that was let go again', async () => {
    const scaled = ({ x }: X, { factor }: { factor: number }): X => ({ x: tf.mul(x, factor) })
    const programs = []
    for (let factor = 2; factor < 32; factor++) programs.push(await one.compile(scaled, spec, { factor }))
    expect(one.memory().tensors).toBeLessThanOrEqual(12)
    const [first] = programs
    expect([...((await first?.run(feed))?.x.data ?? [])]).toEqual([2, 4, 6, 8, 10, 12])
    expect(one.memory().tensors).toBeLessThanOrEqual(12)
  })

  it('says that memory ran out, and goes on', async () => {
    const outer = ({ x }: { x: tf.Tensor1D }): { mean: tf.Tensor } => ({
      mean: tf.max(tf.cumsum(tf.outerProduct(x, x), 1)),
    })
    const count = 1_500_000
    const program = await one.compile(outer, { x: { shape: [count], type: 'float32' } }, {})
    await expect(program.run({ x: { data: new Float32Array(count), shape: [count] } })).rejects.toMatchObject({
      code: 'executor.memory',
    })
    expect([...(await (await one.compile(doubled, spec, {})).run(feed)).x.data]).toEqual([2, 4, 6, 8, 10, 12])
    const layer = {
      hiddenUnits: 20_000,
      inputSize: 60_000,
      weights: new Float32Array(0),
      lebesgueNorm: 3,
      rank: 2,
      antiHebbianStrength: 0.4,
      radius: 1,
      precision: 1e-9,
    }
    expect(() => createWinnerUpdate(layer, 1000)).toThrow(expect.objectContaining({ code: 'executor.memory' }) as Error)
  })
})
