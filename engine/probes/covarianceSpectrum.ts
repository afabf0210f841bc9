import { LabError } from '../../contract/index.js'
import { fillBatch } from '../datasets/lpUnit.js'
import type { ImageSource } from '../datasets/imageSource.js'
import type { Executor } from '../executor/executor.js'
import { symmetricEigenvaluesOn } from '../linalg/symmetricEigen.js'
import { createProjectedCovariance } from './projectedCovariance.js'

/** What the spectrum of a layer is measured on. */
export interface CovarianceSpectrumOptions {
  /** Units x inputs, H x d. */
  weights: Float32Array
  hiddenUnits: number
  lebesgueNorm: number
  /** p of the images, where it differs from the layer's. */
  imageNorm?: number
  source: ImageSource
  /** Number of images from the start, 2 .. source.count. */
  images: number
  executor: Pick<Executor, 'compile' | 'multiply64'>
  /** Number of units from the first; all when absent. */
  units?: number
  onProgress?: (done: number, total: number) => void
  /** Looked at between batches; true ends the work with `cancelled`. */
  cancelled?: () => boolean
}

const BATCH = 1000

/** sign(W)|W|^(p-1). */
function metricWeights(weights: Float32Array, lebesgueNorm: number): Float32Array {
  return weights.map((weight) =>
    lebesgueNorm === 2
      ? weight
      : lebesgueNorm === 3
        ? weight * Math.abs(weight)
        : Math.sign(weight) * Math.abs(weight) ** (lebesgueNorm - 1),
  )
}

/**
 * Covariance spectrum of a layer's overlaps h (the pre-activation) over the first images of a set.
 *
 * Sums and eigenvalues are float64, the products of a batch float32: values below 1e-8 of the largest are noise, where the original's
 * are below 1e-7.
 *
 * @returns eigenvalues of the unbiased covariance, descending; dead units add zeros
 * @throws LabError `shape.mismatch` when weights and images do not fit, `value.range` for fewer than two images, `cancelled`
 *
 * Source: docs/SOURCES.md 5.1.
 */
export async function covarianceSpectrum(options: CovarianceSpectrumOptions): Promise<Float64Array> {
  const { hiddenUnits, lebesgueNorm, source, executor } = options
  const [height, width, channels] = source.shape
  const inputSize = height * width * channels
  const units = Math.min(options.units ?? hiddenUnits, hiddenUnits)
  const images = Math.min(options.images, source.count)
  if (options.weights.length !== hiddenUnits * inputSize)
    throw new LabError(
      'shape.mismatch',
      `expected ${hiddenUnits} x ${inputSize} weights for images of ${source.shape.join(' x ')}, got ${options.weights.length}`,
    )
  const sum = createProjectedCovariance(executor, {
    data: metricWeights(options.weights.subarray(0, units * inputSize), lebesgueNorm),
    units,
    inputSize,
  })
  for (let start = 0; start < images; start += BATCH) {
    if (options.cancelled?.() === true)
      throw new LabError('cancelled', `the spectrum was cancelled after ${start} of ${images} images`)
    const count = Math.min(BATCH, images - start)
    const batch = sum.room(count)
    fillBatch(
      source,
      Int32Array.from({ length: count }, (_, index) => start + index),
      options.imageNorm ?? lebesgueNorm,
      batch,
    )
    await sum.add(batch)
    options.onProgress?.(start + count, images)
  }
  return symmetricEigenvaluesOn(executor, sum.covariance(), units)
}
