import { z } from 'zod'
import { defineFigure } from './definition.js'
import { fraction, model, MOST_MODELS, positive, type FigureModel } from './parts.js'

/** Data of Figure A2 (section 8.7): one dot for each model in each panel. */
export interface FigureA2Data {
  /** Also draws the paper's values of its own models, as rings; absent: no. */
  withPublished?: boolean
  models: readonly {
    model: FigureModel
    /** Of the last epoch, as a fraction. */
    testAccuracy: number
    /** Median ‖Δx‖₂ over the images that were fooled; null where none was. */
    medianCriticalNorm: { random: number | null; pgd: number | null }
  }[]
}

const data: z.ZodType<FigureA2Data> = z.strictObject({
  withPublished: z.boolean().exactOptional(),
  models: z
    .array(
      z.strictObject({
        model,
        testAccuracy: fraction,
        medianCriticalNorm: z.strictObject({ random: positive.nullable(), pgd: positive.nullable() }),
      }),
    )
    .min(1)
    .max(MOST_MODELS),
})

/** Test accuracy against the median critical norm of every model. */
export const figureA2 = defineFigure('A2', {
  label: 'Figure A2, accuracy and robustness',
  text: 'Test accuracy against median critical norm',
  style: 'IJoCV',
  fileStem: 'FigureA2-AccVsRobustness',
  inputs: { kind: 'sweep', attacks: ['random', 'pgd'], wholeCurves: false, testAccuracy: true },
  needs: 'This figure needs finished sweeps with random perturbations and PGD on the same models.',
  data,
  published: true,
  mapModels: (content, change) => ({
    ...content,
    models: content.models.map((each) => ({ ...each, model: change(each.model) })),
  }),
})
