import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localLearningSpec, type LocalLearningSpec } from '../../../contract/index.js'
import { generateDataset, type ImageSource } from '../../../engine/datasets/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import type { Checkpoint, RunEvent } from '../../../engine/experiments/events.js'
import { localLearning } from '../../../engine/experiments/localLearning.js'
import { createExecutor } from '../../../lab/compute/executors/index.js'
import { presentExecutors } from '../../presentExecutors.js'
import { readSafetensors, writeSafetensors } from '../../../lab/formats/index.js'

const spec = (
  changes: { seed?: number; epochs?: number; kind?: 'fkhl3' | 'khl3'; decay?: 'linear' | 'constant' } = {},
): LocalLearningSpec =>
  localLearningSpec.parse({
    version: 1,
    kind: 'localLearning',
    name: 'test',
    seed: changes.seed ?? 3,
    executor: 'auto',
    dataset: { kind: 'syntheticScenes', imageLimit: 60, dataSeed: 2 },
    layer: { hiddenUnits: 12, weightSpread: 1, lebesgueNorm: 3, activationExponent: 4.5, radius: 1 },
    rule: { kind: changes.kind ?? 'fkhl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 },
    schedule: { epochs: changes.epochs ?? 4, batchSize: 7, learningRate: 0.02, decay: changes.decay ?? 'linear' },
    checks: { normTolerance: 0.01, unconvergedLimit: 0.1, meanLimit: -0.5, flatLogVariance: -9 },
    probes: { spectrumEvery: 2, spectrumImages: 40, windowStart: 1, windowEnd: 8, fieldsEvery: 1 },
    checkpoints: { every: 2, keep: 2 },
  })

const source = generateDataset(spec().dataset, 'train') as ImageSource
const STEPS_PER_EPOCH = Math.ceil(60 / 7)

/** A checkpoint as it comes back from the disk. */
function throughFiles(checkpoint: Checkpoint): Checkpoint {
  const { tensors } = readSafetensors(writeSafetensors(checkpoint.tensors))
  return { ...checkpoint, tensors, state: JSON.parse(JSON.stringify(checkpoint.state)) as Record<string, unknown> }
}

interface Reported {
  events: RunEvent[]
  weights: Float32Array | null
  checkpoint: Checkpoint | null
  measures: string[]
}

/** Runs until the end, or until this number of steps have been requested. */
async function collect(
  executor: Executor,
  what: LocalLearningSpec,
  checkpoint: Checkpoint | null,
  stopAfter = Infinity,
): Promise<Reported> {
  let asked = 0
  const reported: Reported = { events: [], weights: null, checkpoint: null, measures: [] }
  for await (const event of localLearning({
    spec: what,
    images: source,
    executor,
    checkpoint,
    control: { requested: () => (asked++ < stopAfter ? 'run' : 'pause'), now: () => performance.now() },
  })) {
    reported.events.push(event)
    if (event.type === 'finished' && event.kind === 'localLearning') reported.weights = event.weights.data
    if (event.type === 'checkpoint') reported.checkpoint = event.checkpoint
    if (event.type === 'metric' && !['samplesPerSecond', 'secondsLeft'].includes(event.record.name))
      reported.measures.push(JSON.stringify(event.record))
  }
  return reported
}

describe.each(await presentExecutors())('local learning on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = (await createExecutor(name)).executor
  })
  afterAll(() => executor.dispose())

  it('gives the same bytes for the same seed, and others for another', async () => {
    const [first, second, other] = [
      await collect(executor, spec(), null),
      await collect(executor, spec(), null),
      await collect(executor, spec({ seed: 4 }), null),
    ]
    expect(second.weights).toEqual(first.weights)
    expect(second.measures).toEqual(first.measures)
    expect(other.weights).not.toEqual(first.weights)
  })

  it.each([1, STEPS_PER_EPOCH - 1, STEPS_PER_EPOCH, STEPS_PER_EPOCH + 4, 2 * STEPS_PER_EPOCH + 1])(
    'paused after %i steps and resumed, ends as if it had never stopped',
    async (cut) => {
      const whole = await collect(executor, spec(), null)
      const before = await collect(executor, spec(), null, cut)
      expect(before.weights).toBeNull()
      expect(before.checkpoint?.step).toBe(cut)
      const after = await collect(executor, spec(), throughFiles(before.checkpoint as Checkpoint))
      expect(after.weights).toEqual(whole.weights)
      // What was measured before the cut is stored already; together they are the whole.
      expect([...before.measures, ...after.measures]).toEqual(whole.measures)
    },
  )

  it('stops at a weight that is NaN with step and rate', async () => {
    const paused = await collect(executor, spec(), null, 3)
    const poisoned = throughFiles(paused.checkpoint as Checkpoint)
    ;(poisoned.tensors['weights']?.data as Float32Array).fill(NaN, 0, 3072)
    await expect(collect(executor, spec(), poisoned)).rejects.toMatchObject({
      code: 'run.notANumber',
      message: expect.stringMatching(/step 4 of epoch 1 at a learning rate of 0\.0150/),
    })
  })

  it('leaks no tensors', async () => {
    const before = executor.memory().tensors
    await collect(executor, spec(), null)
    await collect(executor, spec(), null, 5)
    expect(executor.memory().tensors).toBe(before)
  })
})

