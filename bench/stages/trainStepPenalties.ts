import { normal, overlapOperations, type Stage } from './stage.js'
import { prepareTraining } from './trainStep.js'

/** The step of training with both penalties of the paper: squares of all parameters, and the Jacobian by one projection. */
export const trainStepPenalties: Stage = {
  // A projection is one product, and its derivative another.
  operations: (sizes) => 2 * overlapOperations(sizes) + 4 * sizes.batch * sizes.units * sizes.inputs,
  stretch: 4,
  prepare: (sizes, executor) =>
    prepareTraining(
      sizes,
      executor,
      [
        { kind: 'lebesgue', strength: 5e-4, lebesgueNorm: 2 },
        { kind: 'jacobian', strength: 1e-3, projections: 1, estimator: 'corrected' },
      ],
      {
        penalty0: {},
        penalty1: { normal: { data: normal(sizes.batch * sizes.units, 14, 1), shape: [1, sizes.batch, sizes.units] } },
      },
    ),
}
