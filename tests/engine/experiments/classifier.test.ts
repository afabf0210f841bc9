import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifierSpec, type LabError, type ClassifierSpec, type RegulariserSpec } from '../../../contract/index.js'
import { generateDataset, type ImageSource } from '../../../engine/datasets/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { memoryRows, trainClassifier, type FrozenLayer } from '../../../engine/experiments/classifier/index.js'
import type { Checkpoint, FinishedClassifier, RunEvent } from '../../../engine/experiments/events.js'
import { randomStream } from '../../../engine/random/index.js'
import { createExecutor } from '../../../lab/compute/executors/index.js'
import { readSafetensors, writeSafetensors } from '../../../lab/formats/index.js'
import { presentExecutors } from '../../presentExecutors.js'

const LEBESGUE: RegulariserSpec = { kind: 'lebesgue', strength: 1e-3, lebesgueNorm: 2 }
const JACOBIAN: RegulariserSpec = { kind: 'jacobian', strength: 1e-3, estimator: 'corrected', projections: 2 }
const SPECTRAL: RegulariserSpec = {
  kind: 'spectral',
  strength: 1e-3,
  estimator: 'corrected',
  exponent: 1,
  firstIndex: 2,
}

interface Changes {
  model?: object
  regularisers?: RegulariserSpec[]
  learningRate?: number
  batchSize?: number
  mode?: 'corrected' | 'faithful'
  seed?: number
  epochs?: number
}

const spec = ({
  model,
  regularisers = [],
  learningRate = 5e-3,
  batchSize = 16,
  mode = 'corrected',
  seed = 3,
  epochs = 3,
}: Changes = {}): ClassifierSpec =>
  classifierSpec.parse({
    version: 1,
    kind: 'classifier',
    name: 'test',
    seed,
    executor: 'auto',
    dataset: { kind: 'syntheticScenes', imageLimit: 60, dataSeed: 2 },
    model: model ?? { kind: 'perceptron', hiddenUnits: 12, activationExponent: 1, batchNorm: false, imageNorm: 3 },
    regularisers,
    schedule: { epochs, batchSize, rate: { kind: 'exponential', learningRate, holdEpochs: 1, timeConstant: 2 } },
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    evaluation: { every: 1, mode, mistakes: 5 },
    probes: { spectrumEvery: 2, spectrumImages: 40, windowStart: 1, windowEnd: 8, fieldsEvery: 1 },
    checkpoints: { every: 1, keep: 2 },
  })
const perceptron = (changes: object = {}): object => ({
  kind: 'perceptron',
  hiddenUnits: 12,
  activationExponent: 1,
  batchNorm: false,
  imageNorm: 3,
  ...changes,
})
const KINDS: [string, Changes][] = [
  ['a perceptron with every penalty', { regularisers: [LEBESGUE, JACOBIAN, SPECTRAL] }],
  [
    'a perceptron with batch norm, tested as the original does',
    {
      model: perceptron({ batchNorm: true }),
      regularisers: [{ ...SPECTRAL, estimator: 'faithful', firstIndex: 0 } as RegulariserSpec],
      mode: 'faithful',
    },
  ],
  ['a tanh perceptron', { model: { ...perceptron(), kind: 'tanhPerceptron', activationExponent: 2 } }],
  [
    'a hybrid',
    {
      model: { kind: 'hybrid', activationExponent: 4.5, layer: null, layerForm: 'raw' },
      regularisers: [{ kind: 'jacobian', strength: 0, estimator: 'exact', projections: 1 }],
    },
  ],
  ['the identity', { model: { kind: 'identity', imageNorm: 3 } }],
]

const train = generateDataset(spec().dataset, 'train') as ImageSource
const test = generateDataset({ kind: 'syntheticScenes', imageLimit: 40, dataSeed: 2 }, 'test') as ImageSource
const STEPS_PER_EPOCH = 4
/** Looks after which a training is paused: at once, in mid-epoch, at the end of an epoch; WebGPU in software computes only the second, which takes it long enough. */
const STOPS =
  process.env['WORKBENCH_TEST_EXECUTORS'] === 'onnx-webgpu'
    ? [STEPS_PER_EPOCH + 3]
    : [1, STEPS_PER_EPOCH + 3, 2 * STEPS_PER_EPOCH + 4]

function frozenLayer(units = 10, inputSize = 3072): FrozenLayer {
  const weights = new Float32Array(units * inputSize)
  randomStream(8, 'layer').fillNormal(weights, 0.05)
  return { weights, hiddenUnits: units, inputSize, lebesgueNorm: 3 }
}

interface Reported {
  events: RunEvent[]
  finished: FinishedClassifier | null
  checkpoint: Checkpoint | null
  measures: string[]
}

