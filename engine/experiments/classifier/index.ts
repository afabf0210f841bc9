import {
  classifierRateOf,
  LabError,
  penaltyMetricNames,
  penaltyPlace,
  regulariserFaults,
  type ClassifierSpec,
  type MetricName,
  type RegulariserSpec,
} from '../../../contract/index.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import type { StatefulProgram } from '../../executor/executor.js'
import type { HostArray, HostTree } from '../../executor/tree.js'
import { adamFactors } from '../../optimisers/adam.js'
import { randomStream } from '../../random/index.js'
import { drawTerm, needsHidden, prepareTerm, type HostInputs } from '../../regularisers/index.js'
import {
  trainStep,
  type TrainInput,
  type TrainMeasures,
  type TrainOptions,
  type TrainState,
} from '../../training/trainStep.js'
import { createClock, type Clock } from '../clock.js'
import type { NamedTensors, RunEvent } from '../events.js'
import { epochView } from './epochView.js'
import { firstState, imageNormOf, networkOf, type FrozenLayer } from './firstState.js'
import { imageInputs, latentInputs, type NetworkInputs, type RowStore } from './inputs.js'
import type { ClassifierOptions } from './options.js'
import { checkpointTensors, positionFrom, stateFrom, type ClassifierPosition } from './resume.js'
import { spectrumEvents } from './spectrumEvents.js'
import { addClassifierStep, classifierMeasures, emptyClassifierTally } from './tally.js'
import { lossTerms, withConstants, type LossTerm } from './terms.js'
import { testClassifier } from './testSet.js'

export type { ClassifierOptions, FrozenLayer, RowStore }
export { memoryRows } from './inputs.js'

type Program = StatefulProgram<TrainState, TrainInput, TrainMeasures>

const scalar = (value: number): HostArray => ({ data: Float32Array.of(value), shape: [] })

/** Refuses a layer that does not fit the images. */
function checkLayer({ spec, layer }: ClassifierOptions, inputSize: number): void {
  if (spec.model.kind !== 'hybrid') return
  if (layer === null) throw new LabError('value.range', 'a hybrid model needs a receptive-field layer, but got none')
  if (layer.inputSize !== inputSize)
    throw new LabError(
      'shape.mismatch',
      `expected a layer for images of ${inputSize} entries, got one for ${layer.inputSize}`,
      { expected: inputSize, got: layer.inputSize },
    )
  for (const [index, term] of spec.regularisers.entries()) {
    const [fault] = regulariserFaults(term, penaltyPlace(spec, layer.hiddenUnits))
    if (fault !== undefined)
      throw new LabError(
        'value.range',
        `regularisers.${index}.${fault.key} does not fit a layer of ${layer.hiddenUnits} units: ${fault.text}`,
      )
  }
}

/**
 * Trains a classifier with Adam and reports every event.
 *
 * The order of the images of epoch e is keyed by (seed, "shuffle", e), random numbers of penalty i by (seed, "penalty i", e, step), and
 * over test images by (seed, "test penalty i", e, batch), so that a run which goes on from a checkpoint, taken at any step, gives the same weights and measures as one that never stopped.
 *
 * @returns events in order: `started`, per epoch metrics, arrays and checkpoints, and `finished` unless it was paused or stopped
 * @throws LabError `run.notANumber` with step, term and rate; `shape.mismatch` for a layer of other images
 *
 * Source: docs/SOURCES.md 3.5.
 */
