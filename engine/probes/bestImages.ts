import { LabError } from '../../contract/index.js'
import { fillBatch } from '../datasets/lpUnit.js'
import type { ImageSource } from '../datasets/imageSource.js'

const BATCH = 250

/**
 * The images that excite one unit most.
 *
 * @param options - weights H x d, the unit, p of the overlap and of the images, the images, how many to find
 * @returns image numbers and their overlaps, largest first
 * @throws LabError `value.range` for a unit that is not there, `shape.mismatch`
 */
export function bestImages(options: {
  weights: Float32Array
  unit: number
  hiddenUnits: number
  lebesgueNorm: number
  imageNorm: number
  source: ImageSource
  count: number
}): { indices: Int32Array; overlaps: Float32Array } {
  const { weights, unit, hiddenUnits, lebesgueNorm, imageNorm, source } = options
  const size = source.shape[0] * source.shape[1] * source.shape[2]
  if (weights.length !== hiddenUnits * size)
    throw new LabError(
      'shape.mismatch',
      `expected ${hiddenUnits} x ${size} weights for images of ${source.shape.join(' x ')}, got ${weights.length}`,
    )
  if (!(Number.isInteger(unit) && unit >= 0 && unit < hiddenUnits))
    throw new LabError('value.range', `expected a unit in 0 to ${hiddenUnits - 1}, got ${unit}`)
  const metric = Float64Array.from(
    weights.subarray(unit * size, (unit + 1) * size),
    (weight) => Math.sign(weight) * Math.abs(weight) ** (lebesgueNorm - 1),
  )
  const overlaps = new Float32Array(source.count)
  for (let start = 0; start < source.count; start += BATCH) {
    const count = Math.min(BATCH, source.count - start)
    const batch = new Float32Array(count * size)
    fillBatch(
      source,
      Int32Array.from({ length: count }, (_, index) => start + index),
      imageNorm,
      batch,
    )
    for (let image = 0; image < count; image++) {
      let sum = 0
      for (let input = 0; input < size; input++)
        sum += (batch[image * size + input] as number) * (metric[input] as number)
      overlaps[start + image] = sum
    }
  }
  const order = Int32Array.from(overlaps, (_, index) => index).sort(
    (a, b) => (overlaps[b] as number) - (overlaps[a] as number) || a - b,
  )
  const indices = order.slice(0, Math.min(options.count, source.count))
  return { indices, overlaps: Float32Array.from(indices, (index) => overlaps[index] as number) }
}
