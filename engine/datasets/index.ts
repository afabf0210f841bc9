import {
  isFileDataset,
  type DatasetKind,
  type DatasetSpec,
  type DatasetSplit,
  type FileDatasetKind,
} from '../../contract/index.js'
import type { FileReader, ImageGenerator, ImageSource } from './imageSource.js'
import * as members from './members.js'

export { cifar10FromFiles } from './cifar10.js'
export { mnistFromFiles } from './mnist.js'
export { fillBatch, lpNorm } from './lpUnit.js'
export type { ImageRows } from './imageRows.js'
export type { ImageSource } from './imageSource.js'

/** The code of every dataset: a reader of its files, or a generator; one without code does not compile. */
export const DATASET_CODE = members satisfies {
  [Kind in DatasetKind]: Kind extends FileDatasetKind
    ? FileReader
    : ImageGenerator<Extract<DatasetSpec, { kind: Kind }>>
}

/** Generates a set that needs no files; null for one that does. A kind and its code fit by the type of the table. */
export const generateDataset = (spec: DatasetSpec, split: DatasetSplit): ImageSource | null =>
  isFileDataset(spec.kind) ? null : (DATASET_CODE[spec.kind] as ImageGenerator<DatasetSpec>)(spec, split)

/** The images of a dataset in files. @param files - contents of the files of one split by name */
export const imagesOfFiles = (kind: FileDatasetKind, ...given: Parameters<FileReader>): ImageSource =>
  DATASET_CODE[kind](...given)
