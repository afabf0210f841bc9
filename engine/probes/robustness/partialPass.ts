import type { PartialPass, ProbedModel } from '../../../contract/index.js'
import type { Baseline } from './baseline.js'
import type { SweepState } from './sweep.js'

/**
 * What of a pass is measured: batches of images that every size was tried on, and the first sizes of the batch in progress. Size e was
 * tried on n_e = imagesDone images, and on those of the batch in progress where e < sizesDone; shares are of n_e.
 *
 * @param epsilons - all sizes of the grid, rising
 * @param state - as the sweep reported or stored it
 * @param batchSize - images of a batch, of the same sweep
 * @param criticalOnly - whether images were left out once they were fooled, so that the accuracy at exactly a size is NaN
 * @returns curves over the sizes with n_e > 0, which are the first ones
 */
export function partialPass({
  model,
  seed,
  baseline,
  epsilons,
  state,
  batchSize,
  criticalOnly,
}: {
  model: ProbedModel
  seed: number
  baseline: Baseline
  epsilons: Float64Array
  state: SweepState
  batchSize: number
  criticalOnly: boolean
}): PartialPass {
  const kept = baseline.keptIndices.length
  const { imagesDone, sizesDone, firstFooled, resisted } = state
  const batchEnd = Math.min(kept, imagesDone + batchSize)
  const tried = (size: number): number => (size < sizesDone ? batchEnd : imagesDone)
  const measured = imagesDone > 0 ? epsilons.length : sizesDone
  const attacked = Int32Array.from({ length: measured }, (_, size) => tried(size))
  return {
    model,
    seed,
    images: baseline.images,
    cleanAccuracy: baseline.cleanAccuracy,
    keptImages: kept,
    epsilons: epsilons.slice(0, measured),
    attacked,
    relativeAccuracy: Float64Array.from(attacked, (images, size) =>
      criticalOnly ? NaN : (resisted[size] as number) / images,
    ),
    neverFooledYet: Float64Array.from(
      attacked,
      (images, size) =>
        1 - firstFooled.subarray(0, images).filter((first) => first >= 0 && first <= size).length / images,
    ),
  }
}
