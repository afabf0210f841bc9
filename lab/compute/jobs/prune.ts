import { lastRateOf, learningRateOf } from '../../../contract/schedule.js'
import { planPruning, pruneWeights } from '../../../engine/probes/pruning/index.js'
import type { JobFunction } from './index.js'
import { modelFiles } from './modelFiles.js'

/** Decides which units go (section 5.4); nothing is changed. */
export const planUnits: JobFunction<'prune'> = async ({ layer, mode, cutoff }) =>
  planPruning({ weights: layer.data, hiddenUnits: layer.hiddenUnits, inputSize: layer.inputSize, mode, manualCutoff: cutoff })

/** The files of a layer whose removed units are zero. */
export const pruneModel: JobFunction<'pruneModel'> = async ({ spec, layer, removed, epoch }) => {
  const data = pruneWeights(layer.data, layer.hiddenUnits, layer.inputSize, removed)
  // A layer carries the rate of the last epoch that learnt; a run stopped early has its own.
  const lastRate = learningRateOf(spec.schedule, epoch) || lastRateOf(spec.schedule)
  return { files: modelFiles({ spec, weights: { data, shape: [layer.hiddenUnits, layer.inputSize] }, lastRate }) }
}
