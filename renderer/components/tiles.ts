import type { NumericArray } from '../../contract/index.js'

/**
 * Paints one weight vector as pixels, its least weight black and its largest white; one channel is shown as grey.
 *
 * @param pixels - RGBA of height x width
 * @param weights - height x width x channels
 */
export function paintTile(pixels: Uint8ClampedArray, weights: NumericArray, channels: number): void {
  let low = Infinity
  let high = -Infinity
  for (const weight of weights) {
    if (weight < low) low = weight
    if (weight > high) high = weight
  }
  const scale = high > low ? 255 / (high - low) : 0
  paintPixels(pixels, channels, (index) => ((weights[index] ?? 0) - low) * scale)
}

/** Paints an image of bytes as it is; one channel is shown as grey. */
export function paintImage(pixels: Uint8ClampedArray, bytes: Uint8Array, channels: number): void {
  paintPixels(pixels, channels, (index) => bytes[index] ?? 0)
}

function paintPixels(pixels: Uint8ClampedArray, channels: number, level: (index: number) => number): void {
  for (let pixel = 0; pixel * 4 < pixels.length; pixel++) {
    const first = pixel * channels
    pixels[4 * pixel] = level(first)
    pixels[4 * pixel + 1] = level(channels === 1 ? first : first + 1)
    pixels[4 * pixel + 2] = level(channels === 1 ? first : first + 2)
    pixels[4 * pixel + 3] = 255
  }
}