export async function* trainClassifier(options: ClassifierOptions): AsyncGenerator<RunEvent> {
  const { spec, train, test, classes, layer, executor, control, checkpoint, openRows } = options
  const { epochs, batchSize } = spec.schedule
  const inputSize = train.shape[0] * train.shape[1] * train.shape[2]
  checkLayer(options, inputSize)
  const network = networkOf(spec, layer)
  const imageNorm = imageNormOf(spec, layer)
  const frozen = network.kind === 'hybrid' ? ['parameters.weights'] : []
  const initial = firstState(spec, inputSize, classes, layer)
  const position = positionFrom(checkpoint, spec)
  const stepsPerEpoch = Math.ceil(train.count / batchSize)
  const hiddenUnits = initial.parameters['dense']?.shape[1] ?? 0
  const clock = createClock(control, epochs * stepsPerEpoch)
  const stopped = (): boolean => control.requested() !== 'run'
  const open: NetworkInputs[] = []
  let program: Program | null = null

  const layerFrozen = network.kind === 'hybrid' && !spec.regularisers.some(needsHidden)
  /** Images, or once for all the activations of a frozen layer. */
  const inputsOf = async (source: ImageSource, batch: number): Promise<NetworkInputs | null> => {
    const images = imageInputs(source, imageNorm)
    const inputs = layerFrozen
      ? await latentInputs({
          images,
          parameters: initial.parameters,
          network,
          batchSize: batch,
          executor,
          openRows,
          cancelled: stopped,
        })
      : images
    if (inputs !== null) open.push(inputs)
    return inputs
  }

  try {
    yield { type: 'started', stepsPerEpoch, epochs, executor: executor.name }
    yield weightsEvent(initial, position.epoch)
    const inputs = await inputsOf(train, batchSize)
    const tested = inputs === null ? null : await inputsOf(test, batchSize)
    // Stopped before the first step: nothing is lost that a resumed run would not do again.
    if (inputs === null || tested === null) return
    const terms = await lossTerms(spec, layerFrozen, initial.parameters, network, executor)
    const trainOptions: TrainOptions = {
      network,
      regularisers: terms.filter(({ constant }) => constant === null).map((term) => term.spec),
      adam: spec.optimiser,
      input: inputs.kind,
    }
    const keep = (state: HostTree<TrainState>): Promise<Program> =>
      executor.keep<TrainState, TrainInput, TrainMeasures, TrainOptions>(trainStep, state, trainOptions)
    program = await keep(checkpoint === null ? initial : stateFrom(checkpoint, initial, frozen))
    const snapshot = async (from: Program, reason: 'scheduled' | 'pause' | 'last'): Promise<RunEvent> => ({
      type: 'checkpoint',
      reason,
      checkpoint: {
        epoch: position.epoch,
        step: position.step,
        tensors: checkpointTensors(await from.state(), frozen, position.prepared),
        state: {
          stepInEpoch: position.stepInEpoch,
          tally: { ...position.tally, penalties: position.tally.penalties.slice() },
        },
      },
    })
    while (position.epoch < epochs) {
      const epoch = position.epoch + 1
      const rate = classifierRateOf(spec.schedule.rate, epoch)
      const order = randomStream(spec.seed, 'shuffle', epoch).permutation(train.count)
      if (position.prepared.length === 0) {
        if (stopped()) {
          yield await snapshot(program, 'pause')
          return
        }
        position.prepared = await prepareTerms(spec, async () =>
          epochView({
            inputs: imageInputs(train, imageNorm),
            order,
            batchSize,
            parameters: (await (program as Program).state()).parameters,
            network,
            hiddenUnits,
            executor,
          }),
        )
      }
      while (position.stepInEpoch < stepsPerEpoch) {
        if (stopped()) {
          yield await snapshot(program, 'pause')
          return
        }
        const chosen = order.subarray(
          position.stepInEpoch * batchSize,
          Math.min(train.count, (position.stepInEpoch + 1) * batchSize),
        )
        const measures = await step(program, spec, terms, inputs, chosen, position, epoch, rate, hiddenUnits)
        addClassifierStep(position.tally, measures, chosen.length, spec, {
          epoch,
          step: position.stepInEpoch + 1,
          rate,
        })
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
      const state = await program.state()
      yield* epochEvents(options, state, position, epoch, rate, clock)
      if (epoch === epochs || epoch % spec.evaluation.every === 0) {
        clock.pause()
        const training = spec.evaluation.mode === 'faithful' && network.batchNorm
        const termInputs = (index: number, { number, images }: { number: number; images: number }): HostInputs => ({
          ...position.prepared[index],
          ...drawTerm(
            spec.regularisers[index] as RegulariserSpec,
            { batch: images, hiddenUnits },
            randomStream(spec.seed, `test penalty ${index}`, epoch, number),
          ),
        })
        const result = await testClassifier({
          inputs: tested,
          parameters: state.parameters,
          running: state.running,
          network,
          training,
          classes,
          batchSize,
          terms,
          termInputs,
          most: spec.evaluation.mistakes,
          executor,
        })
        clock.resume()
        yield metric(position, epoch, 'testAccuracy', result.accuracy)
        yield metric(position, epoch, 'testCrossEntropy', result.crossEntropy)
        for (const [index, value] of result.penalties.entries())
          if (value !== null) yield metric(position, epoch, penaltyMetricNames(index).test, value)
        yield {
          type: 'array',
          keep: true,
          record: { name: 'confusion', epoch, shape: [classes, classes], data: result.confusion },
        }
        yield {
          type: 'array',
          keep: true,
          record: { name: 'mistakes', epoch, shape: [result.mistakes.length / 4, 4], data: result.mistakes },
        }
        if (training) {
          // The original's tests move the running statistics, so training goes on from there.
          await program.dispose()
          program = await keep({ ...state, running: result.running })
        }
      }
      position.epoch = epoch
      position.stepInEpoch = 0
      position.tally = emptyClassifierTally(spec.regularisers.length)
      position.prepared = []
      yield { type: 'progress', epoch, step: position.step, secondsLeft: clock.secondsLeft(position.step) }
      if (epoch === epochs) yield await snapshot(program, 'last')
      else if (epoch % spec.checkpoints.every === 0) yield await snapshot(program, 'scheduled')
    }
    const last = await program.state()
    yield weightsEvent(last, epochs)
    yield {
      type: 'finished',
      kind: 'classifier',
      network,
      parameters: named(last.parameters),
      running: named(last.running),
      batches: position.step,
    }
  } finally {
    await program?.dispose()
    for (const inputs of open) inputs.close()
  }
}

const named = (record: Readonly<Record<string, unknown>>): NamedTensors => record as NamedTensors

const metric = ({ step: at }: ClassifierPosition, epoch: number, name: MetricName, value: number): RunEvent => ({
  type: 'metric',
  record: { epoch, step: at, name, value },
})

/** The matrix that a person looks at: receptive fields, or the classes' templates where there is no hidden layer. */
function weightsEvent(state: HostTree<TrainState>, epoch: number): RunEvent {
  const { data, shape } = (state.parameters['weights'] ?? state.parameters['dense']) as HostArray
  return { type: 'array', keep: false, record: { name: 'weights', epoch, shape, data: data as Float32Array } }
}

/** Tensors of every penalty for an epoch; the view is made only where one asks for it. */
async function prepareTerms(
  { regularisers }: ClassifierSpec,
  view: () => Promise<Parameters<typeof prepareTerm>[1]>,
): Promise<HostInputs[]> {
  let made: Awaited<ReturnType<typeof view>> | null = null
  const prepared: HostInputs[] = []
  for (const term of regularisers) {
    if (needsHidden(term)) made ??= await view()
    prepared.push(made === null || !needsHidden(term) ? {} : await prepareTerm(term, made))
  }
  return prepared
}

/** One step; an error of the executor keeps its code. */
async function step(
  program: Program,
  spec: ClassifierSpec,
  terms: readonly LossTerm[],
  inputs: NetworkInputs,
  chosen: Int32Array,
  { step: done, stepInEpoch, prepared }: ClassifierPosition,
  epoch: number,
  rate: number,
  hiddenUnits: number,
): Promise<HostTree<TrainMeasures>> {
  const { stepSize, correction } = adamFactors(rate, done + 1, spec.optimiser)
  const moving = terms.filter(({ constant }) => constant === null)
  const tensors = Object.fromEntries(
    moving.map(({ spec: term, index }, place) => [
      `penalty${place}`,
      {
        ...prepared[index],
        ...drawTerm(
          term,
          { batch: chosen.length, hiddenUnits },
          randomStream(spec.seed, `penalty ${index}`, epoch, stepInEpoch),
        ),
      },
    ]),
  )
  const batch = {
    images: { data: inputs.rows(chosen), shape: [chosen.length, inputs.width] },
    labels: { data: Int32Array.from(chosen, (image) => inputs.labels[image] ?? 0), shape: [chosen.length] },
    terms: tensors,
  }
  return withConstants(
    await program.step({
      batch,
      stepSize: scalar(stepSize),
      correction: scalar(correction),
    } as unknown as HostTree<TrainInput>),
    terms,
  )
}

/** What an epoch shows at its end. */
async function* epochEvents(
  options: ClassifierOptions,
  state: HostTree<TrainState>,
  position: ClassifierPosition,
  epoch: number,
  rate: number,
  clock: Clock,
): AsyncGenerator<RunEvent> {
  const { spec } = options
  for (const [name, value] of classifierMeasures(position.tally, spec, rate)) yield metric(position, epoch, name, value)
  const speed = clock.takeSpeed()
  if (speed !== null) yield metric(position, epoch, 'samplesPerSecond', speed)
  const left = clock.secondsLeft(position.step)
  if (left !== null) yield metric(position, epoch, 'secondsLeft', left)
  if (spec.model.kind !== 'hybrid' && epoch % spec.probes.fieldsEvery === 0) yield weightsEvent(state, epoch)
  const { spectrumEvery } = spec.probes
  // The hidden layer of these never changes: once is enough.
  const still = spec.model.kind === 'hybrid'
  if (
    spectrumEvery === 0 ||
    spec.model.kind === 'identity' ||
    !(epoch === 1 || (!still && (epoch === spec.schedule.epochs || epoch % spectrumEvery === 0)))
  )
    return
  clock.pause()
  yield* spectrumEvents(options, state, position.step, epoch)
  clock.resume()
}
