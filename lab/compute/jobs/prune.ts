import { lastRateOf, learningRateOf } from '../../../contract/schedule.js'
import { planPruning, pruneWeights } from '../../../engine/probes/pruning/index.js'
import { convergenceVerdict } from '../../../engine/probes/weightConvergence.js'
import type { JobFunction } from './job.js'
import { modelFiles } from './modelFiles.js'

/** Decides which units to remove (section 5.4); nothing is changed. */
export const planUnits: JobFunction<'prune'> = async ({ spec, layer, mode, cutoff, offNorm }) =>
  planPruning({
    weights: layer.data,
    hiddenUnits: layer.hiddenUnits,
    inputSize: layer.inputSize,
    mode,
    manualCutoff: cutoff,
    offNorm:
      offNorm === null
        ? null
        : { tolerance: offNorm, radius: spec.layer.radius, lebesgueNorm: spec.layer.lebesgueNorm },
  })

/** The files of a layer whose removed units are zero. */
export const pruneModel: JobFunction<'pruneModel'> = async ({ spec, layer, removed, epoch }) => {
  const data = pruneWeights(layer.data, layer.hiddenUnits, layer.inputSize, removed)
  const verdict = convergenceVerdict({
    weights: layer.data,
    hiddenUnits: layer.hiddenUnits,
    inputSize: layer.inputSize,
    lebesgueNorm: spec.layer.lebesgueNorm,
    radius: spec.layer.radius,
    checks: spec.checks,
    removed,
  })
  // A layer carries the rate of the last epoch that learned; a run stopped early has its own.
  const lastRate = learningRateOf(spec.schedule, epoch) || lastRateOf(spec.schedule)
  return {
    files: modelFiles({ spec, weights: { data, shape: [layer.hiddenUnits, layer.inputSize] }, lastRate }),
    verdict,
  }
}
