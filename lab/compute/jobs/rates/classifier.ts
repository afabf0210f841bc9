import { regulariserOf, type ClassifierSpec } from '../../../../contract/index.js'
import type { ImageSource } from '../../../../engine/datasets/imageSource.js'
import type { Executor } from '../../../../engine/executor/executor.js'
import { memoryRows, trainClassifier } from '../../../../engine/experiments/classifier/index.js'
import type { Work } from '../../../work.js'
import { filled } from './timed.js'

const MOST_UNITS = 500
const MOST_IMAGES = 200
/** Steps of the first epoch compile; those of the second are timed. */
const STEPS = 3

/** Images of no meaning, all of one kind. */
function imagesOfNoMeaning(inputSize: number, classes: number, count: number): ImageSource {
  const values = filled(inputSize)
  return {
    shape: [1, 1, inputSize],
    count,
    labels: Uint8Array.from({ length: count }, (_, index) => index % classes),
    normalised: true,
    identity: {},
    read: (index, target, offset) =>
      target.set(
        values.subarray(0, inputSize).map((value) => value + index),
        offset,
      ),
    display: () => {},
  }
}

/** Times steps of the experiment on numbers of no meaning, by training for two short epochs; units x width x images a second. */
export async function classifierRate(spec: ClassifierSpec, work: Work, executor: Executor): Promise<number> {
  const { inputSize, classes } = work
  const units = spec.model.kind === 'identity' ? inputSize : Math.min(work.units, MOST_UNITS)
  const batchSize = Math.max(2, Math.min(spec.schedule.batchSize, MOST_IMAGES))
  const images = imagesOfNoMeaning(inputSize, classes, STEPS * batchSize)
  const model =
    spec.model.kind === 'hybrid' || spec.model.kind === 'identity' ? spec.model : { ...spec.model, hiddenUnits: units }
  const short: ClassifierSpec = {
    ...spec,
    model,
    schedule: { epochs: 2, batchSize, rate: { kind: 'constant', learningRate: 1e-6 } },
    evaluation: { ...spec.evaluation, every: 3, mistakes: 0 },
    // What is prepared once an epoch is not a step.
    regularisers: spec.regularisers.filter(({ kind }) => !regulariserOf(kind).preparesEpoch),
    probes: { ...spec.probes, spectrumEvery: 0, fieldsEvery: 100 },
  }
  const layer =
    spec.model.kind === 'hybrid'
      ? { weights: filled(units * inputSize), hiddenUnits: units, inputSize, lebesgueNorm: 3 }
      : null
  let speed = 0
  for await (const event of trainClassifier({
    spec: short,
    train: images,
    test: images,
    classes,
    layer,
    executor,
    checkpoint: null,
    openRows: memoryRows,
    control: { requested: () => 'run', now: () => performance.now() },
  }))
    if (event.type === 'metric' && event.record.name === 'samplesPerSecond') speed = event.record.value
  return Math.max(speed, 1e-6) * units * (layer !== null || spec.model.kind === 'identity' ? classes : inputSize)
}
