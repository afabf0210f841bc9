import published from '../../resources/datasets.json' with { type: 'json' }
import type { DatasetKind } from '../../contract/index.js'

/** A file of a dataset as it was published; names and sums are of what is inside archives, not of their compression. */
export interface PublishedFile {
  name: string
  bytes: number
  sha256: string
  /** Where the file alone can be had, compressed with gzip. */
  urls?: readonly string[]
  downloadBytes?: number
}

/** A dataset as it was published. */
export interface PublishedDataset {
  /** The one archive that holds all files, if there is one. */
  archive: { name: string; bytes: number; folder: string; urls: readonly string[] } | null
  files: readonly PublishedFile[]
}

/** Datasets that live in files. */
export type FileDatasetKind = Extract<DatasetKind, 'cifar10' | 'mnist'>
export type Manifest = Readonly<Record<FileDatasetKind, PublishedDataset>>

/** The published datasets: resources/datasets.json. */
export const MANIFEST: Manifest = published

export const isFileDataset = (kind: DatasetKind): kind is FileDatasetKind => kind === 'cifar10' || kind === 'mnist'

/** Names of the files of one split. */
export const SPLIT_FILES: Record<FileDatasetKind, (name: string, split: 'train' | 'test') => boolean> = {
  cifar10: (name, split) => (split === 'test') === name.startsWith('test'),
  mnist: (name, split) => name.startsWith(split === 'test' ? 't10k' : 'train'),
}
