import { LabError } from '../../contract/index.js'
import type { ImageSource } from './imageSource.js'

/**
 * Images whose values are bytes in memory, channel-last, one after the other.
 *
 * @param pixels - count x height x width x channels
 * @param labels - count, each below `classes`
 * @param limit - number of images from the start; all when null
 * @throws LabError `dataset.truncated` when pixels are missing, `dataset.foreign` for a label out of range
 */
export function byteImages(options: {
  shape: readonly [height: number, width: number, channels: number]
  pixels: Uint8Array
  labels: Uint8Array
  classes: number
  identity: Record<string, string>
  limit: number | null
}): ImageSource {
  const { shape, pixels, labels, classes, identity } = options
  const size = shape[0] * shape[1] * shape[2]
  if (pixels.length < labels.length * size)
    throw new LabError(
      'dataset.truncated',
      `expected ${labels.length} images of ${size} bytes, got ${pixels.length} bytes`,
    )
  const strange = labels.findIndex((label) => label >= classes)
  if (strange >= 0)
    throw new LabError(
      'dataset.foreign',
      `expected labels 0 to ${classes - 1}, got ${labels[strange]} at image ${strange}`,
    )
  const count = Math.min(options.limit ?? labels.length, labels.length)
  const bytes = (index: number): Uint8Array => pixels.subarray(index * size, (index + 1) * size)
  const copy = (index: number, target: Float32Array | Uint8Array, offset: number): void =>
    target.set(bytes(index), offset)
  return {
    shape,
    count,
    labels: labels.subarray(0, count),
    normalised: true,
    identity,
    read: copy,
    display: copy,
    bytes,
  }
}
