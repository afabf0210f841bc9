import { z } from 'zod'
import { field } from '../field.js'
import { defineRegulariser } from './definition.js'

/** Squared Frobenius norm of the Jacobian of the hidden layer. */
export const jacobian = defineRegulariser('jacobian', {
  label: 'Jacobian of the hidden layer',
  short: 'Jacobian',
  paper: 'JFReg',
  summary: 'Adds ‖∂hidden/∂x‖², in closed form or estimated by random projections.',
  source: 'J. Hoffman, D. Roberts, S. Yaida, arXiv 1908.02729, as modified in the original’s JFReg; section 4.2.',
  settings: {
    estimator: field(z.enum(['exact', 'corrected', 'faithful']), {
      label: 'Estimator',
      help: 'Exact: ‖∂hidden/∂x‖² in closed form. The others estimate it by random projections, normalised per image (corrected) or as in the original.',
      source: '4.2',
      choices: {
        exact: 'exact, closed form',
        corrected: 'projections, corrected',
        faithful: 'projections, as the original',
      },
    }),
    projections: field(z.int().min(1).max(64), {
      label: 'Projections',
      symbol: 'P',
      help: 'Number of random directions per image; not used by the exact estimator.',
      source: '4.2',
    }),
  },
  first: { kind: 'jacobian', strength: 0.001, estimator: 'exact', projections: 3 },
  needsHiddenLayer: true,
  preparesEpoch: false,
  describe: ({ estimator, projections }, text) =>
    estimator === 'exact'
      ? ''
      : `, ${text(projections)} projections${estimator === 'faithful' ? ' as in the original' : ''}`,
  workKey: ({ estimator, projections }) => `jacobian ${estimator} ${projections}`,
  cost: ({ estimator, projections, strength }, { units, inputSize, images, testImages, batchSize, epochs }) => {
    const drawn = estimator === 'exact' ? 0 : projections
    const trained = strength === 0 ? 0 : Math.ceil(images / batchSize) * epochs * batchSize
    // Every test image is projected once an epoch; a step takes a product forward and one for the gradient.
    return {
      operations: 2 * units * inputSize * (epochs * drawn * testImages + 2 * trained),
      normals: units * drawn * (epochs * testImages + trained),
    }
  },
  warnings: ({ estimator, projections, strength }, { frozen }) => [
    ...(estimator === 'faithful' && projections > 1
      ? [
          {
            key: 'estimator',
            text: `With the normalisation of the original code, ${projections} projections give about 1/${projections} of the norm.`,
          },
        ]
      : []),
    ...(frozen && strength > 0
      ? [
          {
            key: 'strength',
            text: 'The layer is frozen, so this term is a constant: it shifts the loss and changes no weight.',
          },
        ]
      : []),
  ],
})
