import { z } from 'zod'
import { optionWords, settingOptions, type SettingOption } from '../commandOption.js'
import { memberByKind, type SchemasOf } from '../family.js'
import { cifar10 } from './cifar10.js'
import type { DatasetDefinition, DatasetFiles, DatasetWords, ImageShape, PublishedDataset } from './definition.js'
import { gaussianNoise } from './gaussianNoise.js'
import { mnist } from './mnist.js'
import { syntheticScenes } from './syntheticScenes.js'

export type { ImageShape, PublishedDataset }
export type { PublishedFile } from './definition.js'
export { NEWEST_SCENES, SCENE_GENERATORS, type SceneGenerator } from './syntheticScenes.js'

/** Every dataset, in the order in which forms and tables list them. */
export const DATASET_DEFINITIONS = [cifar10, mnist, gaussianNoise, syntheticScenes] as const

type Member = (typeof DATASET_DEFINITIONS)[number]
export type DatasetKind = Member['kind']
/** Datasets that are read from files. */
export type FileDatasetKind = Extract<Member, { files: DatasetFiles }>['kind']

/** Which images an experiment reads. */
export const datasetSpec = z.discriminatedUnion(
  'kind',
  DATASET_DEFINITIONS.map(({ schema }) => schema) as unknown as SchemasOf<typeof DATASET_DEFINITIONS>,
)
export type DatasetSpec = z.infer<typeof datasetSpec>

/** A definition without the type of its own settings. */
export type AnyDataset = Omit<
  DatasetDefinition<DatasetKind, z.ZodRawShape, DatasetFiles | null>,
  'schema' | 'whole'
> & {
  readonly whole: (dataSeed: number) => DatasetSpec
}
const MEMBERS = DATASET_DEFINITIONS as unknown as readonly AnyDataset[]

/** Names of the datasets, as in files and on the command line. */
export const DATASET_KINDS: readonly DatasetKind[] = MEMBERS.map(({ kind }) => kind)

/** The definition of a kind. */
export const datasetOf = memberByKind<DatasetKind, AnyDataset>(MEMBERS, 'dataset')

/** Fixed facts of a dataset. `shape` is height, width, channels; MNIST has one channel. */
export interface DatasetFacts extends DatasetWords {
  kind: DatasetKind
  /** Whether it is generated (always here) or read from files. */
  generated: boolean
}

/** The facts of every kind. They can be sent to a window, unlike a definition. */
export const DATASETS = Object.fromEntries(
  MEMBERS.map(({ kind, label, shape, trainImages, testImages, classNames, files, normalised, citation }) => [
    kind,
    { kind, label, shape, trainImages, testImages, classNames, generated: files === null, normalised, citation },
  ]),
) as unknown as Readonly<Record<DatasetKind, DatasetFacts>>

/** Whether a dataset is read from files. */
export const isFileDataset = (kind: DatasetKind): kind is FileDatasetKind => datasetOf(kind).files !== null

/** Names of the datasets that are read from files. */
export const FILE_DATASET_KINDS: readonly FileDatasetKind[] = DATASET_KINDS.filter(isFileDataset)

/** The files of a dataset. @throws RangeError for one that is generated */
export function filesOf(kind: FileDatasetKind): DatasetFiles {
  const { files } = datasetOf(kind)
  if (files === null) throw new RangeError(`${kind} is generated and has no files`)
  return files
}

/** Names of the datasets whose images belong to classes. */
export const CLASS_DATASET_KINDS: readonly DatasetKind[] = MEMBERS.filter(
  ({ classNames }) => classNames.length > 1,
).map(({ kind }) => kind)

/** A whole set as it is taken where nothing else is said: unit normal noise, scenes of the newest generator. */
export const wholeSet = (kind: DatasetKind, dataSeed = 1): DatasetSpec => datasetOf(kind).whole(dataSeed)

/** An option of one or several datasets, with the value that a whole set has. */
export interface DatasetOption extends SettingOption {
  usual: unknown
}

/** The options of all datasets by flag; settings of the same flag share one. */
export function datasetOptions(): DatasetOption[] {
  const shared = new Map<string, DatasetOption>()
  for (const { settings, whole } of MEMBERS)
    for (const option of settingOptions(settings))
      if (!shared.has(option.flag))
        shared.set(option.flag, { ...option, usual: (whole(1) as Readonly<Record<string, unknown>>)[option.key] })
  return [...shared.values()]
}

/** The whole set of a kind with settings in place of the usual ones; settings that it does not have are left out. */
export function wholeSetWith(kind: DatasetKind, values: Readonly<Record<string, unknown>>): DatasetSpec {
  const { settings, implied, whole } = datasetOf(kind)
  const own = Object.entries(values).filter(([key, value]) => key in settings && value !== undefined)
  const spec = { ...whole(1), ...Object.fromEntries(own) }
  return datasetSpec.parse(Object.fromEntries(Object.entries(spec).filter(([key, value]) => implied[key] !== value)))
}

/** The options of a command that name a set besides its kind; those with their usual value are left out. */
export function datasetWords(dataset: DatasetSpec, quote: (word: string) => string): string[] {
  const { settings, implied, whole } = datasetOf(dataset.kind)
  return optionWords(settings, { ...implied, ...dataset }, whole(1), quote)
}
