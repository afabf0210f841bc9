import { fillBatch } from '../../engine/datasets/index.js'
import { createProjectedCovariance } from '../../engine/probes/projectedCovariance.js'
import { trainingImages } from './images.js'
import { normal, overlapOperations, type Stage } from './stage.js'

/** Hidden values of a batch, and their products added to a covariance. */
export const covariance: Stage = {
  operations: (sizes) => overlapOperations(sizes) + 2 * sizes.batch * sizes.units * sizes.units,
  stretch: 5,
  prepare: async ({ inputs, units, batch }, executor) => {
    const { source, note } = await trainingImages(batch)
    const sum = createProjectedCovariance(executor, {
      data: normal(units * inputs, 15, 0.02),
      units,
      inputSize: inputs,
    })
    const images = sum.room(batch)
    fillBatch(
      source,
      Int32Array.from({ length: batch }, (_, index) => index),
      3,
      images,
    )
    return { note, run: () => sum.add(images) }
  },
}
