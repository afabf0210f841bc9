/** Grey level of no change. */
const MIDDLE = 127.5

/**
 * A difference as a picture: no change is grey, the largest change black or white in its channel.
 *
 * @param difference - N x d
 * @param factor - brings the largest change to 1
 * @returns RGBA
 */
export function differencePicture(difference: Float32Array, index: number, [height, width, channels]: readonly [number, number, number], factor: number): Uint8ClampedArray {
  const target = new Uint8ClampedArray(height * width * 4)
  const start = index * height * width * channels
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < 3; channel++) target[4 * pixel + channel] = MIDDLE + MIDDLE * factor * (difference[start + pixel * channels + (channels === 3 ? channel : 0)] ?? 0)
    target[4 * pixel + 3] = 255
  }
  return target
}
