import { FILE_DATASET_KINDS, filesOf, type FileDatasetKind, type PublishedDataset } from '../../contract/index.js'

export type Manifest = Readonly<Record<FileDatasetKind, PublishedDataset>>

/** The published datasets, from their definitions. */
export const MANIFEST = Object.fromEntries(
  FILE_DATASET_KINDS.map((kind) => [kind, filesOf(kind)]),
) as unknown as Manifest