async function collect(
  executor: Executor,
  what: ClassifierSpec,
  checkpoint: Checkpoint | null = null,
  stopAfter = Infinity,
  layer: FrozenLayer | null = what.model.kind === 'hybrid' ? frozenLayer() : null,
): Promise<Reported> {
  let asked = 0
  const reported: Reported = { events: [], finished: null, checkpoint: null, measures: [] }
  const control = {
    requested: () => (asked++ < stopAfter ? 'run' : 'pause') as 'run' | 'pause',
    now: () => performance.now(),
  }
  for await (const event of trainClassifier({
    spec: what,
    train,
    test,
    classes: 10,
    layer,
    executor,
    control,
    checkpoint,
    openRows: memoryRows,
  })) {
    reported.events.push(event)
    if (event.type === 'finished' && event.kind === 'classifier') reported.finished = event
    if (event.type === 'checkpoint') reported.checkpoint = event.checkpoint
    if (event.type === 'metric' && !['samplesPerSecond', 'secondsLeft'].includes(event.record.name))
      reported.measures.push(JSON.stringify(event.record))
  }
  return reported
}

/** A checkpoint as it comes back from the disk. */
function throughFiles(checkpoint: Checkpoint): Checkpoint {
  const { tensors } = readSafetensors(writeSafetensors(checkpoint.tensors))
  return { ...checkpoint, tensors, state: JSON.parse(JSON.stringify(checkpoint.state)) as Record<string, unknown> }
}

const bits = (reported: Reported): string[] =>
  Object.entries({ ...reported.finished?.parameters, ...reported.finished?.running }).map(
    ([name, { data }]) => `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`,
  )
const last = (reported: Reported, name: string): number =>
  (JSON.parse(reported.measures.filter((line) => line.includes(`"${name}"`)).at(-1) ?? '{}') as { value: number }).value

describe.each(await presentExecutors())('training classifiers on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = (await createExecutor(name)).executor
  })
  afterAll(() => executor.dispose())

  /** One uninterrupted run of each kind, which several tests compare with. */
  const uninterrupted = new Map<Changes, Reported>()
  const wholeRun = async (changes: Changes): Promise<Reported> => {
    const whole = uninterrupted.get(changes) ?? (await collect(executor, spec(changes)))
    uninterrupted.set(changes, whole)
    return whole
  }

  it.each(KINDS)('%s: same seed, same bytes; another seed, others', async (_, changes) => {
    const [first, second, other] = [
      await wholeRun(changes),
      await collect(executor, spec(changes)),
      await collect(executor, spec({ ...changes, seed: 4 })),
    ]
    expect(bits(second)).toEqual(bits(first))
    expect(second.measures).toEqual(first.measures)
    expect(bits(other)).not.toEqual(bits(first))
  })

  it.each(KINDS.flatMap(([label, changes]) => STOPS.map((stop) => [label, stop, changes] as const)))(
    '%s: paused after %i looks and resumed, ends as if it had never stopped',
    async (_, stop, changes) => {
      const what = spec(changes)
      const whole = await wholeRun(changes)
      const begun = await collect(executor, what, null, stop)
      expect(begun.finished).toBeNull()
      const resumed = await collect(executor, what, begun.checkpoint === null ? null : throughFiles(begun.checkpoint))
      expect(bits(resumed)).toEqual(bits(whole))
      const stepOf = (line: string): number => (JSON.parse(line) as { step: number }).step
      const kept = begun.measures.filter((line) => stepOf(line) <= (begun.checkpoint?.step ?? 0))
      expect([...kept, ...resumed.measures]).toEqual(whole.measures)
    },
  )

  it('reports loss as cross entropy plus weighted penalties, accuracy from the confusion matrix, and mistakes that are mistakes', async () => {
    const reported = await collect(executor, spec({ regularisers: [LEBESGUE, JACOBIAN] }))
    expect(last(reported, 'loss')).toBeCloseTo(
      last(reported, 'crossEntropy') + last(reported, 'weightedPenalty1') + last(reported, 'weightedPenalty2'),
      4,
    )
    expect(last(reported, 'weightedPenalty1')).toBeCloseTo(1e-3 * last(reported, 'penalty1'), 8)
    const arrays = reported.events.flatMap((event) => (event.type === 'array' ? [event.record] : []))
    const confusion = arrays.filter((array) => array.name === 'confusion').at(-1)?.data ?? []
    expect([...confusion].reduce((sum, count) => sum + count, 0)).toBe(test.count)
    expect(
      Array.from({ length: 10 }, (_, index) => Number(confusion[index * 11])).reduce((sum, count) => sum + count, 0) /
        test.count,
    ).toBe(last(reported, 'testAccuracy'))
    const mistakes = arrays.filter((array) => array.name === 'mistakes').at(-1)?.data ?? []
    for (let at = 0; at < mistakes.length; at += 4) {
      const [image = 0, label = 0, predicted = 0, probability = 0] = [...mistakes].slice(at, at + 4)
      expect(test.labels[image]).toBe(label)
      expect(predicted).not.toBe(label)
      expect(probability).toBeGreaterThan(0.1)
      if (at > 0) expect(probability).toBeLessThanOrEqual(mistakes[at - 1] as number)
    }
  })

  it('measures penalties over test images with the weights after the epoch; what depends on no image is the same for training and test', async () => {
    const exact: RegulariserSpec = { kind: 'jacobian', strength: 0, estimator: 'exact', projections: 1 }
    const reported = await collect(
      executor,
      spec({
        regularisers: [LEBESGUE, { ...JACOBIAN, projections: 40 } as RegulariserSpec, SPECTRAL, exact],
        batchSize: 39,
        epochs: 1,
      }),
    )
    const weights = reported.finished?.parameters['weights']?.data ?? []
    const squares = (data: ArrayLike<number>): number => Array.from(data).reduce((sum, value) => sum + value ** 2, 0)
    expect(last(reported, 'testPenalty1')).toBeCloseTo(
      Object.values(reported.finished?.parameters ?? {}).reduce((sum, { data }) => sum + squares(data), 0),
      3,
    )
    expect(last(reported, 'testPenalty4')).toBeCloseTo(squares(weights), 3)
    // 40 directions of 12, for 39 images and one: each ‖vᵀG‖² lies about ‖G‖²/12 with a spread of less than a half.
    expect(Math.abs(last(reported, 'testPenalty2') / squares(weights) - 1)).toBeLessThan(0.3)
    // The second test batch is a single image, which has no covariance: the term is that of the first alone, and finite.
    expect(last(reported, 'testPenalty3')).toBeGreaterThan(0)
    expect(last(reported, 'testPenalty3')).toBeLessThan(100 * last(reported, 'penalty3'))
  })

  it('a diverging run stops with the step, the term and the rate, and its last checkpoint stays', async () => {
    const failing = collect(
      executor,
      spec({
        model: perceptron({ hiddenUnits: 20 }),
        regularisers: [LEBESGUE, { ...SPECTRAL, estimator: 'faithful', exponent: 20 } as RegulariserSpec],
      }),
    )
    await expect(failing).rejects.toMatchObject({ code: 'run.notANumber' })
    const error = await failing.catch((thrown: unknown) => thrown as LabError)
    expect((error as LabError).message).toBe(
      'penalty 2 (spectral) became infinite in step 1 of epoch 1 at a learning rate of 0.00500',
    )
  })

  it('leaks no tensors', async () => {
    await collect(executor, spec({ regularisers: [LEBESGUE, JACOBIAN, SPECTRAL] }))
    const { tensors } = executor.memory()
    await collect(executor, spec({ regularisers: [LEBESGUE, JACOBIAN, SPECTRAL] }))
    expect(executor.memory().tensors).toBe(tensors)
  })
})

