import { LabError } from '../../contract/index.js'

/** Below this range a unit is drawn black, as the original does. */
const FLAT_RANGE = 1e-8

/**
 * Receptive fields as one picture, each scaled to its own range, (w - min) / (max - min).
 *
 * @param weights - units x inputs, H x d; inputs are height x width x channels
 * @param units - which units, row by row
 * @param columns - fields side by side
 * @param imageShape - height, width and 1 (grey) or 3 (colour) channels
 * @returns width x height x 3 bytes
 * @throws LabError `figure.unsupported` for other numbers of channels
 */
export function receptiveFieldMosaic(
  weights: Float32Array,
  units: readonly number[],
  columns: number,
  imageShape: readonly [number, number, number],
): { pixelWidth: number; pixelHeight: number; rgb: Uint8Array } {
  const [height, width, channels] = imageShape
  if (channels !== 1 && channels !== 3)
    throw new LabError('figure.unsupported', `expected fields of 1 or 3 channels, got ${channels}`)
  const rows = Math.ceil(units.length / columns)
  const pixelWidth = columns * width
  // Places without a unit are white: black is a unit that was removed.
  const rgb = new Uint8Array(pixelWidth * rows * height * 3).fill(255)
  units.forEach((unit, place) => {
    const field = weights.subarray(unit * height * width * channels, (unit + 1) * height * width * channels)
    let low = Infinity
    let high = -Infinity
    for (const weight of field) {
      low = Math.min(low, weight)
      high = Math.max(high, weight)
    }
    const scale = high - low < FLAT_RANGE ? 0 : 255 / (high - low)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const target = 3 * ((Math.floor(place / columns) * height + y) * pixelWidth + (place % columns) * width + x)
        for (let channel = 0; channel < 3; channel++)
          rgb[target + channel] = Math.round(
            ((field[(y * width + x) * channels + Math.min(channel, channels - 1)] ?? 0) - low) * scale,
          )
      }
    }
  })
  return { pixelWidth, pixelHeight: rows * height, rgb }
}
