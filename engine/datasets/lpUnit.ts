import { LabError } from '../../contract/index.js'
import { rowsOf, type ImageRows } from './imageRows.js'
import type { ImageSource } from './imageSource.js'

/** Scales by source and p, 0 where not known yet; an epoch then costs one product per value. */
const scales = new WeakMap<ImageSource, Map<number, Float32Array>>()

/**
 * (Σ_i |x_i|^p)^(1/p) of a stretch of values.
 *
 * @param values - raw values
 * @param start - first entry
 * @param count - how many
 * @param lebesgueNorm - p, >= 1
 */
export function lpNorm(values: Float32Array | Uint8Array, start: number, count: number, lebesgueNorm: number): number {
  let sum = 0
  // Products: the general power takes twelve times as long.
  if (lebesgueNorm === 2) {
    for (let index = start; index < start + count; index++) {
      const value = values[index] as number
      sum += value * value
    }
  } else if (lebesgueNorm === 3) {
    for (let index = start; index < start + count; index++) {
      const value = Math.abs(values[index] as number)
      sum += value * value * value
    }
  } else
    for (let index = start; index < start + count; index++) sum += Math.abs(values[index] as number) ** lebesgueNorm
  return lebesgueNorm === 2 ? Math.sqrt(sum) : lebesgueNorm === 3 ? Math.cbrt(sum) : sum ** (1 / lebesgueNorm)
}

function knownScales(source: ImageSource, lebesgueNorm: number): Float32Array {
  const ofSource = scales.get(source) ?? new Map<number, Float32Array>()
  scales.set(source, ofSource)
  const known = ofSource.get(lebesgueNorm) ?? new Float32Array(source.count)
  ofSource.set(lebesgueNorm, known)
  return known
}

/**
 * Writes a batch of images as learning sees them: every image divided by its own Lp norm, x / (Σ|x|^p)^(1/p), over all
 * entries and colours together; a set that is not normalised goes in as it is.
 *
 * The scale is rounded to float32 first, so that kernels in float32 write the same bits as this does.
 *
 * @param source - the images
 * @param indices - which images, in this order
 * @param lebesgueNorm - p, >= 1
 * @param target - receives indices.length images of d values
 * @throws LabError `dataset.blackImage` for an image of norm 0; `shape.mismatch` when the target has another length
 *
 * Source: the original's Lp unit data sets; docs/SOURCES.md 1.2.
 */
export function fillBatch(
  source: ImageSource,
  indices: Int32Array,
  lebesgueNorm: number,
  target: Float32Array | ImageRows,
): void {
  const [height, width, channels] = source.shape
  const size = height * width * channels
  const { data, rowLength, scaleBytes } = rowsOf(target, size)
  if (rowLength < size || data.length !== indices.length * rowLength)
    throw new LabError(
      'shape.mismatch',
      `expected room for ${indices.length} x ${size} values, got ${data.length} in rows of ${rowLength}`,
    )
  const known = knownScales(source, lebesgueNorm)
  const scaleOf = (image: number, values: Float32Array | Uint8Array, start: number): number => {
    const before = known[image] as number
    if (before !== 0) return before
    const norm = lpNorm(values, start, size, lebesgueNorm)
    if (norm === 0)
      throw new LabError('dataset.blackImage', `image ${image} is completely black; its L${lebesgueNorm} norm is 0`, {
        image,
      })
    known[image] = 1 / norm
    return known[image] as number
  }
  for (let place = 0; place < indices.length; place++) {
    const image = indices[place] as number
    const start = place * rowLength
    if (source.normalised && scaleBytes !== undefined && source.bytes !== undefined) {
      const bytes = source.bytes(image)
      scaleBytes(place, bytes, scaleOf(image, bytes, 0))
      continue
    }
    source.read(image, data, start)
    if (!source.normalised) continue
    const scale = scaleOf(image, data, start)
    for (let index = start; index < start + size; index++) data[index] = (data[index] as number) * scale
  }
}
