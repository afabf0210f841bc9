import { DATASETS, type ExperimentSpec, type RunEstimate } from '../contract/index.js'
import type { LabContext } from './context.js'

/** Node, libraries and a dataset's index, before any weights. */
const BASE_MEMORY_BYTES = 300 * 2 ** 20
const FLOAT_BYTES = 4

/** Numbers that an estimate starts from. */
interface Work {
  images: number
  inputSize: number
  steps: number
  /** Units x inputs x images, summed over all steps. */
  total: number
}

function workOf(spec: ExperimentSpec): Work {
  const facts = DATASETS[spec.dataset.kind]
  const images = Math.min(spec.dataset.imageLimit ?? facts.trainImages, facts.trainImages)
  const inputSize = facts.shape[0] * facts.shape[1] * facts.shape[2]
  const steps = Math.ceil(images / spec.schedule.batchSize) * spec.schedule.epochs
  // A rate of exactly zero skips the epoch: with linear decay that is the last one.
  const learningEpochs = spec.schedule.decay === 'linear' ? spec.schedule.epochs - 1 : spec.schedule.epochs
  return { images, inputSize, steps, total: images * learningEpochs * inputSize * spec.layer.hiddenUnits }
}

/** Seconds from finished runs of the same rule and executor, scaled by the work; null when there is none. */
async function fromEarlierRuns({ archive }: LabContext, spec: ExperimentSpec, work: Work): Promise<{ seconds: number; runs: number } | null> {
  const rates: number[] = []
  for (const record of (await archive.list()).filter(({ state, computeSeconds }) => state === 'finished' && computeSeconds > 1).slice(0, 20)) {
    const earlier = await archive.read(record.id).then(({ spec: read }) => read, () => null)
    if (earlier === null || earlier.rule.kind !== spec.rule.kind) continue
    if (spec.executor !== 'auto' && record.executor !== spec.executor) continue
    // Other sizes reach other speeds; within a factor of two the work is a fair measure.
    const alike = (a: number, b: number): boolean => a <= 2 * b && b <= 2 * a
    if (earlier.dataset.kind !== spec.dataset.kind || !alike(earlier.layer.hiddenUnits, spec.layer.hiddenUnits) || !alike(earlier.schedule.batchSize, spec.schedule.batchSize)) continue
    rates.push(workOf(earlier).total / record.computeSeconds)
  }
  rates.sort((a, b) => a - b)
  const median = rates[Math.floor(rates.length / 2)]
  return median === undefined || median === 0 ? null : { seconds: work.total / median, runs: rates.length }
}

/**
 * What an experiment will cost on this machine: steps, seconds, memory and disk.
 *
 * Time comes from finished runs that are alike, else from a few steps of the same rule measured now; null while the compute thread is busy.
 *
 * @throws LabError `executor.unavailable` when the chosen executor cannot run here
 */
export async function estimateRun(context: LabContext, spec: ExperimentSpec): Promise<RunEstimate> {
  const work = workOf(spec)
  const { schedule, layer, checkpoints, probes } = spec
  const weightBytes = layer.hiddenUnits * work.inputSize * FLOAT_BYTES
  const checkpointCount = Math.ceil(schedule.epochs / checkpoints.every)
  const spectra = probes.spectrumEvery === 0 ? 0 : Math.floor(schedule.epochs / probes.spectrumEvery)
  const size = {
    steps: work.steps, stepsPerEpoch: Math.ceil(work.images / schedule.batchSize),
    // Images as bytes; weights, their powers, the update and two copies on their way to disk and screen; overlaps and images of a batch.
    memoryBytes: BASE_MEMORY_BYTES + work.images * work.inputSize + 6 * weightBytes + 3 * schedule.batchSize * (layer.hiddenUnits + work.inputSize) * FLOAT_BYTES,
    // Checkpoints kept, the last weights, and the model in two formats.
    diskBytes: (Math.min(checkpoints.keep, checkpointCount) + 3) * weightBytes + spectra * layer.hiddenUnits * 8 + schedule.epochs * 1500,
    checkpointCount: Math.min(checkpoints.keep, checkpointCount),
  }
  const earlier = await fromEarlierRuns(context, spec, work)
  if (earlier !== null) return { ...size, seconds: earlier.seconds, secondsNote: earlier.runs === 1 ? 'from 1 earlier run' : `from ${earlier.runs} earlier runs` }
  const speed = await context.machine.speed(spec, work.inputSize)
  if (speed === null) return { ...size, seconds: null, secondsNote: 'not measured while a run computes' }
  return { ...size, seconds: work.total / speed.workPerSecond, secondsNote: `measured on this machine with ${speed.executor}` }
}
