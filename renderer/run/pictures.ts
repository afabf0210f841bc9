/** Bytes of images, channel-last, as RGBA; grey images are spread over the colours. */
export function rgbaOf(
  pixels: Uint8Array,
  index: number,
  [height, width, channels]: readonly [number, number, number],
): Uint8ClampedArray {
  const target = new Uint8ClampedArray(height * width * 4)
  const start = index * height * width * channels
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      target[4 * pixel + channel] = pixels[start + pixel * channels + (channels === 3 ? channel : 0)] ?? 0
    target[4 * pixel + 3] = 255
  }
  return target
}
