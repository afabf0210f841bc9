import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgdStep } from '../../../engine/attacks/pgdStep.js'
import { byteImages } from '../../../engine/datasets/byteImages.js'
import { fillBatch } from '../../../engine/datasets/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { createOnnxExecutor } from '../../../engine/executor/onnx/index.js'
import { trace } from '../../../engine/executor/trace/trace.js'
import { leavesOf, specsOf, type HostArray, type HostTree, type TensorTree } from '../../../engine/executor/tree.js'
import { paddedRow } from '../../../engine/kernels/memory.js'
import { createLayerProgram } from '../../../engine/learning/createLayerProgram.js'
import type { LayerProgram } from '../../../engine/learning/layerProgram.js'
import { ADAM_DEFAULTS, adamFactors } from '../../../engine/optimisers/adam.js'
import { createCovarianceSum } from '../../../engine/probes/covariance.js'
import { evaluateBatch } from '../../../engine/probes/evaluate.js'
import { createProjectedCovariance } from '../../../engine/probes/projectedCovariance.js'
import { randomStream } from '../../../engine/random/index.js'
import {
  trainStep,
  type TrainInput,
  type TrainMeasures,
  type TrainOptions,
  type TrainState,
} from '../../../engine/training/trainStep.js'
import { matMul, relu, transpose, type Tensor2D } from '../../../engine/tf.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'

/** Rows of 1024 float32 are 4096 bytes long: those are padded. */
const [UNITS, INPUTS, BATCH] = [600, 1024, 64] as const

const normal = (shape: readonly number[], seed: number, spread = 1): HostArray & { data: Float32Array } => {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
  randomStream(seed, 'specialised').fillNormal(data, spread)
  return { data, shape }
}
const scalar = (value: number): HostArray => ({ data: Float32Array.of(value), shape: [] })
const labels: HostArray = { data: Int32Array.from({ length: BATCH }, (_, index) => index % 10), shape: [BATCH] }
const images = normal([BATCH, INPUTS], 4, 0.1)
const LAYER = {
  hiddenUnits: UNITS,
  inputSize: INPUTS,
  weights: normal([UNITS, INPUTS], 1).data,
  lebesgueNorm: 3,
  radius: 1,
  rule: { kind: 'fkhl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 },
} as const

const network = { kind: 'perceptron', activationExponent: 1, batchNorm: true, lebesgueNorm: 2 } as const
const OPTIONS = {
  network,
  adam: ADAM_DEFAULTS,
  input: 'images',
  regularisers: [
    { kind: 'lebesgue', strength: 1e-3, lebesgueNorm: 2 },
    { kind: 'jacobian', strength: 1e-3, projections: 2, estimator: 'corrected' },
  ],
} as const satisfies TrainOptions
const parameters = {
  weights: normal([UNITS, INPUTS], 2, 0.03),
  dense: normal([10, UNITS], 3, 0.1),
  bias: normal([10], 5),
  scale: normal([UNITS], 6),
  shift: normal([UNITS], 7),
}
const running = { mean: normal([UNITS], 8), variance: { data: new Float32Array(UNITS).fill(1), shape: [UNITS] } }
const zeros = (): Record<string, HostArray> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]) => [name, { data: new Float32Array(data.length), shape }]),
  )
const terms = { penalty0: {}, penalty1: { normal: normal([2, BATCH, UNITS], 9) } }

/** Trains for three steps; the plain form has a name of its own, so that no executor knows it. */
async function trained(
  executor: Executor,
  form: typeof trainStep,
): Promise<{ measures: number[]; state: Map<string, HostArray> }> {
  const state = { parameters, first: zeros(), second: zeros(), running } as unknown as HostTree<TrainState>
  const program = await executor.keep<TrainState, TrainInput, TrainMeasures, TrainOptions>(form, state, OPTIONS)
  const measures: number[] = []
  for (let step = 1; step <= 3; step++) {
    const { stepSize, correction } = adamFactors(1e-3, step, ADAM_DEFAULTS)
    const reported = await program.step({
      batch: { images, labels, terms },
      stepSize: scalar(stepSize),
      correction: scalar(correction),
    } as unknown as HostTree<TrainInput>)
    measures.push(...[...leavesOf<HostArray>(reported).values()].map(({ data }) => data[0] ?? NaN))
  }
  const last = leavesOf<HostArray>(await program.state())
  await program.dispose()
  return { measures, state: last }
}
const plainStep: typeof trainStep = (input, options) => trainStep(input, options)

async function learnt(program: LayerProgram): Promise<{ winners: number[][]; sums: number[]; weights: Float32Array }> {
  const [winners, sums]: [number[][], number[]] = [[], []]
  for (const rate of [0.02, 0.01, 0.005]) {
    const result = await program.step(images.data.map(Math.abs), rate)
    winners.push([...result.winners])
    sums.push(result.winningOverlapSum, result.largestChange, result.absoluteChangeSum)
  }
  const weights = await program.weights()
  await program.dispose()
  return { winners, sums, weights }
}