describe('refusals', () => {
  let executor: Executor
  beforeAll(async () => {
    executor = (await createExecutor('cpu')).executor
  })
  afterAll(() => executor.dispose())

  const hybrid = spec({ model: { kind: 'hybrid', activationExponent: 4.5, layer: null, layerForm: 'raw' } })
  it('a layer of other images', async () => {
    await expect(collect(executor, hybrid, null, Infinity, frozenLayer(10, 784))).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: 'expected a layer for images of 3072 entries, got one for 784',
    })
  })
  it('a hybrid without a layer', async () => {
    await expect(collect(executor, hybrid, null, Infinity, null)).rejects.toMatchObject({ code: 'value.range' })
  })
  it('a checkpoint of another size', async () => {
    const { checkpoint } = await collect(executor, spec(), null, 2)
    await expect(collect(executor, spec({ model: perceptron({ hiddenUnits: 9 }) }), checkpoint)).rejects.toMatchObject({
      code: 'shape.mismatch',
    })
  })
  it.each([
    [
      'batch norm with one image',
      { model: perceptron({ batchNorm: true }), batchSize: 1 },
      /Batch norm needs at least two images/,
    ],
    ['a spectrum of one image', { regularisers: [SPECTRAL], batchSize: 1 }, /A covariance needs at least two images/],
    [
      'a penalty on a layer that is not there',
      { model: { kind: 'identity', imageNorm: 3 }, regularisers: [JACOBIAN] },
      /no hidden layer to penalise/,
    ],
    [
      'a first index beyond the spectrum',
      { regularisers: [{ ...SPECTRAL, firstIndex: 11 } as RegulariserSpec] },
      /only 12 eigenvalues/,
    ],
  ] as [string, Changes, RegExp][])('%s', (_, changes, words) => {
    expect(() => spec(changes)).toThrow(words)
  })
})
