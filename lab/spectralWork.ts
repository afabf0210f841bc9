import type { ClassifierSpec } from '../contract/index.js'
import type { Work } from './work.js'

/**
 * Float32 operations that cost as long as one eigenproblem of n units with its vectors, over n³: 1.85 s at 2000 units where products run
 * at 1.5e11 operations a second (docs/PERFORMANCE.md).
 */
const EIGENPROBLEM_OPERATIONS = 35
/** Time of a product in float64 over its time in float32. */
const FLOAT64_FACTOR = 2
/** Products of a step: the projections of the batch, and two for their gradient. */
const STEP_PRODUCTS = 3

/**
 * What the spectral penalties of a training cost beside its other steps: every epoch an eigenproblem of the hidden layer's covariance,
 * which `corrected` sums over all images and `faithful` over the last batch, and every step the projections of its batch.
 *
 *     epochs [35 n³ + M (2 d n + 2 · 2 n²)] + epochs N · 3 · 2 n²   operations,  M = N or B
 *
 * @param work - n units, d entries of an image, N images, B of a batch
 * @param productRate - multiplications and additions a second in float32 products, > 0
 * @returns seconds; 0 without a spectral penalty
 */
export function spectralSeconds({ regularisers }: Pick<ClassifierSpec, 'regularisers'>, { units, inputSize, images, batchSize, epochs }: Pick<Work, 'units' | 'inputSize' | 'images' | 'batchSize' | 'epochs'>, productRate: number): number {
  return regularisers.reduce((sum, term) => {
    if (term.kind !== 'spectral') return sum
    const covered = term.estimator === 'corrected' ? images : Math.min(batchSize, images)
    const epoch = EIGENPROBLEM_OPERATIONS * units ** 3 + covered * (2 * inputSize * units + FLOAT64_FACTOR * 2 * units ** 2)
    return sum + (epochs * (epoch + images * STEP_PRODUCTS * 2 * units ** 2)) / productRate
  }, 0)
}
