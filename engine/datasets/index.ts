import type { DatasetKind, DatasetSpec, DatasetSplit } from '../../contract/index.js'
import { gaussianNoise } from './gaussianNoise.js'
import type { ImageSource } from './imageSource.js'
import { syntheticScenes } from './syntheticScenes.js'

export { cifar10FromFiles } from './cifar10.js'
export { mnistFromFiles } from './mnist.js'
export { fillBatch, lpNorm } from './lpUnit.js'
export type { ImageRows } from './imageRows.js'
export type { ImageSource } from './imageSource.js'

/** How a kind of dataset comes to be: from files, or by a generator. A new kind does not compile before it is listed here. */
export const DATASET_ORIGINS = {
  cifar10: 'files',
  mnist: 'files',
  gaussianNoise,
  syntheticScenes,
} as const satisfies Record<DatasetKind, unknown>

/** Generates a set that needs no files; null for one that does. */
export function generateDataset(spec: DatasetSpec, split: DatasetSplit): ImageSource | null {
  switch (spec.kind) {
    case 'gaussianNoise':
      return DATASET_ORIGINS.gaussianNoise(spec, split)
    case 'syntheticScenes':
      return DATASET_ORIGINS.syntheticScenes(spec, split)
    default:
      return null
  }
}
