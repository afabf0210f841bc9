import { numericalRank, type Interval, type ModelSpectrum, type PowerLawFit } from '../../../contract/index.js'
import type { Executor } from '../../executor/executor.js'
import { normalQuantile } from '../../../contract/statistics/special.js'
import { quantileOfSorted } from '../../linalg/statistics.js'
import { randomStream } from '../../random/index.js'
import { createCovarianceSum } from '../covariance.js'
import { fitPowerLaw, participationRatio } from '../powerLawFit.js'

/** Rows of a representation in memory, N x width. */
export interface Rows {
  data: Float64Array
  count: number
  width: number
}

/** What spectra are computed with. */
export interface SpectrumTools {
  executor: Pick<Executor, 'compile' | 'multiply64'>
  /** Descending. */
  eigenvalues(matrix: Float64Array, size: number): Promise<Float64Array>
  /** An eigenvector per column, values descending. */
  eigen(matrix: Float64Array, size: number): Promise<{ values: Float64Array; vectors: Float64Array }>
  /** Called between heavy steps; may throw `cancelled`. */
  step(): void
}

const CHUNK = 1000

async function spectrumOfRows(
  rows: Rows,
  pick: (row: number, target: Float64Array, at: number) => void,
  { executor, eigenvalues }: SpectrumTools,
): Promise<Float64Array> {
  const { width, count } = rows
  const sum = createCovarianceSum(width, executor.multiply64)
  for (let start = 0; start < count; start += CHUNK) {
    const length = Math.min(CHUNK, count - start)
    const chunk = new Float64Array(length * width)
    for (let row = 0; row < length; row++) pick(start + row, chunk, row * width)
    await sum.add(chunk, length)
  }
  return eigenvalues(sum.covariance(), width)
}

/**
 * Bootstrap interval of an estimate that resampling moves: normal, about the estimate without its bias,
 *
 *     2θ - mean θ*  ±  z s(θ*),
 *
 * since a sample spreads eigenvalues, a resample spreads them once more, and percentiles of the resamples miss the truth by twice that.
 *
 * Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), 10.6 and 13.3.
 */
export function bootstrapInterval(estimate: number, resampled: readonly number[], level: number): Interval {
  const mean = resampled.reduce((sum, value) => sum + value, 0) / resampled.length
  const spread = Math.sqrt(
    resampled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, resampled.length - 1),
  )
  const centre = 2 * estimate - mean
  const reach = normalQuantile((1 + level) / 2) * spread
  return { lower: centre - reach, upper: centre + reach }
}

/** {@link bootstrapInterval} of a logarithm, for numbers above 0. */
export function bootstrapRatioInterval(estimate: number, resampled: readonly number[], level: number): Interval {
  const { lower, upper } = bootstrapInterval(Math.log(estimate), resampled.map(Math.log), level)
  return { lower: Math.exp(lower), upper: Math.exp(upper) }
}

/** Percentiles of the eigenvalues over many spectra, rank by rank. */
function perRank(spectra: readonly Float64Array[], of: (values: Float64Array) => number): Float64Array {
  const width = spectra[0]?.length ?? 0
  return Float64Array.from({ length: width }, (_, rank) =>
    of(Float64Array.from(spectra, (spectrum) => spectrum[rank] as number).sort()),
  )
}

/**
 * Bootstrap over images: N images drawn with replacement, `resamples` times, with intervals of the slope and of the participation ratio
 * (`bootstrapInterval`), and the band that holds each eigenvalue of the resamples, which is no interval of the true one. A resample has fewer different images, and a slope that it cannot fit over the same ranks
 * has no interval.
 *
 * @param of - the spectrum of the images themselves, its numerical rank, and the fit that the slope is of
 */
export async function bootstrapSpectra(
  rows: Rows,
  of: { eigenvalues: Float64Array; rank: number; fit: PowerLawFit | null },
  options: { resamples: number; level: number; seed: number },
  tools: SpectrumTools,
): Promise<NonNullable<ModelSpectrum['bootstrap']>> {
  const { resamples, level, seed } = options
  const { eigenvalues, rank, fit } = of
  const spectra: Float64Array[] = []
  const slopes: number[] = []
  for (let resample = 0; resample < resamples; resample++) {
    tools.step()
    const random = randomStream(seed, 'bootstrap spectra', resample)
    const drawn = new Set<number>()
    const spectrum = await spectrumOfRows(
      rows,
      (_, target, at) => {
        const row = random.below(rows.count)
        drawn.add(row)
        target.set(rows.data.subarray(row * rows.width, (row + 1) * rows.width), at)
      },
      tools,
    )
    spectra.push(spectrum)
    if (fit !== null && Math.min(rank, numericalRank(spectrum, { images: drawn.size })) >= fit.window[1])
      slopes.push(fitPowerLaw(spectrum, fit.window, rank).slope)
  }
  return {
    lower: perRank(spectra, (values) => quantileOfSorted(values, (1 - level) / 2)),
    upper: perRank(spectra, (values) => quantileOfSorted(values, (1 + level) / 2)),
    slope:
      fit === null || slopes.length < resamples || resamples < 2 ? null : bootstrapInterval(fit.slope, slopes, level),
    participationRatio: bootstrapRatioInterval(participationRatio(eigenvalues), spectra.map(participationRatio), level),
  }
}

/** The null of independent columns: every column shuffled on its own, which keeps its values and breaks all correlations. */
export async function shuffledSpectra(
  rows: Rows,
  options: { shuffles: number; level: number; seed: number; eigenvalues: Float64Array },
  tools: SpectrumTools,
): Promise<NonNullable<ModelSpectrum['shuffled']>> {
  const { shuffles, level, seed, eigenvalues } = options
  const { count, width, data } = rows
  const spectra: Float64Array[] = []
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    tools.step()
    const mixed = new Float64Array(data.length)
    for (let column = 0; column < width; column++) {
      const order = randomStream(seed, 'shuffled columns', shuffle, column).permutation(count)
      for (let row = 0; row < count; row++)
        mixed[row * width + column] = data[(order[row] as number) * width + column] as number
    }
    spectra.push(
      await spectrumOfRows(
        { ...rows, data: mixed },
        (row, target, at) => target.set(mixed.subarray(row * width, (row + 1) * width), at),
        tools,
      ),
    )
  }
  const upper = perRank(spectra, (values) => quantileOfSorted(values, (1 + level) / 2))
  let above = 0
  while (above < width && (eigenvalues[above] as number) > (upper[above] as number)) above++
  return {
    mean: perRank(spectra, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    upper,
    above,
  }
}

/**
 * Edges of the Marchenko-Pastur law for independent columns of variance σ²: σ²(1 ± √(W/N))².
 *
 * @param eigenvalues - W of them, descending; σ² is their mean
 * @param images - N
 *
 * Source: V. A. Marchenko, L. A. Pastur, Math. USSR Sbornik 1 (1967).
 */
export function marchenkoPastur(eigenvalues: Float64Array, images: number): ModelSpectrum['marchenkoPastur'] {
  const variance = eigenvalues.reduce((sum, value) => sum + value, 0) / eigenvalues.length
  const root = Math.sqrt(eigenvalues.length / images)
  const upper = variance * (1 + root) ** 2
  return { lower: variance * (1 - root) ** 2, upper, above: eigenvalues.filter((value) => value > upper).length }
}
