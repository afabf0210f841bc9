import { z } from 'zod'
import { field } from '../field.js'
import { defineRegulariser } from './definition.js'

/**
 * Float32 operations that cost as long as one eigenproblem of n units with its vectors, over n³: 1.85 s at 2000 units where products run
 * at 1.5e11 operations a second (docs/PERFORMANCE.md).
 */
const EIGENPROBLEM_OPERATIONS = 35
/** Time of a product in float64 over its time in float32. */
const FLOAT64_FACTOR = 2
/** Products of a step: the projections of the batch, and two for their gradient. */
const STEP_PRODUCTS = 3
/** Matrices of the eigenproblem in float64. */
const MATRICES = 6
/** Below this many decades under the first, eigenvalues are rounding error in float32. */
const MOST_DECADES = 7

/** Covariance spectrum of the hidden layer, drawn to a power law. */
export const spectral = defineRegulariser('spectral', {
  label: 'Spectrum of the hidden layer',
  short: 'spectral',
  paper: 'SpecReg',
  summary: 'Pulls the eigenvalues of the covariance of the hidden layer towards n^(−α).',
  source: 'J. Nassar et al., NeurIPS 2020 (corrected), and the original’s SpecReg (as the original); section 4.3.',
  settings: {
    estimator: field(z.enum(['corrected', 'faithful']), {
      label: 'Variant',
      help: 'Corrected: centred, sorted, target anchored to the data. As the original: basis of the last batch, uncentred, absolute target.',
      source: '4.3',
      choices: { corrected: 'corrected', faithful: 'as the original' },
    }),
    exponent: field(z.number().positive().max(20), {
      label: 'Target exponent',
      symbol: 'α',
      help: 'Pulls the eigenvalues towards n^(−α).',
      source: '4.3',
      range: '> 0',
    }),
    firstIndex: field(z.int().min(0).max(20_000), {
      label: 'First index',
      symbol: 'τ',
      help: 'Eigenvalues before this index (counted from 0) are not penalised.',
      source: '4.3',
    }),
  },
  first: { kind: 'spectral', strength: 1, estimator: 'corrected', exponent: 1, firstIndex: 10 },
  needsHiddenLayer: true,
  preparesEpoch: true,
  describe: ({ estimator, exponent, firstIndex }, text) =>
    `, exponent ${text(exponent)} from ${text(firstIndex)}${estimator === 'faithful' ? ' as in the original' : ''}`,
  // epochs [35 n³ + M (2 d n + 2 · 2 n²)] + epochs N · 3 · 2 n²; M is all images or, as the original, those of a batch.
  cost: ({ estimator }, { units, inputSize, images, batchSize, epochs }) => {
    const covered = estimator === 'corrected' ? images : Math.min(batchSize, images)
    const epoch =
      EIGENPROBLEM_OPERATIONS * units ** 3 + covered * (2 * inputSize * units + FLOAT64_FACTOR * 2 * units ** 2)
    return { operations: epochs * (epoch + images * STEP_PRODUCTS * 2 * units ** 2), normals: 0 }
  },
  memoryBytes: (_, units) => MATRICES * units * units * 8,
  faults: ({ firstIndex }, { units, batchSize }) => [
    ...(batchSize < 2 ? [{ key: 'batchSize', text: 'A covariance needs at least two images. Use 2 or more.' }] : []),
    ...(units !== null && units > 0 && firstIndex > units - 2
      ? [{ key: 'firstIndex', text: `There are only ${units} eigenvalues. Use ${units - 2} or less.` }]
      : []),
  ],
  warnings: ({ strength, exponent }, { frozen, units, batchSize }, text) => {
    const decades = units === null ? 0 : exponent * Math.log10(Math.max(1, units))
    return [
      ...(frozen && strength > 0
        ? [{ key: 'strength', text: 'The layer is frozen, so this term changes no weight; it is only logged.' }]
        : []),
      ...(units !== null && decades > MOST_DECADES
        ? [
            {
              key: 'exponent',
              text: `The last of ${text(units)} targets lies ${text(Math.round(decades))} decades below the first; rounding error dominates there.`,
            },
          ]
        : []),
      ...(units !== null && batchSize <= units && strength > 0
        ? [
            {
              key: 'kind',
              text: `A batch of ${text(batchSize)} images has at most ${text(batchSize - 1)} of ${text(units)} non-zero eigenvalues.`,
            },
          ]
        : []),
    ]
  },
})
