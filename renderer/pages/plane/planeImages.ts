import type { PlaneGeometry } from '../../../contract/index.js'
import type { PlanePosition } from './planeView.js'

/**
 * The image at a place of a plane as bytes: x = x_A + ε û + ξ v̂, its normalisation undone, rounded and cut to 0 to 255.
 *
 * @param normalised - whether the set is scaled to unit norm; noise, which is not, is shown from -3 to 3
 */
export function imageAt(
  { origin, u, v, pixelScale }: Pick<PlaneGeometry, 'origin' | 'u' | 'v' | 'pixelScale'>,
  [epsilon, xi]: PlanePosition,
  normalised: boolean,
): Uint8Array {
  const pixels = new Uint8Array(origin.length)
  for (let index = 0; index < pixels.length; index++) {
    const value = (origin[index] ?? 0) + epsilon * (u[index] ?? 0) + xi * (v[index] ?? 0)
    pixels[index] = Math.max(0, Math.min(255, Math.round(normalised ? value * pixelScale : 127.5 + value * 42.5)))
  }
  return pixels
}

/**
 * Pixels scaled to unit norm: x / (Σ_i |x_i|^p)^(1/p).
 *
 * @param p - of the norm, at least 1
 */
export function unitImage(pixels: ArrayLike<number>, p: number): Float64Array {
  let sum = 0
  for (let index = 0; index < pixels.length; index++) sum += Math.abs(pixels[index] ?? 0) ** p
  const norm = sum ** (1 / p)
  return Float64Array.from(pixels, (value) => value / norm)
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}

/** Where an image lies beside a plane: its foot in the plane, and how far above it the image is. */
export function footInPlane(
  image: Float64Array,
  { origin, u, v }: Pick<PlaneGeometry, 'origin' | 'u' | 'v'>,
): { position: PlanePosition; height: number } {
  const difference = image.map((value, index) => value - (origin[index] ?? 0))
  const position = [dot(difference, u), dot(difference, v)] as const
  return { position, height: Math.sqrt(Math.max(0, dot(difference, difference) - position[0] ** 2 - position[1] ** 2)) }
}

/**
 * Places of three images in the plane through them: A at the origin, B along û, C above.
 *
 * @returns null when they lie on one line
 */
export function trianglePlaces([a, b, c]: readonly [Float64Array, Float64Array, Float64Array]):
  readonly [PlanePosition, PlanePosition, PlanePosition] | null {
  const [toB, toC] = [b, c].map((image) => image.map((value, index) => value - (a[index] ?? 0))) as [
    Float64Array,
    Float64Array,
  ]
  const lengthB = Math.sqrt(dot(toB, toB))
  const along = dot(toC, toB) / lengthB
  const height = Math.sqrt(Math.max(0, dot(toC, toC) - along * along))
  return lengthB > 0 && height > 1e-4 * Math.sqrt(dot(toC, toC))
    ? [
        [0, 0],
        [lengthB, 0],
        [along, height],
      ]
    : null
}

/** The middle of three places. */
export const centroid = (places: readonly PlanePosition[]): PlanePosition =>
  [0, 1].map((axis) => places.reduce((sum, place) => sum + (place[axis] ?? 0), 0) / places.length) as [number, number]
