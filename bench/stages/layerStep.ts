import { fillBatch } from '../../engine/datasets/index.js'
import { trainingImages } from './images.js'
import { normal, overlapOperations, type Stage } from './stage.js'

/** The published parameters of FKHL3 on CIFAR-10. */
export const RULE = { kind: 'fkhl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 } as const
export const SPHERE = { lebesgueNorm: 3, radius: 1 } as const

/** One step of FKHL3, from weights as they are drawn, on images of a batch that is there. */
export const layerStep: Stage = {
  operations: overlapOperations,
  stretch: 5,
  prepare: async ({ inputs, units, batch }, executor) => {
    const { source, note } = await trainingImages(batch)
    const program = await executor.layerProgram({
      rule: RULE,
      hiddenUnits: units,
      inputSize: inputs,
      weights: normal(units * inputs, 1, 1),
      ...SPHERE,
    })
    const images = program.room(batch)
    fillBatch(
      source,
      Int32Array.from({ length: batch }, (_, index) => index),
      SPHERE.lebesgueNorm,
      images,
    )
    return { note, run: async () => void (await program.step(images, 0.02)) }
  },
}
