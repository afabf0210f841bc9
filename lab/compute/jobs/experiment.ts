import { DATASETS, LabError, type ExperimentSpec, type ModelRecord } from '../../../contract/index.js'
import type { ImageSource } from '../../../engine/datasets/imageSource.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { trainClassifier, type FrozenLayer } from '../../../engine/experiments/classifier/index.js'
import type { RunControl, RunEvent } from '../../../engine/experiments/events.js'
import { localLearning } from '../../../engine/experiments/localLearning.js'
import type { JobInput } from '../jobTable.js'
import { createRowStores } from '../rowStore.js'
import type { JobFunction } from './job.js'
import { classifierFiles, modelFiles } from './modelFiles.js'

/** The layer of a model as the engine takes it. */
export function frozenLayer({ facts, tensors }: ModelRecord): FrozenLayer {
  if (!('lebesgueNorm' in facts))
    throw new LabError('model.foreign', `expected a layer, got a model of type ${facts.type}`)
  return {
    weights: tensors.weights,
    hiddenUnits: facts.hiddenUnits,
    inputSize: facts.inputSize,
    lebesgueNorm: facts.lebesgueNorm,
  }
}

/** What runs for each kind of experiment. */
function eventsOf(
  { spec, layer, checkpoint, scratch }: JobInput<'experiment'>,
  images: { train: ImageSource; test: ImageSource | null },
  executor: Executor,
  control: RunControl,
): AsyncGenerator<RunEvent> {
  if (spec.kind === 'localLearning') return localLearning({ spec, images: images.train, executor, checkpoint, control })
  const { test } = images
  if (test === null) throw new LabError('internal', 'a classifier needs test images, but got none')
  return trainClassifier({
    spec,
    train: images.train,
    test,
    classes: DATASETS[spec.dataset.kind].classNames.length,
    layer: layer === null ? null : frozenLayer(layer),
    executor,
    control,
    checkpoint,
    openRows: createRowStores(scratch),
  })
}

const testWanted = ({ kind }: ExperimentSpec): boolean => kind === 'classifier'

/** Iterates an experiment and reports everything that it yields to the lab. */
export const runExperiment: JobFunction<'experiment'> = async (input, { resources, requested, report }) => {
  const { spec, layer, places, choice } = input
  const [train, test, { executor, note, passedOver }] = await Promise.all([
    resources.images(spec.dataset, 'train', places),
    testWanted(spec) ? resources.images(spec.dataset, 'test', places) : null,
    resources.executor(choice),
  ])
  report({
    type: 'opened',
    executor: executor.name,
    executorNote: note,
    device: executor.device,
    passedOver,
    datasetHashes: { ...train.identity, ...test?.identity },
  })
  let finished = false
  for await (const event of eventsOf(input, { train, test }, executor, { requested, now: () => performance.now() })) {
    if (finished) throw new LabError('internal', `the experiment reported ${event.type} after it had ended`)
    if (event.type !== 'finished') {
      report(event)
      continue
    }
    finished = true
    if (event.kind === 'localLearning' && spec.kind === 'localLearning')
      report({ ...event, files: modelFiles({ spec, weights: event.weights, lastRate: event.lastRate }) })
    else if (event.kind === 'classifier') {
      const { parameters, running, ...rest } = event
      report({
        ...rest,
        files: classifierFiles({ network: event.network, parameters, running, batches: event.batches, layer }),
      })
    }
  }
  return { finished }
}
