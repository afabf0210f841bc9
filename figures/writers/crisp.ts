import type { ImageItem } from '../scene.js'

/** Viewers and printers smooth coarse pictures whatever the file says; at this resolution a cell stays a cell. */
const CRISP_DPI = 600
const POINTS_PER_INCH = 72
/** No picture grows beyond this many pixels. */
const MOST_PIXELS = 4_000_000

/** Pixels per inch of a picture in its place, along the coarser side; along a side of one pixel nothing can be coarse. */
export const imageDpi = ({ box, pixelWidth, pixelHeight }: ImageItem): number =>
  Math.min(
    ...[
      [pixelWidth, box.width],
      [pixelHeight, box.height],
    ].map(([pixels = 1, length = 1]) => (pixels === 1 ? Infinity : (pixels / length) * POINTS_PER_INCH)),
  )

/** The picture with every pixel repeated so often along both sides that it has 600 pixels per inch. */
export function crisp(item: ImageItem): ImageItem {
  const { pixelWidth, pixelHeight, rgb, alpha } = item
  const most = Math.floor(Math.sqrt(MOST_PIXELS / (pixelWidth * pixelHeight)))
  const wanted = [
    [pixelWidth, item.box.width],
    [pixelHeight, item.box.height],
  ].map(([pixels = 1, length = 1]) =>
    pixels === 1 ? 1 : Math.min(Math.max(1, most), Math.ceil((CRISP_DPI * length) / (pixels * POINTS_PER_INCH) - 1e-9)),
  )
  const [across = 1, down = 1] = wanted
  if (across === 1 && down === 1) return item
  const width = pixelWidth * across
  const height = pixelHeight * down
  const enlarge = (source: Uint8Array, channels: number): Uint8Array => {
    const target = new Uint8Array(width * height * channels)
    for (let y = 0; y < pixelHeight; y++) {
      const row = y * down * width * channels
      for (let x = 0; x < width; x++) {
        const from = (y * pixelWidth + Math.floor(x / across)) * channels
        for (let channel = 0; channel < channels; channel++)
          target[row + x * channels + channel] = source[from + channel] ?? 0
      }
      for (let copy = 1; copy < down; copy++)
        target.copyWithin(row + copy * width * channels, row, row + width * channels)
    }
    return target
  }
  return {
    ...item,
    pixelWidth: width,
    pixelHeight: height,
    rgb: enlarge(rgb, 3),
    ...(alpha === undefined ? {} : { alpha: { ...alpha, opacity: enlarge(alpha.opacity, 1) } }),
  }
}
