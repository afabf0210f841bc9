import type { Interval, ModelSpectrum } from '../../../contract/index.js'
import type { Executor } from '../../executor/executor.js'
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

async function spectrumOfRows(rows: Rows, pick: (row: number, target: Float64Array, at: number) => void, { executor, eigenvalues }: SpectrumTools): Promise<Float64Array> {
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

const bounds = (values: readonly number[] | Float64Array, level: number): Interval => {
  const sorted = Float64Array.from(values).sort()
  return { lower: quantileOfSorted(sorted, (1 - level) / 2), upper: quantileOfSorted(sorted, (1 + level) / 2) }
}

/** Percentiles of the eigenvalues over many spectra, rank by rank. */
function perRank(spectra: readonly Float64Array[], of: (values: Float64Array) => number): Float64Array {
  const width = spectra[0]?.length ?? 0
  return Float64Array.from({ length: width }, (_, rank) => of(Float64Array.from(spectra, (spectrum) => spectrum[rank] as number).sort()))
}

/**
 * Bootstrap over images: N images drawn with replacement, `resamples` times, percentiles of every eigenvalue, of the slope and of the
 * participation ratio.
 */
export async function bootstrapSpectra(rows: Rows, options: { resamples: number; level: number; window: readonly [number, number]; seed: number }, tools: SpectrumTools): Promise<NonNullable<ModelSpectrum['bootstrap']>> {
  const { resamples, level, window, seed } = options
  const spectra: Float64Array[] = []
  for (let resample = 0; resample < resamples; resample++) {
    tools.step()
    const random = randomStream(seed, 'bootstrap spectra', resample)
    spectra.push(await spectrumOfRows(rows, (_, target, at) => {
      const row = random.below(rows.count)
      target.set(rows.data.subarray(row * rows.width, (row + 1) * rows.width), at)
    }, tools))
  }
  const slopes = spectra.flatMap((spectrum) => {
    try {
      return [fitPowerLaw(spectrum, window).slope]
    } catch {
      return []
    }
  })
  return {
    lower: perRank(spectra, (values) => quantileOfSorted(values, (1 - level) / 2)), upper: perRank(spectra, (values) => quantileOfSorted(values, (1 + level) / 2)),
    slope: slopes.length < resamples ? null : bounds(slopes, level), participationRatio: bounds(spectra.map(participationRatio), level),
  }
}

/** The null of independent columns: every column shuffled on its own, which keeps its values and breaks all correlations. */
export async function shuffledSpectra(rows: Rows, options: { shuffles: number; level: number; seed: number; eigenvalues: Float64Array }, tools: SpectrumTools): Promise<NonNullable<ModelSpectrum['shuffled']>> {
  const { shuffles, level, seed, eigenvalues } = options
  const { count, width, data } = rows
  const spectra: Float64Array[] = []
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    tools.step()
    const mixed = new Float64Array(data.length)
    for (let column = 0; column < width; column++) {
      const order = randomStream(seed, 'shuffled columns', shuffle, column).permutation(count)
      for (let row = 0; row < count; row++) mixed[row * width + column] = data[(order[row] as number) * width + column] as number
    }
    spectra.push(await spectrumOfRows({ ...rows, data: mixed }, (row, target, at) => target.set(mixed.subarray(row * width, (row + 1) * width), at), tools))
  }
  const upper = perRank(spectra, (values) => quantileOfSorted(values, (1 + level) / 2))
  let above = 0
  while (above < width && (eigenvalues[above] as number) > (upper[above] as number)) above++
  return { mean: perRank(spectra, (values) => values.reduce((sum, value) => sum + value, 0) / values.length), upper, above }
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
