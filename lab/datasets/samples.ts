import { LabError, type DatasetSamples } from '../../contract/index.js'
import type { ImageSource } from '../../engine/datasets/index.js'

/**
 * A few images to look at.
 *
 * @param offset - how many matching images to pass over
 * @param count - how many to show, at most 1000
 * @param label - only this class; all when null
 */
export function pickSamples(
  source: ImageSource,
  classes: number,
  offset: number,
  count: number,
  label: number | null,
): DatasetSamples {
  if (!(Number.isInteger(offset) && offset >= 0 && Number.isInteger(count) && count >= 0 && count <= 1000))
    throw new LabError(
      'value.range',
      `expected an offset of at least 0 and a count of at most 1000, got ${offset} and ${count}`,
    )
  const classCounts = new Int32Array(classes)
  const matching: number[] = []
  let matched = 0
  source.labels.forEach((own, index) => {
    classCounts[own] = (classCounts[own] ?? 0) + 1
    if (label !== null && own !== label) return
    if (matched >= offset && matching.length < count) matching.push(index)
    matched += 1
  })
  return { ...imagesOf(source, matching), classCounts, total: matched }
}

/**
 * Images by their numbers, in this order.
 *
 * @throws LabError `value.range` for a number that is not there
 */
export function pickImages(source: ImageSource, classes: number, indices: Int32Array): DatasetSamples {
  const strange = indices.find((index) => index < 0 || index >= source.count)
  if (strange !== undefined)
    throw new LabError('value.range', `expected images 0 to ${source.count - 1}, got ${strange}`)
  const classCounts = new Int32Array(classes)
  for (const own of source.labels) classCounts[own] = (classCounts[own] ?? 0) + 1
  return { ...imagesOf(source, [...indices]), classCounts, total: source.count }
}

/** Pixels and classes of images. */
function imagesOf(
  source: ImageSource,
  images: readonly number[],
): Pick<DatasetSamples, 'shape' | 'indices' | 'labels' | 'pixels'> {
  const size = source.shape[0] * source.shape[1] * source.shape[2]
  const pixels = new Uint8Array(images.length * size)
  images.forEach((image, place) => source.display(image, pixels, place * size))
  return {
    shape: source.shape,
    indices: Int32Array.from(images),
    labels: Uint8Array.from(images, (image) => source.labels[image] ?? 0),
    pixels,
  }
}
