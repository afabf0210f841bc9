import { DATASETS } from '../../../contract/index.js'
import { firstState, networkOf } from '../../../engine/experiments/classifier/firstState.js'
import type { NamedTensors } from '../../../engine/experiments/events.js'
import { frozenLayer } from './experiment.js'
import type { JobFunction } from './job.js'
import { classifierFiles } from './modelFiles.js'

/** The files of a classifier as its training would begin. */
export const untrainedModel: JobFunction<'untrainedModel'> = async ({ spec, layer }) => {
  const { shape, classNames } = DATASETS[spec.dataset.kind]
  const under = layer === null ? null : frozenLayer(layer)
  const { parameters, running } = firstState(spec, shape[0] * shape[1] * shape[2], classNames.length, under)
  return {
    files: classifierFiles({
      network: networkOf(spec, under),
      parameters: parameters as unknown as NamedTensors,
      running: running as unknown as NamedTensors,
      batches: 0,
      layer,
    }),
  }
}
