import { DATASETS, LabError } from '../../../contract/index.js'
import { classify, CLASSIFY_BATCH, type Classification } from '../../../engine/probes/classify.js'
import { modelHash } from '../../formats/modelHash.js'
import { choiceOf } from '../jobTable.js'
import { networkOfModel } from '../networkOfModel.js'
import { keptPredictions } from '../predictionCache.js'
import type { JobFunction } from './job.js'

/** A model in evaluation mode over the images of a set, in their order. */
export const evaluateModel: JobFunction<'evaluate'> = async (
  { record, dataset, split, images: asked, lebesgueNorm, executor: askedExecutor, logits, places, cache },
  { resources, requested, report },
) => {
  const model = networkOfModel(record)
  const source = await resources.images(dataset, split, places)
  const classNames = DATASETS[dataset.kind].classNames.length
  if (classNames > model.classes)
    throw new LabError(
      'value.range',
      `the model has ${model.classes} classes, but ${DATASETS[dataset.kind].label} has ${classNames}`,
      { classes: model.classes },
    )
  const { executor } = await resources.executor(choiceOf(askedExecutor))
  const images = Math.min(asked ?? source.count, source.count)
  const classifyFirst = (count: number): Promise<Classification> =>
    classify({
      model,
      source,
      images: count,
      lebesgueNorm,
      executor,
      logitRows: logits,
      onProgress: (done) => report({ done, total: images, note: null }),
      cancelled: () => requested() !== 'run',
    })
  let rows: Float32Array | null = null
  const { columns, note } = await keptPredictions(
    // Hashing the model takes longer than one batch.
    images > CLASSIFY_BATCH ? cache : null,
    () => ({
      way: 'evaluation',
      modelHash: modelHash(record),
      dataset,
      split,
      identity: { ...source.identity },
      imageNorm: lebesgueNorm,
      batchSize: CLASSIFY_BATCH,
      images,
    }),
    executor,
    ['predictions'],
    async () => {
      const { predictions, logits: found } = await classifyFirst(images)
      rows = found
      return { predictions }
    },
  )
  // Whole batches, so that the logits are those of an evaluation of all images.
  rows ??=
    logits === 0
      ? new Float32Array(0)
      : (await classifyFirst(Math.min(images, Math.ceil(logits / CLASSIFY_BATCH) * CLASSIFY_BATCH))).logits
  if (note !== null) report({ done: images, total: images, note })
  const { predictions } = columns
  const correct = predictions.reduce((sum, found, index) => sum + (found === source.labels[index] ? 1 : 0), 0)
  return {
    images,
    correct,
    predictions,
    logits: rows,
    accuracy: correct / images,
    classes: model.classes,
    lebesgueNorm,
    executor: executor.name,
  }
}
