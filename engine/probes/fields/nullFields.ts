import type { NullKind } from '../../../contract/compare/fieldMatch.js'
import { randomStream, type RandomStream } from '../../random/index.js'
import type { UnitRows } from './unitRows.js'

type Shape = readonly [height: number, width: number, channels: number]

/** Where pixel (y, x) comes from under each symmetry of a rectangle but the identity; those after the third need a square. */
const SYMMETRIES: readonly ((y: number, x: number, bottom: number, right: number) => [y: number, x: number])[] = [
  (y, x, _, right) => [y, right - x],
  (y, x, bottom) => [bottom - y, x],
  (y, x, bottom, right) => [bottom - y, right - x],
  (y, x) => [x, y],
  (y, x, bottom, right) => [bottom - x, right - y],
  (y, x, bottom) => [bottom - x, y],
  (y, x, _, right) => [x, right - y],
]
const OF_RECTANGLES = 3

/** Where each pixel of a field comes from. */
function sources(kind: NullKind, [height, width]: Shape, random: RandomStream): Int32Array {
  const pixels = height * width
  if (kind === 'shuffled') return random.permutation(pixels)
  const place = (pixel: number): [y: number, x: number] => [Math.floor(pixel / width), pixel % width]
  if (kind === 'shifted') {
    // Any shift but none, so that a field is never in its own place.
    const shift = 1 + random.below(pixels - 1)
    const [down, right] = place(shift)
    return Int32Array.from({ length: pixels }, (_, pixel) => {
      const [y, x] = place(pixel)
      return ((y + down) % height) * width + ((x + right) % width)
    })
  }
  const turn = SYMMETRIES[random.below(height === width ? SYMMETRIES.length : OF_RECTANGLES)]
  return Int32Array.from({ length: pixels }, (_, pixel) => {
    const [y, x] = place(pixel)
    const [fromY, fromX] = turn?.(y, x, height - 1, width - 1) ?? [y, x]
    return fromY * width + fromX
  })
}

/**
 * Fields that have nothing to do with those of another layer, made of each field by itself:
 *
 * - `turned`: mirrored or rotated at random, which keeps its values, its smoothness and its distance from the edges;
 * - `shifted`: moved round the image by a random distance, which keeps its values and, but for the edges, its smoothness;
 * - `shuffled`: with its pixels permuted, which keeps its values alone.
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
    sources(kind, shape, randomStream(seed, 'null fields', row)).forEach((source, pixel) => {
      for (let channel = 0; channel < channels; channel++)
        moved[from + pixel * channels + channel] = rows[from + source * channels + channel] as number
    })
  }
  return moved
}
