/** A picture of red, green and blue bytes. */
export interface PlainPicture {
  width: number
  height: number
  /** width x height x 3. */
  rgb: Uint8Array
}

/**
 * Reduces a picture painted at a multiple of its resolution: each pixel is the mean of its square, the share of everything that it covers.
 * What is left over at the right and lower edges is rounded to a whole pixel.
 *
 * @param rgba - width x height x 4, opaque
 * @param times - how much finer along each side, 1 or more
 */
export function averaged(rgba: Uint8Array, width: number, height: number, times: number): PlainPicture {
  const [across, down] = [Math.max(1, Math.round(width / times)), Math.max(1, Math.round(height / times))]
  const rgb = new Uint8Array(3 * across * down)
  for (let y = 0; y < down; y++) {
    const [top, bottom] = [y * times, Math.min(height, (y + 1) * times)]
    for (let x = 0; x < across; x++) {
      const [left, right] = [x * times, Math.min(width, (x + 1) * times)]
      let [red, green, blue] = [0, 0, 0]
      for (let row = top; row < bottom; row++) {
        for (let pixel = 4 * (row * width + left), end = 4 * (row * width + right); pixel < end; pixel += 4) {
          red += rgba[pixel] as number
          green += rgba[pixel + 1] as number
          blue += rgba[pixel + 2] as number
        }
      }
      const count = (bottom - top) * (right - left)
      const target = 3 * (y * across + x)
      rgb[target] = Math.round(red / count)
      rgb[target + 1] = Math.round(green / count)
      rgb[target + 2] = Math.round(blue / count)
    }
  }
  return { width: across, height: down, rgb }
}
