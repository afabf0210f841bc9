import { DATASETS, LabError } from '../../../contract/index.js'
import { classify } from '../../../engine/probes/classify.js'
import { networkOfModel } from '../networkOfModel.js'
import { choiceOf } from '../jobTable.js'
import type { JobFunction } from './job.js'

/** A model in evaluation mode over the images of a set, in their order. */
export const evaluateModel: JobFunction<'evaluate'> = async (
  { record, dataset, split, images, lebesgueNorm, executor: asked, logits, places },
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
  const { executor } = await resources.executor(choiceOf(asked))
  const result = await classify({
    model,
    source,
    images: Math.min(images ?? source.count, source.count),
    lebesgueNorm,
    executor,
    logitRows: logits,
    onProgress: (done, total) => report({ done, total }),
    cancelled: () => requested() !== 'run',
  })
  return {
    ...result,
    accuracy: result.correct / result.images,
    classes: model.classes,
    lebesgueNorm,
    executor: executor.name,
  }
}