describe('the story of an experiment', () => {
  let executor: Executor
  beforeAll(async () => {
    executor = (await createExecutor('auto')).executor
  })
  afterAll(() => executor.dispose())

  it('reports its events in order: start, epochs with measures, checkpoints, the verdict last', async () => {
    const { events } = await collect(executor, spec(), null)
    expect(events[0]).toMatchObject({ type: 'started', stepsPerEpoch: STEPS_PER_EPOCH, epochs: 4 })
    expect(events.at(-1)).toMatchObject({ type: 'finished' })
    expect(
      events.filter((event) => event.type === 'checkpoint').map((event) => [event.checkpoint.epoch, event.reason]),
    ).toEqual([
      [2, 'scheduled'],
      [4, 'last'],
    ])
    expect(events.filter((event) => event.type === 'spectrum').map(({ epoch }) => epoch)).toEqual([1, 2, 4])
    const rates = events.flatMap((event) =>
      event.type === 'metric' && event.record.name === 'learningRate' ? [event.record.value] : [],
    )
    ;[0.015, 0.01, 0.005, 0].forEach((rate, index) => expect(rates[index]).toBeCloseTo(rate, 12))
  })

  it('changes nothing in the last epoch of the linear schedule, and not in a constant one', async () => {
    const lastChange = async (decay: 'linear' | 'constant'): Promise<number | undefined> => {
      const { events } = await collect(executor, spec({ decay }), null)
      return events
        .flatMap((event) =>
          event.type === 'metric' && event.record.name === 'largestWeightChange' ? [event.record.value] : [],
        )
        .at(-1)
    }
    expect(await lastChange('linear')).toBe(0)
    expect(await lastChange('constant')).toBeCloseTo(0.02, 6)
  })

  it('runs the sequential rule too', async () => {
    expect(
      (await collect(executor, spec({ kind: 'khl3', epochs: 1, decay: 'constant' }), null)).weights?.every(
        Number.isFinite,
      ),
    ).toBe(true)
  })

  it('refuses a checkpoint of another layer', async () => {
    const { checkpoint } = await collect(executor, spec(), null, 2)
    const other: Checkpoint = {
      ...(checkpoint as Checkpoint),
      tensors: { weights: { data: new Float32Array(10), shape: [2, 5] } },
    }
    await expect(collect(executor, spec(), other)).rejects.toMatchObject({ code: 'shape.mismatch' })
    await expect(collect(executor, spec(), { ...(checkpoint as Checkpoint), state: {} })).rejects.toMatchObject({
      code: 'file.damaged',
    })
  })
})
