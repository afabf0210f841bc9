import { LabError, type LocalLearningSpec, type MetricName } from '../../contract/index.js'
import { fillBatch } from '../datasets/lpUnit.js'
import type { ImageRows } from '../datasets/imageRows.js'
import type { ImageSource } from '../datasets/imageSource.js'
import type { Executor } from '../executor/executor.js'
import type { LayerProgram } from '../learning/layerProgram.js'
import { lastRateOf, learningRateOf } from '../../contract/schedule.js'
import { covarianceSpectrum } from '../probes/covarianceSpectrum.js'
import { convergenceVerdict } from '../probes/weightConvergence.js'
import { randomStream } from '../random/index.js'
import { epochMeasures } from './epochMeasures.js'
import { addStep, emptyTally, tallyFrom, type EpochTally } from './epochTally.js'
import { createClock, type Clock } from './clock.js'
import type { Checkpoint, RunControl, RunEvent } from './events.js'
import { fittedSpectrum } from './fittedSpectrum.js'

/** Everything that a local-learning experiment works with. */
export interface LocalLearningOptions {
  spec: LocalLearningSpec
  /** Training images. */
  images: ImageSource
  executor: Executor
  control: RunControl
  /** Where to go on; null begins. */
  checkpoint: Checkpoint | null
}

/** State of a run: completed epochs and steps, and the tally of the epoch in progress. */
interface Position {
  epoch: number
  step: number
  stepInEpoch: number
  tally: EpochTally
}

/** The first weights: independent N(0, σ²), σ = 1/√(d + H) when not given (docs/SOURCES.md 2.2). */
export function firstWeights(spec: LocalLearningSpec, inputSize: number): Float32Array {
  const { hiddenUnits, weightSpread } = spec.layer
  const weights = new Float32Array(hiddenUnits * inputSize)
  randomStream(spec.seed, 'weights').fillNormal(weights, weightSpread ?? 1 / Math.sqrt(inputSize + hiddenUnits))
  return weights
}

function positionOf(checkpoint: Checkpoint | null, hiddenUnits: number): Position {
  if (checkpoint === null) return { epoch: 0, step: 0, stepInEpoch: 0, tally: emptyTally(hiddenUnits) }
  const { stepInEpoch, tally } = checkpoint.state
  const counted = tallyFrom(tally, hiddenUnits)
  if (typeof stepInEpoch !== 'number' || counted === null)
    throw new LabError(
      'file.damaged',
      `the checkpoint of epoch ${checkpoint.epoch} does not contain its position in the epoch`,
    )
  return { epoch: checkpoint.epoch, step: checkpoint.step, stepInEpoch, tally: counted }
}

function weightsOf(checkpoint: Checkpoint, hiddenUnits: number, inputSize: number): Float32Array {
  const stored = checkpoint.tensors['weights']
  if (stored === undefined || stored.data.length !== hiddenUnits * inputSize) {
    throw new LabError(
      'shape.mismatch',
      `expected a checkpoint of ${hiddenUnits} x ${inputSize} weights, got ${stored?.shape.join(' x ') ?? 'none'}`,
    )
  }
  return stored.data
}

/**
 * Learns receptive fields without labels and reports every event.
 *
 * The order of the images of epoch e is a permutation keyed by (seed, "shuffle", e), so a run that goes on from a checkpoint,
 * taken at any step, gives the same weights and measures as one that never stopped.
 *
 * @returns events in order: `started`, then per epoch metrics, arrays and checkpoints, and `finished` unless it was paused or stopped
 * @throws LabError `run.notANumber` with step and rate, `shape.mismatch`, `dataset.blackImage`
 *
 * Source: the original's unsupervised training loop; docs/SOURCES.md 2.7.
 */
