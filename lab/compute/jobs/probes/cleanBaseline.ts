import type { AttackTarget, DatasetSpec, DatasetSplit, ProbedModel } from '../../../../contract/index.js'
import {
  baseline,
  cleanClasses,
  type Baseline,
  type ProbeSubject,
} from '../../../../engine/probes/robustness/baseline.js'
import { keptPredictions, type PredictionCache, type PredictionKey } from '../../predictionCache.js'

/** What the images of an attack are chosen from. */
export interface CleanRequest {
  model: ProbedModel
  request: { dataset: DatasetSpec; split: DatasetSplit }
  images: number | null
  target: AttackTarget
  batchSize: number
  cache: PredictionCache | null
  cancelled: () => boolean
}

/**
 * The images that a model classifies correctly; the classes of the whole split are kept, so that the next attack on it classifies nothing.
 *
 * @returns `note`: what went wrong with the file that they are kept in, null when nothing did
 * @throws LabError as `baseline`
 */
export async function cleanBaseline(
  subject: ProbeSubject,
  { model, request, images, target, batchSize, cache, cancelled }: CleanRequest,
): Promise<{ base: Baseline; note: string | null }> {
  const { source, executor, imageNorm } = subject
  const keyOf = (): PredictionKey => ({
    way: 'sweep',
    modelHash: model.hash,
    dataset: request.dataset,
    split: request.split,
    identity: { ...source.identity },
    imageNorm,
    batchSize,
    images: source.count,
  })
  let note: string | null = null
  const base = await baseline(subject, {
    images,
    target,
    batchSize,
    cancelled,
    clean: async () => {
      const kept = await keptPredictions(cache, keyOf, executor, ['predicted', 'leastLikely'], async () => ({
        ...(await cleanClasses(subject, { batchSize, cancelled })),
      }))
      note = kept.note
      return kept.columns
    },
  })
  return { base, note }
}
