import {
  CLASS_DATASET_KINDS,
  DATASETS,
  type DatasetFacts,
  type DatasetKind,
  type DatasetSpec,
  type ImageShape,
} from './datasets/index.js'
import { orText } from './issues.js'

export * from './datasets/index.js'

export type DatasetSplit = 'train' | 'test'

const entriesOf = (shape: ImageShape): number => shape[0] * shape[1] * shape[2]

/**
 * Why nothing can be right or wrong on a set: its images belong to no classes.
 *
 * @param what - that needs classes, such as `an accuracy`
 * @returns null for a set with labels
 */
export function classesFault({ kind }: Pick<DatasetSpec, 'kind'>, what: string): string | null {
  return DATASETS[kind].classNames.length > 1
    ? null
    : `expected a dataset with classes (${orText(CLASS_DATASET_KINDS)}); without classes there is no ${what}`
}

/** Shape of the images of a set; noise has whichever it was given. */
export const imageShape = (dataset: DatasetSpec): ImageShape =>
  ('shape' in dataset ? dataset.shape : undefined) ?? DATASETS[dataset.kind].shape

/** The same set, its noise in images of this shape; a set of other images, or of these, stays as it is. */
export function noiseOfShape(dataset: DatasetSpec, [height, width, channels]: ImageShape): DatasetSpec {
  const isNew = dataset.kind === 'gaussianNoise' && imageShape(dataset).join() !== [height, width, channels].join()
  return isNew ? { ...dataset, shape: [height, width, channels] } : dataset
}

/** Shape of noise for a model with this number of inputs: that of the real images of this size, else a single row. */
export const shapeOfEntries = (entries: number): ImageShape =>
  [DATASETS.cifar10.shape, DATASETS.mnist.shape].find((shape) => entriesOf(shape) === entries) ?? [1, entries, 1]

/** One file of a set in the dataset store, as checked. */
export interface DatasetFileCheck {
  name: string
  bytes: number
  sha256: string
  ok: boolean
}

/** What the dataset store knows of a set. */
export interface DatasetStatus {
  kind: DatasetKind
  facts: DatasetFacts
  /** `here`: usable; `absent`: import or download it; `damaged`: present but wrong; `partial`: a download that can be resumed. */
  state: 'here' | 'absent' | 'damaged' | 'partial'
  /** Folder it is read from, if it is on a disk. */
  folder: string | null
  /** Whether all checksums were compared with the published ones since the files last changed. */
  verified: boolean
  files: DatasetFileCheck[]
  /** The state in words, with what to do: `not found in …; import cifar-10-binary.tar.gz or download 163 MB`. */
  note: string
  downloadBytes: number | null
}

/** A few images to look at: uint8 pixels, height x width x channel, one image after the other. */
export interface DatasetSamples {
  shape: readonly [height: number, width: number, channels: number]
  indices: Int32Array
  labels: Uint8Array
  pixels: Uint8Array
  /** Images per class in the whole split. */
  classCounts: Int32Array
  total: number
}
