import type { DatasetKind, DatasetSamples, DatasetSpec, DatasetSplit, DatasetStatus } from '../../contract/index.js'

/** Tells how far a long work is; `total` null when unknown. */
export type ProgressListener = (progress: {
  done: number
  total: number | null
  unit: 'bytes' | 'files' | 'images'
  text: string
}) => void

/**
 * Where datasets live. Looks in `folders` in order (from --data, LOCALLEARNING_DATA, the dataset store's own folder) for the
 * official archives, for their unpacked files, or for what `importArchive` put there.
 */
export interface DatasetStore {
  readonly folders: readonly string[]
  list(): Promise<DatasetStatus[]>
  status(kind: DatasetKind): Promise<DatasetStatus>
  /** Takes an archive or a folder, verifies every file, and only then puts it in the dataset store. */
  importArchive(kind: DatasetKind, path: string, onProgress?: ProgressListener): Promise<DatasetStatus>
  /** From the official address, resumed after a break, verified by checksum. */
  download(kind: DatasetKind, onProgress?: ProgressListener, signal?: AbortSignal): Promise<DatasetStatus>
  /** Compares every file with the published checksums. */
  verify(kind: DatasetKind, onProgress?: ProgressListener): Promise<DatasetStatus>
  /** Images by their numbers, in this order. @throws LabError `value.range` for a number that is not there */
  images(dataset: DatasetSpec, split: DatasetSplit, indices: Int32Array): Promise<DatasetSamples>
  samples(
    dataset: DatasetSpec,
    split: DatasetSplit,
    offset: number,
    count: number,
    label: number | null,
  ): Promise<DatasetSamples>
}