export async function* localLearning(options: LocalLearningOptions): AsyncGenerator<RunEvent> {
  const { spec, images, executor, control, checkpoint } = options
  const { hiddenUnits } = spec.layer
  const { epochs, batchSize } = spec.schedule
  const inputSize = images.shape[0] * images.shape[1] * images.shape[2]
  const stepsPerEpoch = Math.ceil(images.count / batchSize)
  const position = positionOf(checkpoint, hiddenUnits)
  const program = await executor.layerProgram({
    rule: spec.rule,
    hiddenUnits,
    inputSize,
    weights: checkpoint === null ? firstWeights(spec, inputSize) : weightsOf(checkpoint, hiddenUnits, inputSize),
    lebesgueNorm: spec.layer.lebesgueNorm,
    radius: spec.layer.radius,
  })
  const clock = createClock(control, epochs * stepsPerEpoch)

  const snapshot = async (reason: 'scheduled' | 'pause' | 'last'): Promise<RunEvent> => ({
    type: 'checkpoint',
    reason,
    checkpoint: {
      epoch: position.epoch,
      step: position.step,
      tensors: { weights: { data: await program.weights(), shape: [hiddenUnits, inputSize] } },
      state: { stepInEpoch: position.stepInEpoch, tally: structuredCopy(position.tally) },
    },
  })

  try {
    yield { type: 'started', stepsPerEpoch, epochs, executor: executor.name }
    yield {
      type: 'array',
      keep: false,
      record: {
        name: 'weights',
        epoch: position.epoch,
        shape: [hiddenUnits, inputSize],
        data: await program.weights(),
      },
    }
    while (position.epoch < epochs) {
      const epoch = position.epoch + 1
      const rate = learningRateOf(spec.schedule, epoch)
      const order = rate > 0 ? randomStream(spec.seed, 'shuffle', epoch).permutation(images.count) : null
      while (order !== null && position.stepInEpoch < stepsPerEpoch) {
        if (control.requested() !== 'run') {
          yield await snapshot('pause')
          return
        }
        const chosen = order.subarray(
          position.stepInEpoch * batchSize,
          Math.min(images.count, (position.stepInEpoch + 1) * batchSize),
        )
        const batch = program.room(chosen.length)
        fillBatch(images, chosen, spec.layer.lebesgueNorm, batch)
        addStep(position.tally, await learn(program, batch, rate, epoch, position.stepInEpoch + 1))
        position.stepInEpoch += 1
        position.step += 1
        clock.step(chosen.length)
        if (clock.isDue())
          yield {
            type: 'progress',
            epoch: position.epoch,
            step: position.step,
            secondsLeft: clock.secondsLeft(position.step),
          }
      }
      // An epoch of rate 0 counts its steps without taking them.
      position.step += stepsPerEpoch - position.stepInEpoch
      yield* epochEvents(options, await program.weights(), inputSize, epoch, position, rate, clock)
      position.epoch = epoch
      position.stepInEpoch = 0
      position.tally = emptyTally(hiddenUnits)
      yield { type: 'progress', epoch, step: position.step, secondsLeft: clock.secondsLeft(position.step) }
      if (epoch === epochs) yield await snapshot('last')
      else if (epoch % spec.checkpoints.every === 0) yield await snapshot('scheduled')
    }
    const weights = await program.weights()
    const { lebesgueNorm, radius } = spec.layer
    const verdict = convergenceVerdict({ weights, hiddenUnits, inputSize, lebesgueNorm, radius, checks: spec.checks })
    yield {
      type: 'notice',
      notice: { level: verdict.passed ? 'notice' : 'warning', topic: 'verdict', text: verdict.text, epoch: epochs },
    }
    yield {
      type: 'finished',
      kind: 'localLearning',
      verdict,
      weights: { data: weights, shape: [hiddenUnits, inputSize] },
      lastRate: lastRateOf(spec.schedule),
    }
  } finally {
    await program.dispose()
  }
}

const structuredCopy = (tally: EpochTally): EpochTally => ({ ...tally, wins: tally.wins.slice() })

/** One step; a failure names epoch, step and rate. */
async function learn(
  program: LayerProgram,
  batch: ImageRows,
  rate: number,
  epoch: number,
  step: number,
): ReturnType<LayerProgram['step']> {
  try {
    return await program.step(batch, rate)
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'run.notANumber') throw error
    throw new LabError(
      'run.notANumber',
      `a weight became NaN in step ${step} of epoch ${epoch} at a learning rate of ${rate.toPrecision(3)}`,
      { epoch, step, rate },
      error,
    )
  }
}

/** What an epoch shows at its end: measures, arrays, and the spectrum when it is due. */
async function* epochEvents(
  { spec, images, executor }: LocalLearningOptions,
  weights: Float32Array,
  inputSize: number,
  epoch: number,
  position: Position,
  rate: number,
  clock: Clock,
): AsyncGenerator<RunEvent> {
  const { hiddenUnits, lebesgueNorm } = spec.layer
  const { probes, schedule } = spec
  const last = epoch === schedule.epochs
  const metric = (name: MetricName, value: number): RunEvent => ({
    type: 'metric',
    record: { epoch, step: position.step, name, value },
  })
  const { values, norms } = epochMeasures(spec, weights, inputSize, position.tally, rate)
  for (const [name, value] of values) yield metric(name, value)
  const speed = clock.takeSpeed()
  if (speed !== null) yield metric('samplesPerSecond', speed)
  const left = clock.secondsLeft(position.step)
  if (left !== null) yield metric('secondsLeft', left)
  yield { type: 'array', keep: true, record: { name: 'norms', epoch, shape: [hiddenUnits], data: norms } }
  if (position.tally.images > 0)
    yield {
      type: 'array',
      keep: true,
      record: { name: 'wins', epoch, shape: [hiddenUnits], data: Int32Array.from(position.tally.wins) },
    }
  if (last || epoch % probes.fieldsEvery === 0)
    yield {
      type: 'array',
      keep: false,
      record: { name: 'weights', epoch, shape: [hiddenUnits, inputSize], data: weights },
    }
  if (probes.spectrumEvery === 0 || !(last || epoch === 1 || epoch % probes.spectrumEvery === 0)) return

  clock.pause()
  const eigenvalues = await covarianceSpectrum({
    weights,
    hiddenUnits,
    lebesgueNorm,
    source: images,
    images: probes.spectrumImages,
    executor,
  })
  clock.resume()
  yield* fittedSpectrum(
    { eigenvalues, images: Math.min(probes.spectrumImages, images.count), weights, inputSize },
    probes,
    { epoch, epochs: schedule.epochs, step: position.step },
  )
}
