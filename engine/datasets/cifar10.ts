import { DATASETS, LabError } from '../../contract/index.js'
import { byteImages } from './byteImages.js'
import type { FileReader, ImageSource } from './imageSource.js'

const PLANE = 32 * 32
/** One label byte, then a red, a green and a blue plane. */
const RECORD = 1 + 3 * PLANE

/**
 * CIFAR-10 from its binary files.
 *
 * @param files - contents of `data_batch_1.bin` … or `test_batch.bin`, in order; records of 3073 bytes
 * @param identity - sha256 by file name
 * @param limit - number of images from the start; all when null
 * @throws LabError `dataset.truncated` when a file does not end with a record, `dataset.foreign` for a label above 9
 *
 * Source: A. Krizhevsky, the CIFAR-10 binary version; docs/DATASETS.md.
 */
export function cifar10FromFiles(
  files: readonly Uint8Array[],
  identity: Record<string, string>,
  limit: number | null,
): ImageSource {
  const count = files.reduce((sum, file) => sum + Math.floor(file.length / RECORD), 0)
  const pixels = new Uint8Array(count * 3 * PLANE)
  const labels = new Uint8Array(count)
  let image = 0
  for (const file of files) {
    if (file.length === 0 || file.length % RECORD !== 0)
      throw new LabError(
        'dataset.truncated',
        `expected whole records of ${RECORD} bytes, got a file of ${file.length} bytes`,
      )
    for (let start = 0; start < file.length; start += RECORD, image++) {
      labels[image] = file[start] as number
      const target = image * 3 * PLANE
      for (let pixel = 0; pixel < PLANE; pixel++) {
        const red = start + 1 + pixel
        pixels[target + 3 * pixel] = file[red] as number
        pixels[target + 3 * pixel + 1] = file[red + PLANE] as number
        pixels[target + 3 * pixel + 2] = file[red + 2 * PLANE] as number
      }
    }
  }
  return byteImages({ shape: DATASETS.cifar10.shape, pixels, labels, classes: 10, identity, limit })
}

/** CIFAR-10 from the files of a split. */
export const cifar10: FileReader = (files, identity, limit) => cifar10FromFiles([...files.values()], identity, limit)
