import { z } from 'zod'
import { defineFigure } from './definition.js'
import { float64, fraction, isRising, label, model, MOST_MODELS, orNaN, positive, type FigureModel } from './parts.js'

/** One attack against one model. E sizes, K images that the model classifies correctly without attack. */
export interface FigureSweep {
  /** Sizes, rising, > 0, E. */
  epsilons: Float64Array
  /** Share of the images still classified correctly at each size, 0 to 1, E. */
  relativeAccuracy: Float64Array
  /** ‖Δx‖₂ of the first perturbation that fooled each image, K; NaN where none did. */
  criticalNorms: Float64Array
}

/** Data of Figure 1 (section 8.2): one row for each attack, its sweeps in the order of the models. */
export interface Figure1Data {
  models: readonly FigureModel[]
  /** Also draws the paper's values of its own models, as rings and bands in grey; absent: no. */
  withPublished?: boolean
  attacks: readonly { label: string; sweeps: readonly FigureSweep[] }[]
}

const sweep = z
  .strictObject({ epsilons: float64(positive), relativeAccuracy: float64(fraction), criticalNorms: float64(orNaN) })
  .superRefine(({ epsilons, relativeAccuracy }, context) => {
    if (epsilons.length < 1 || !isRising(epsilons))
      context.addIssue({
        code: 'custom',
        path: ['epsilons'],
        message: 'expected increasing perturbation sizes ε, at least one',
      })
    if (relativeAccuracy.length !== epsilons.length)
      context.addIssue({
        code: 'custom',
        path: ['relativeAccuracy'],
        message: `expected ${epsilons.length} values, one per ε, got ${relativeAccuracy.length}`,
      })
  })

const data: z.ZodType<Figure1Data> = z
  .strictObject({
    models: z.array(model).min(1).max(MOST_MODELS),
    withPublished: z.boolean().exactOptional(),
    attacks: z
      .array(z.strictObject({ label, sweeps: z.array(sweep) }))
      .min(1)
      .max(8),
  })
  .superRefine(({ models, attacks }, context) => {
    attacks.forEach(({ sweeps }, index) => {
      if (sweeps.length !== models.length)
        context.addIssue({
          code: 'custom',
          path: ['attacks', index, 'sweeps'],
          message: `expected ${models.length} sweeps, one per model, got ${sweeps.length}`,
        })
    })
  })

/** Relative accuracy against ε, and critical norms, for each attack. */
export const figure1 = defineFigure('1', {
  label: 'Figure 1, robustness',
  text: 'Robustness against random perturbations, FGSM and PGD',
  style: 'IJoCV',
  fileStem: 'Figure1-AdversarialResults',
  inputs: { kind: 'sweep', attacks: ['random', 'fgsm', 'pgd'], wholeCurves: true, testAccuracy: false },
  needs: 'This figure needs finished sweeps with random perturbations, FGSM and PGD on the same models.',
  data,
  published: true,
  mapModels: (content, change) => ({ ...content, models: content.models.map(change) }),
})
