import type { DatasetSamples, PlaneGeometry } from '../../../contract/index.js'
import { rgbaOf } from '../../run/pictures.js'
import { footInPlane, unitImage } from './planeImages.js'
import type { PlanePosition } from './planeView.js'

/** An image of the set beside a plane. */
export interface NearImage {
  image: number
  label: number
  /** Foot of the perpendicular. */
  position: PlanePosition
  /** How far the image is from its foot, ‖·‖₂. */
  height: number
  rgba: Uint8ClampedArray
  width: number
  rows: number
}

/**
 * The images that lie nearest to a plane, the nearest first.
 *
 * @param imageNorm - p of the norm; null for a set that is not normalised
 * @param most - how many
 */
export function nearImages(
  samples: DatasetSamples,
  geometry: PlaneGeometry,
  imageNorm: number | null,
  most: number,
): NearImage[] {
  const [rows, width, channels] = samples.shape
  const bytes = rows * width * channels
  const own = new Set(geometry.anchors.map(({ image }) => image))
  return Array.from(samples.indices, (image, place) => {
    const pixels = samples.pixels.subarray(place * bytes, (place + 1) * bytes)
    return {
      image,
      place,
      ...footInPlane(
        imageNorm === null
          ? Float64Array.from(pixels, (value) => (value - 127.5) / 42.5)
          : unitImage(pixels, imageNorm),
        geometry,
      ),
    }
  })
    .filter(({ image, height }) => !own.has(image) && Number.isFinite(height))
    .sort((a, b) => a.height - b.height)
    .slice(0, most)
    .map(({ image, place, position, height }) => ({
      image,
      label: samples.labels[place] ?? 0,
      position,
      height,
      rgba: rgbaOf(samples.pixels, place, samples.shape),
      width,
      rows,
    }))
}
