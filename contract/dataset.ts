import { z } from 'zod'
import { field } from './field.js'

/** Real sets that live in files, and sets that are generated from a seed. */
export const DATASET_KINDS = ['cifar10', 'mnist', 'gaussianNoise', 'syntheticScenes'] as const
export type DatasetKind = (typeof DATASET_KINDS)[number]

export type DatasetSplit = 'train' | 'test'

const imageLimit = field(z.int().min(1).max(60_000).nullable(), {
  label: 'Images used',
  unit: 'images',
  help: 'Use only the first N training images; leave empty for all.',
  source: '1.1',
  range: '1 to all',
  advanced: true,
  empty: 'all',
})

/** Height, width, channels. */
export type ImageShape = readonly [height: number, width: number, channels: number]

const MOST_ENTRIES = 1e6
const entriesOf = (shape: ImageShape): number => shape[0] * shape[1] * shape[2]

/** Generators of scenes: 1 distinguishes classes by the shapes of leaves alone; in 2 they have a light and a place too, which simple models learn. */
export const SCENE_GENERATORS = [1, 2] as const
export type SceneGenerator = (typeof SCENE_GENERATORS)[number]
export const NEWEST_SCENES = 2 satisfies SceneGenerator
const sceneGenerator = z.literal(SCENE_GENERATORS)

/** Which images an experiment reads. */
export const datasetSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cifar10'), imageLimit }),
  z.strictObject({ kind: z.literal('mnist'), imageLimit }),
  z.strictObject({
    kind: z.literal('gaussianNoise'),
    imageLimit,
    mean: field(z.number().min(-10).max(10), {
      label: 'Mean',
      symbol: 'μ',
      help: 'Mean of every pixel value.',
      source: '1.1',
    }),
    standardDeviation: field(z.number().positive().max(10), {
      label: 'Standard deviation',
      symbol: 'σ',
      help: 'Standard deviation of every pixel value.',
      source: '1.1',
      range: '> 0',
    }),
    dataSeed: field(z.int().min(0).max(0xffffffff), {
      label: 'Image seed',
      help: 'The same seed generates the same images.',
      source: '1.4',
    }),
    /** Height, width, channels; without it 32 x 32 x 3 as in the paper, or the images of the model whose spectrum is measured. */
    shape: z
      .tuple([z.int().min(1).max(4096), z.int().min(1).max(4096), z.int().min(1).max(64)])
      .refine((sizes) => entriesOf(sizes) <= MOST_ENTRIES, {
        error: `expected images of at most ${MOST_ENTRIES} entries`,
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('syntheticScenes'),
    imageLimit,
    dataSeed: field(z.int().min(0).max(0xffffffff), {
      label: 'Image seed',
      help: 'The same seed generates the same scenes.',
      source: '1.4',
    }),
    /** Which generator paints; without it the first, as in specs from before there was a second. */
    generator: sceneGenerator.optional(),
  }),
])
export type DatasetSpec = z.infer<typeof datasetSpec>

/** Fixed facts of a set. `shape` is height, width, channels; MNIST has one channel. */
export interface DatasetFacts {
  kind: DatasetKind
  label: string
  shape: ImageShape
  trainImages: number
  testImages: number
  classNames: readonly string[]
  /** Whether it is generated (always here) or read from files. */
  generated: boolean
  /** Whether every image is scaled to unit Lp norm before learning; noise is not (section 1.1). */
  normalised: boolean
  citation: string
}

const cifarClasses = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'] as const
const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
const sceneClasses = [
  'discs',
  'squares',
  'triangles',
  'bars',
  'rings',
  'crosses',
  'leaves',
  'stripes',
  'checks',
  'blobs',
] as const

/** The facts of every kind. */
export const DATASETS = {
  cifar10: {
    kind: 'cifar10',
    label: 'CIFAR-10',
    shape: [32, 32, 3],
    trainImages: 50_000,
    testImages: 10_000,
    classNames: cifarClasses,
    generated: false,
    normalised: true,
    citation: 'A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, University of Toronto, 2009',
  },
  mnist: {
    kind: 'mnist',
    label: 'MNIST',
    shape: [28, 28, 1],
    trainImages: 60_000,
    testImages: 10_000,
    classNames: digits,
    generated: false,
    normalised: true,
    citation: 'Y. LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86(11), 1998',
  },
  gaussianNoise: {
    kind: 'gaussianNoise',
    label: 'Gaussian noise ξ(t)',
    shape: [32, 32, 3],
    trainImages: 50_000,
    testImages: 10_000,
    classNames: ['noise'],
    generated: true,
    normalised: false,
    citation: 'independent, normally distributed values from a seed',
  },
  syntheticScenes: {
    kind: 'syntheticScenes',
    label: 'Synthetic scenes',
    shape: [32, 32, 3],
    trainImages: 10_000,
    testImages: 2_000,
    classNames: sceneClasses,
    generated: true,
    normalised: true,
    citation:
      'dead-leaves images, generated from a seed, after A. B. Lee, D. Mumford, J. Huang, Occlusion models for natural images, IJCV 41, 2001',
  },
} as const satisfies Record<DatasetKind, DatasetFacts>

/**
 * Why nothing can be right or wrong on a set: its images belong to no classes.
 *
 * @param what - that needs classes, such as `an accuracy`
 * @returns null for a set with labels
 */
export function classesFault({ kind }: Pick<DatasetSpec, 'kind'>, what: string): string | null {
  return DATASETS[kind].classNames.length > 1
    ? null
    : `expected a dataset with classes (cifar10, mnist or syntheticScenes); without classes there is no ${what}`
}

/** A whole set as it is taken where nothing else is said: unit normal noise, scenes of the newest generator. */
export function wholeSet(kind: DatasetKind, dataSeed = 1): DatasetSpec {
  if (kind === 'gaussianNoise') return { kind, imageLimit: null, mean: 0, standardDeviation: 1, dataSeed }
  return kind === 'syntheticScenes'
    ? { kind, imageLimit: null, dataSeed, generator: NEWEST_SCENES }
    : { kind, imageLimit: null }
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
