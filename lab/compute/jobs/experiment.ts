import { LabError } from '../../../contract/index.js'
import { localLearning } from '../../../engine/experiments/localLearning.js'
import type { JobFunction } from './index.js'
import { modelFiles } from './modelFiles.js'

/** Iterates an experiment and tells the lab everything that it yields. */
export const runExperiment: JobFunction<'experiment'> = async ({ spec, checkpoint, places, choice }, { bench, wish, tell }) => {
  const [images, { executor, note, passedOver }] = await Promise.all([bench.images(spec.dataset, 'train', places), bench.executor(choice)])
  tell({ type: 'opened', executor: executor.name, executorNote: note, device: executor.device, passedOver, datasetHashes: images.identity })
  let finished = false
  for await (const event of localLearning({ spec, images, executor, checkpoint, control: { wish, now: () => performance.now() } })) {
    if (finished) throw new LabError('internal', `the experiment told ${event.type} after its end`)
    if (event.type === 'finished') {
      finished = true
      tell({ ...event, files: modelFiles({ spec, weights: event.weights, lastRate: event.lastRate }) })
    } else tell(event)
  }
  return { finished }
}