/** Largest difference over the largest entry. */
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [difference, largest] = [0, 0]
  for (let index = 0; index < b.length; index++) {
    difference = Math.max(difference, Math.abs((a[index] ?? NaN) - (b[index] ?? NaN)))
    largest = Math.max(largest, Math.abs(b[index] ?? NaN))
  }
  return difference / largest
}

/** sha256 over every number in a result: comparing millions of them one by one takes a minute. */
function digest(result: unknown): string {
  const hash = createHash('sha256')
  const add = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    else if (value instanceof Map) for (const each of value.values()) add(each)
    else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) add(each)
    else hash.update(`${typeof value} ${String(value)};`)
  }
  add(result)
  return hash.digest('hex')
}

const covarianceOf = async (executor: Executor): Promise<Float64Array> => {
  const sum = createProjectedCovariance(executor, { data: parameters.weights.data, units: UNITS, inputSize: INPUTS })
  await sum.add(images.data)
  await sum.add(images.data.subarray(0, 20 * INPUTS))
  return sum.covariance()
}

const open = (threads: number): Promise<Executor> =>
  createOnnxExecutor({
    name: 'onnx-cpu',
    provider: 'cpu',
    description: '',
    device: { kind: 'processor', name: null, memoryBytes: null },
    threads,
  })

describe('forms of ONNX Runtime’s own', () => {
  let [one, two, cpu]: Executor[] = []
  const on = (which: Executor | undefined): Executor => which as Executor
  beforeAll(async () => {
    cpu = await startExecutor('wasm')
    one = await open(1)
    two = await open(2)
  })
  afterAll(async () => {
    for (const executor of [one, two, cpu]) await executor?.dispose()
  })

  it('the layer step equals its rule', async () => {
    const special = await learnt(await on(two).layerProgram(LAYER))
    const plain = await learnt(await createLayerProgram(on(two), LAYER))
    expect(special.winners).toEqual(plain.winners)
    expect(apart(special.sums, plain.sums)).toBeLessThan(1e-5)
    expect(apart(special.weights, plain.weights)).toBeLessThan(1e-6)
  })

  it('the training step equals its function, padding left out', async () => {
    const special = await trained(on(two), trainStep)
    const plain = await trained(on(two), plainStep)
    expect(apart(special.measures, plain.measures)).toBeLessThan(1e-5)
    expect([...special.state.keys()].sort()).toEqual([...plain.state.keys()].sort())
    for (const [path, { data, shape }] of plain.state) {
      expect(special.state.get(path)?.shape).toEqual(shape)
      // Adam's first steps make much of rounding where a gradient is nearly 0: moments are compared closely, parameters by a step.
      expect(apart(special.state.get(path)?.data ?? [], data), path).toBeLessThan(
        path.startsWith('parameters') ? 2e-2 : 2e-4,
      )
    }
  })

  it('refuses images of another size by name', async () => {
    const state = { parameters, first: zeros(), second: zeros(), running } as unknown as HostTree<TrainState>
    const program = await on(two).keep<TrainState, TrainInput, TrainMeasures, TrainOptions>(trainStep, state, OPTIONS)
    const input = {
      batch: { images: normal([BATCH, INPUTS + 1], 1), labels, terms },
      stepSize: scalar(1),
      correction: scalar(1),
    } as unknown as HostTree<TrainInput>
    await expect(program.step(input)).rejects.toMatchObject({
      code: 'shape.mismatch',
      details: { path: 'batch.images' },
    })
    await program.dispose()
  })

  it.each(['two', 'wasm'] as const)('the covariance of a layer equals the one in float64 (%s)', async (which) => {
    const executor = on(which === 'two' ? two : cpu)
    const exact = createCovarianceSum(UNITS, on(two).multiply64)
    const wide = Float64Array.from(images.data)
    for (const count of [BATCH, 20]) {
      const hidden = await on(two).multiply64(
        wide.subarray(0, count * INPUTS),
        Float64Array.from(parameters.weights.data),
        { rows: count, inner: INPUTS, columns: UNITS, transposeB: true },
      )
      await exact.add(hidden, count)
    }
    const covariance = await covarianceOf(executor)
    expect(apart(covariance, exact.covariance())).toBeLessThan(1e-6)
    for (let row = 0; row < UNITS; row += 37)
      for (let column = 0; column < UNITS; column++)
        expect(covariance[row * UNITS + column]).toBe(covariance[column * UNITS + row])
  })

  it('the covariance refuses half images, and fewer than two', async () => {
    const sum = createProjectedCovariance(on(two), { data: parameters.weights.data, units: UNITS, inputSize: INPUTS })
    await expect(sum.add(new Float32Array(INPUTS + 3))).rejects.toMatchObject({ code: 'shape.mismatch' })
    expect(() => sum.covariance()).toThrow(expect.objectContaining({ code: 'value.range' }) as Error)
  })

  const sameBytes: Record<string, (executor: Executor) => Promise<unknown>> = {
    'layer step': async (executor) => learnt(await executor.layerProgram(LAYER)),
    'plain layer step': async (executor) => learnt(await createLayerProgram(executor, LAYER)),
    'sequential layer step': async (executor) =>
      learnt(
        await executor.layerProgram({
          ...LAYER,
          rule: { ...LAYER.rule, kind: 'khl3' },
          hiddenUnits: 40,
          weights: LAYER.weights.subarray(0, 40 * INPUTS),
        }),
      ),
    'training step': (executor) => trained(executor, trainStep),
    'plain training step': (executor) => trained(executor, plainStep),
    evaluation: (executor) => run(executor, evaluateBatch, { parameters, running, images, labels }, network),
    'attack step': (executor) =>
      run(
        executor,
        pgdStep,
        { parameters, running, images, origin: images, labels, stepSize: scalar(0.01), epsilon: scalar(0.03) },
        { network, norm: 'linf' as const },
      ),
    covariance: covarianceOf,
  }
  it.each(Object.entries(sameBytes))(
    '%s: the same bytes again, and with one thread as with two',
    async (_, compute) => {
      const first = digest(await compute(on(two)))
      expect(digest(await compute(on(two)))).toBe(first)
      expect(digest(await compute(on(one)))).toBe(first)
    },
  )

  it('bytes scaled by the kernel are the bits that every other executor sees', () => {
    const pixels = Uint8Array.from({ length: 3 * 50 }, (_, index) => (index * 37) % 256)
    const source = byteImages({
      shape: [5, 10, 1],
      pixels,
      labels: new Uint8Array(3),
      classes: 1,
      identity: {},
      limit: null,
    })
    const order = Int32Array.of(2, 0, 1)
    const plain = new Float32Array(150)
    fillBatch(source, order, 3, plain)
    const room = createProjectedCovariance(on(two), { data: new Float32Array(100), units: 2, inputSize: 50 }).room(3)
    expect(room.rowLength).toBe(52)
    fillBatch(source, order, 3, room)
    for (let image = 0; image < 3; image++)
      expect([...room.data.subarray(image * 52, (image + 1) * 52)]).toEqual([
        ...plain.subarray(image * 50, (image + 1) * 50),
        0,
        0,
      ])
  })
})

