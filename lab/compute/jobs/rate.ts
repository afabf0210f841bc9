import type { JobFunction } from './job.js'
import { classifierRate } from './rates/classifier.js'
import { layerRate } from './rates/localLearning.js'

/** Times a few steps of an experiment on numbers of no meaning. */
export const measureRate: JobFunction<'rate'> = async ({ spec, work, choice }, { resources }) => {
  const { executor } = await resources.executor(choice)
  const workPerSecond =
    spec.kind === 'localLearning' ? await layerRate(spec, work, executor) : await classifierRate(spec, work, executor)
  return { executor: executor.name, workPerSecond }
}
