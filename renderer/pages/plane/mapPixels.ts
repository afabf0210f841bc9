import type { PlaneMap } from '../../../contract/index.js'
import { rgbOf } from '../../../figures/colour.js'
import { magma } from '../../../figures/kit/magma.js'
import type { PlaneTheme } from './usePlaneTheme.js'

/** The ends of magma are too dark and too light to see lines on. */
const MAGMA_FROM = 0.04
const MAGMA_SPAN = 0.92

/** Colour of a Jacobian norm in a range. */
export const magmaOf = (value: number, [low, high]: readonly [number, number]): [number, number, number] =>
  magma(MAGMA_FROM + MAGMA_SPAN * (high > low ? (value - low) / (high - low) : 0.5))

/** Opacity of a class's colour where the confidence is at chance. */
const FAINTEST = 0.12

/** Opacity of a class's colour for a confidence: from 0.12 at chance to 1. */
export const strength = (confidence: number, classes: number): number =>
  FAINTEST + (1 - FAINTEST) * Math.max(0, (confidence - 1 / classes) / (1 - 1 / classes))

/**
 * A map as pixels, the highest ξ first.
 *
 * @param show - classes fading into the ground, or the Jacobian norm in magma
 * @param range - of the Jacobian norm
 * @returns RGBA of size x size
 */
export function mapPixels(
  map: PlaneMap,
  size: number,
  show: 'class' | 'jacobian',
  range: readonly [number, number],
  { classes, ground }: Pick<PlaneTheme, 'classes' | 'ground'>,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(new ArrayBuffer(4 * size * size))
  const palette = classes.map(rgbOf)
  const count = map.classShares.length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const point = row * size + column
      const target = 4 * ((size - 1 - row) * size + column)
      if (show === 'jacobian') pixels.set(magmaOf(map.jacobianNorm[point] ?? 0, range), target)
      else {
        const colour = palette[(map.labels[point] ?? 0) % palette.length] ?? ground
        const share = strength(map.confidence[point] ?? 0, count)
        for (let channel = 0; channel < 3; channel++)
          pixels[target + channel] = (ground[channel] ?? 0) + share * ((colour[channel] ?? 0) - (ground[channel] ?? 0))
      }
      pixels[target + 3] = 255
    }
  }
  return pixels
}

const pictures = new WeakMap<PlaneMap, Map<string, HTMLCanvasElement>>()

/** The same as a canvas to draw from; painted once for each look. */
export function mapPicture(
  map: PlaneMap,
  size: number,
  show: 'class' | 'jacobian',
  range: readonly [number, number],
  theme: PlaneTheme,
): HTMLCanvasElement | null {
  const key = show === 'jacobian' ? range.join() : [...theme.classes, theme.ground].join()
  const own = pictures.get(map) ?? new Map<string, HTMLCanvasElement>()
  const old = own.get(key)
  if (old !== undefined) return old
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const context = canvas.getContext('2d')
  if (context === null) return null
  context.putImageData(new ImageData(mapPixels(map, size, show, range, theme), size, size), 0, 0)
  pictures.set(map, own.set(key, canvas))
  return canvas
}
