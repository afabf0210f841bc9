import { layerOf, regulariserOf, regularisersCost, type ExperimentSpec, type RunEstimate } from '../contract/index.js'
import type { LabContext } from './context.js'
import { findLayer } from './layerOfModel.js'
import { workOf, type Work } from './work.js'

/** Node, libraries and a dataset's index, before any weights. */
const BASE_MEMORY_BYTES = 300 * 2 ** 20
const FLOAT_BYTES = 4
/** Multiplications and additions of a unit of work: two products. */
const TIMED_OPERATIONS = 4

/** Seconds from finished runs of the same kind of step and executor, scaled by the work; null when there is none. */
async function fromEarlierRuns(
  { archive }: LabContext,
  spec: ExperimentSpec,
  work: Work,
): Promise<{ seconds: number; runs: number } | null> {
  const rates: number[] = []
  for (const record of (await archive.list())
    .filter(({ state, computeSeconds }) => state === 'finished' && computeSeconds > 1)
    .slice(0, 20)) {
    const earlier = await archive.read(record.id).then(
      ({ spec: read }) => workOf(read, record.layer?.hiddenUnits ?? 0),
      () => null,
    )
    if (earlier === null || earlier.kind !== work.kind || earlier.inputSize !== work.inputSize) continue
    if (spec.executor !== 'auto' && record.executor !== spec.executor) continue
    // Other sizes reach other speeds; within a factor of two the work is a fair measure.
    const alike = (a: number, b: number): boolean => a <= 2 * b && b <= 2 * a
    if (!alike(earlier.units, work.units) || !alike(earlier.batchSize, work.batchSize)) continue
    rates.push(earlier.total / record.computeSeconds)
  }
  rates.sort((a, b) => a - b)
  const median = rates[Math.floor(rates.length / 2)]
  return median === undefined || median === 0 ? null : { seconds: work.total / median, runs: rates.length }
}

/** Bytes of what training changes or keeps: weights with what a step needs of them, and for a classifier Adam's two moments and the gradient. */
function sizesOf(spec: ExperimentSpec, work: Work): { stateBytes: number; memoryBytes: number } {
  const weights = work.units * work.inputSize * FLOAT_BYTES
  const batch = work.batchSize * (work.units + work.inputSize) * FLOAT_BYTES
  const images = work.images * work.inputSize
  if (spec.kind === 'localLearning')
    return { stateBytes: weights, memoryBytes: BASE_MEMORY_BYTES + images + 6 * weights + 3 * batch }
  const layerFrozen = layerOf(spec.model) !== 'trained'
  const trained = layerFrozen ? work.units * work.classes * FLOAT_BYTES : weights
  const basis = spec.regularisers.reduce(
    (most, term) => Math.max(most, regulariserOf(term.kind).memoryBytes(term, work.units)),
    0,
  )
  const latents = layerOf(spec.model) === 'frozen' ? work.images * work.units * FLOAT_BYTES : 0
  return {
    stateBytes: 3 * trained,
    memoryBytes: BASE_MEMORY_BYTES + images + 2 * weights + 5 * trained + 6 * batch + basis + latents,
  }
}

/**
 * What an experiment will cost on this machine: steps, seconds, memory and disk.
 *
 * Time comes from finished runs that are alike, else from a few steps of the same kind measured now; null while the compute thread is busy.
 *
 * @throws LabError `executor.unavailable` when the chosen executor cannot run here
 */
export async function estimateRun(context: LabContext, spec: ExperimentSpec): Promise<RunEstimate> {
  const layer =
    spec.kind === 'classifier' && spec.model.kind === 'hybrid' ? await findLayer(context, spec).catch(() => null) : null
  const work = workOf(spec, layer?.origin.hiddenUnits ?? 0)
  const { schedule, checkpoints, probes } = spec
  const checkpointCount = Math.min(checkpoints.keep, Math.ceil(schedule.epochs / checkpoints.every))
  const spectra = probes.spectrumEvery === 0 ? 0 : Math.floor(schedule.epochs / probes.spectrumEvery)
  const { stateBytes, memoryBytes } = sizesOf(spec, work)
  const size = {
    steps: work.steps,
    stepsPerEpoch: Math.ceil(work.images / schedule.batchSize),
    memoryBytes,
    // Checkpoints kept, the last weights, and the model in two formats.
    diskBytes: (checkpointCount + 3) * stateBytes + spectra * work.units * 8 + schedule.epochs * 1500,
    checkpointCount,
    idleSeconds: null,
  }
  if (work.units === 0) return { ...size, seconds: null, secondsNote: 'unknown until a layer is chosen' }
  const earlier = await fromEarlierRuns(context, spec, work)
  if (earlier !== null)
    return {
      ...size,
      seconds: earlier.seconds,
      secondsNote: earlier.runs === 1 ? 'from 1 earlier run' : `from ${earlier.runs} earlier runs`,
    }
  const speed = await context.machine.speed(spec, work)
  if (speed === null) return { ...size, seconds: null, secondsNote: 'not benchmarked while another run is active' }
  // A step that was timed is two products, forward and for the gradient; penalties that prepare an epoch are not among what is timed.
  const untimed =
    spec.kind === 'classifier'
      ? regularisersCost(spec.regularisers, { ...work, testImages: 0 }, ({ preparesEpoch }) => preparesEpoch).operations
      : 0
  const prepared = untimed / (TIMED_OPERATIONS * speed.workPerSecond)
  const seconds = work.total / speed.workPerSecond + prepared
  return {
    ...size,
    seconds,
    idleSeconds: speed.share < 1 ? seconds * speed.share : null,
    secondsNote: `benchmarked on this machine with ${speed.executor}${prepared > 0 ? ', spectral penalties estimated' : ''}`,
  }
}