async function run(executor: Executor, fn: unknown, input: unknown, options: object): Promise<unknown> {
  const program = await executor.compile(
    fn as (input: TensorTree, options: object) => TensorTree,
    specsOf<TensorTree>(input as never),
    options,
  )
  return program.run(input as never)
}

describe('products as they are arranged', () => {
  type Pair = { x: Tensor2D; w: Tensor2D }
  const specs = { x: { shape: [8, 300], type: 'float32' }, w: { shape: [400, 300], type: 'float32' } } as const
  const operators = (fn: (input: Pair) => TensorTree): string[] =>
    trace(fn as never, specs, {}).stages.flatMap(({ graph }) => graph.nodes.map(({ operator }) => operator))

  it('turned twice is not turned', () =>
    expect(operators(({ x, w }) => ({ y: matMul(relu(x), transpose(transpose(transpose(w)))) }))).toEqual([
      'Relu',
      'Gemm',
    ]))
  it('a turned product is the product of turned operands', () =>
    expect(operators(({ x, w }) => ({ y: transpose(matMul(x, transpose(w))) }))).toEqual(['Gemm']))
  it('a product that is also read as it is stays', () =>
    expect(
      operators(({ x, w }) => {
        const y = matMul(x, transpose(w))
        return { y, turned: transpose(y) }
      }),
    ).toEqual(['Gemm', 'Transpose']))
  it('a left operand is turned before a wide product, and not before a narrow one', () => {
    expect(operators(({ x }) => ({ y: matMul(transpose(relu(x)), x) }))).toEqual(['Relu', 'Transpose', 'MatMul'])
    expect(operators(({ w, x }) => ({ y: matMul(transpose(x), matMul(x, transpose(w))) }))).toEqual([
      'Gemm',
      'Transpose',
      'MatMul',
    ])
    expect(operators(({ x }) => ({ y: matMul(x, transpose(x)) }))).toEqual(['Gemm'])
  })
})

describe('rows in memory', () => {
  it.each([
    [1, 4],
    [784, 784],
    [50, 52],
    [1024, 1040],
    [3072, 3088],
    [2048, 2064],
  ])('of %i entries are %i long', (inputs, length) => expect(paddedRow(inputs)).toBe(length))
})
