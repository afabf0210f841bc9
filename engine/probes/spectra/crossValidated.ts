import { LabError, numericalRank, type ModelSpectrum } from '../../../contract/index.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import { fitPowerLaw } from '../powerLawFit.js'
import type { Representation } from './representation.js'
import type { SpectrumTools } from './resampling.js'

const BATCH = 500

/**
 * Cross-validated principal components: directions from one repeat, variance from both,
 *
 *     c_k = 1/(N-1) Σ_n (y_n - ȳ)·v_k (z_n - z̄)·v_k = v_kᵀ C_yz v_k,
 *
 * averaged over which repeat gives the directions. What the repeats do not share averages out, so that c_k estimates the variance of
 * what both show.
 *
 * @param repeats - two repeats of the same images
 * @returns covariances in the order of the directions, and how many lead before the first that is not positive or no more than rounding
 *
 * Source: C. Stringer et al., Nature 571 (2019), methods.
 */
export async function crossValidatedSpectrum(
  representation: Representation,
  repeats: readonly [ImageSource, ImageSource],
  images: number,
  window: readonly [number, number],
  tools: SpectrumTools,
): Promise<NonNullable<ModelSpectrum['crossValidated']>> {
  const { width } = representation
  const sums = {
    yy: new Float64Array(width * width),
    zz: new Float64Array(width * width),
    yz: new Float64Array(width * width),
    y: new Float64Array(width),
    z: new Float64Array(width),
  }
  const add = (target: Float64Array, part: Float64Array): void => {
    for (let index = 0; index < part.length; index++)
      target[index] = (target[index] as number) + (part[index] as number)
  }
  // Shifts keep digits and cancel.
  let shifts: readonly [Float64Array, Float64Array] | null = null
  for (let start = 0; start < images; start += BATCH) {
    tools.step()
    const indices = Int32Array.from({ length: Math.min(BATCH, images - start) }, (_, index) => start + index)
    const [y, z] = (await Promise.all(repeats.map((repeat) => representation.rows(repeat, indices)))) as [
      Float64Array,
      Float64Array,
    ]
    shifts ??= [means(y, width), means(z, width)]
    for (const [rows, shift, sum] of [
      [y, shifts[0], sums.y],
      [z, shifts[1], sums.z],
    ] as const) {
      for (let index = 0; index < rows.length; index++) {
        const value = (rows[index] as number) - (shift[index % width] as number)
        rows[index] = value
        sum[index % width] = (sum[index % width] as number) + value
      }
    }
    const size = { rows: width, inner: indices.length, columns: width, transposeA: true }
    add(sums.yy, await tools.executor.multiply64(y, y, size))
    add(sums.zz, await tools.executor.multiply64(z, z, size))
    add(sums.yz, await tools.executor.multiply64(y, z, size))
  }
  const centred = (products: Float64Array, a: Float64Array, b: Float64Array): Float64Array =>
    products.map(
      (value, index) =>
        (value - ((a[Math.floor(index / width)] as number) * (b[index % width] as number)) / images) / (images - 1),
    )
  const cross = centred(sums.yz, sums.y, sums.z)
  const along = async (covariance: Float64Array): Promise<Float64Array> => {
    tools.step()
    const { vectors } = await tools.eigen(covariance, width)
    const moved = await tools.executor.multiply64(cross, vectors, { rows: width, inner: width, columns: width })
    const result = new Float64Array(width)
    for (let index = 0; index < moved.length; index++)
      result[index % width] = (result[index % width] as number) + (moved[index] as number) * (vectors[index] as number)
    return result
  }
  const [first, second] = [await along(centred(sums.yy, sums.y, sums.y)), await along(centred(sums.zz, sums.z, sums.z))]
  const covariances = first.map((value, index) => (value + (second[index] as number)) / 2)
  const end = covariances.findIndex((value) => !(value > 0))
  const reliable = Math.min(
    end < 0 ? width : end,
    numericalRank(
      covariances.map((value) => Math.max(0, value)),
      { images },
    ),
  )
  try {
    return { covariances, reliable, fit: fitPowerLaw(covariances, window, reliable), fitNote: null }
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'probe.window') throw error
    return { covariances, reliable, fit: null, fitNote: error.message }
  }
}

function means(rows: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width)
  for (let index = 0; index < rows.length; index++)
    result[index % width] = (result[index % width] as number) + ((rows[index] as number) * width) / rows.length
  return result
}
