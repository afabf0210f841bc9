import type { NullKind } from '../../../contract/compare/fieldMatch.js'
import { randomStream } from '../../random/index.js'
import type { UnitRows } from './unitRows.js'

type Shape = readonly [height: number, width: number, channels: number]

/** Where each pixel of a field comes from. */
function sources(kind: NullKind, [height, width]: Shape, seed: number, row: number): Int32Array {
  const random = randomStream(seed, 'null fields', row)
  const pixels = height * width
  if (kind === 'shuffled') return random.permutation(pixels)
  // Any shift but none, so that a field is never in its own place.
  const shift = 1 + random.below(pixels - 1)
  const [down, right] = [Math.floor(shift / width), shift % width]
  return Int32Array.from({ length: pixels }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width]
    return ((y + down) % height) * width + ((x + right) % width)
  })
}

/**
 * Fields that have nothing to do with those of another layer: each moved round the image by a random distance of its own, which keeps
 * its values, its colours and its smoothness, or with its pixels permuted, which keeps its values and colours alone.
 *
 * @param shape - of an image of at least two pixels, height x width x channels; rows are in this order
 */
export function nullFields(
  { rows, units, inputs }: UnitRows,
  kind: NullKind,
  shape: Shape,
  seed: number,
): Float64Array {
  const [, , channels] = shape
  const moved = new Float64Array(rows.length)
  for (let row = 0; row < units.length; row++) {
    const from = row * inputs
    sources(kind, shape, seed, row).forEach((source, pixel) => {
      for (let channel = 0; channel < channels; channel++)
        moved[from + pixel * channels + channel] = rows[from + source * channels + channel] as number
    })
  }
  return moved
}
