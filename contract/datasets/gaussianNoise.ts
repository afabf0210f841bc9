import { z } from 'zod'
import { field } from '../field.js'
import { dataSeed, defineDataset } from './definition.js'

const MOST_ENTRIES = 1e6

/** Images of independent normal values. */
export const gaussianNoise = defineDataset('gaussianNoise', {
  label: 'Gaussian noise ξ(t)',
  shape: [32, 32, 3],
  trainImages: 50_000,
  testImages: 10_000,
  classNames: ['noise'],
  normalised: false,
  citation: 'independent, normally distributed values from a seed',
  settings: {
    mean: field(z.number().min(-10).max(10), {
      label: 'Mean',
      symbol: 'μ',
      help: 'Mean of every pixel value.',
      source: '1.1',
    }),
    standardDeviation: field(z.number().positive().max(10), {
      label: 'Standard deviation',
      symbol: 'σ',
      help: 'Standard deviation of every pixel value.',
      source: '1.1',
      range: '> 0',
    }),
    dataSeed: dataSeed('images'),
    /** Height, width, channels; without it 32 x 32 x 3 as in the paper, or the images of the model whose spectrum is measured. */
    shape: field(
      z
        .tuple([z.int().min(1).max(4096), z.int().min(1).max(4096), z.int().min(1).max(64)])
        .refine((sizes) => sizes[0] * sizes[1] * sizes[2] <= MOST_ENTRIES, {
          error: `expected images of at most ${MOST_ENTRIES} entries`,
        })
        .optional(),
      {
        label: 'Image shape',
        help: 'Height, width and channels; without it those of the paper, or of the model that is measured.',
        source: '1.1',
      },
    ),
  },
  whole: (seed) => ({ kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: seed }),
  files: null,
})
