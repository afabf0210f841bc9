import { DATASETS, LabError } from '../../contract/index.js'
import { byteImages } from './byteImages.js'
import type { FileReader, ImageSource } from './imageSource.js'

const IMAGES_MAGIC = 2051
const LABELS_MAGIC = 2049

function header(file: Uint8Array, words: number, magic: number, what: string): number[] {
  if (file.length < 4 * words)
    throw new LabError(
      'dataset.truncated',
      `expected a header of ${4 * words} bytes in the ${what}, got ${file.length} bytes`,
    )
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const values = Array.from({ length: words }, (_, index) => view.getUint32(4 * index))
  if (values[0] !== magic)
    throw new LabError(
      'dataset.foreign',
      `expected the magic number ${magic} at the start of the ${what}, got ${values[0]}`,
    )
  return values
}

/**
 * MNIST from its two IDX files of a split.
 *
 * @param imageFile - magic 2051, count, 28, 28, then bytes
 * @param labelFile - magic 2049, count, then bytes
 * @param identity - sha256 by file name
 * @param limit - number of images from the start; all when null
 * @throws LabError `dataset.foreign` for another magic number, size or label; `dataset.truncated` when bytes are missing
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, the MNIST database; docs/DATASETS.md.
 */
export function mnistFromFiles(
  imageFile: Uint8Array,
  labelFile: Uint8Array,
  identity: Record<string, string>,
  limit: number | null,
): ImageSource {
  const [, count = 0, rows, columns] = header(imageFile, 4, IMAGES_MAGIC, 'image file')
  const [, labelCount = 0] = header(labelFile, 2, LABELS_MAGIC, 'label file')
  const { shape } = DATASETS.mnist
  if (rows !== shape[0] || columns !== shape[1])
    throw new LabError('dataset.foreign', `expected images of ${shape[0]} x ${shape[1]}, got ${rows} x ${columns}`)
  if (count !== labelCount)
    throw new LabError('dataset.foreign', `expected equal numbers of labels and images, got ${labelCount} and ${count}`)
  if (imageFile.length < 16 + count * shape[0] * shape[1] || labelFile.length < 8 + count)
    throw new LabError(
      'dataset.truncated',
      `expected ${count} images and labels, got ${imageFile.length} and ${labelFile.length} bytes`,
    )
  return byteImages({
    shape,
    pixels: imageFile.subarray(16),
    labels: labelFile.subarray(8, 8 + count),
    classes: 10,
    identity,
    limit,
  })
}

/** MNIST from the files of a split. */
export const mnist: FileReader = (files, identity, limit) => {
  const find = (part: string): Uint8Array => [...files].find(([name]) => name.includes(part))?.[1] ?? new Uint8Array(0)
  return mnistFromFiles(find('images'), find('labels'), identity, limit)
}
