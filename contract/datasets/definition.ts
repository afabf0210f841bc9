import { z } from 'zod'
import { readInteger } from '../commandOption.js'
import { field } from '../field.js'

export const imageLimit = field(z.int().min(1).max(60_000).nullable(), {
  label: 'Images used',
  unit: 'images',
  help: 'Use only the first N training images; leave empty for all.',
  source: '1.1',
  range: '1 to all',
  advanced: true,
  empty: 'all',
})

/** Seed of a generated set. @param images - what it generates, for the help: `images` */
export const dataSeed = (images: string): z.ZodInt =>
  field(z.int().min(0).max(0xffffffff), {
    label: 'Image seed',
    help: `The same seed generates the same ${images}.`,
    source: '1.4',
    cli: { flag: '--data-seed <number>', help: 'random seed of generated images', read: readInteger },
  })

/** Height, width, channels. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/** A file of a dataset as it was published; names and sums are of what is inside archives, not of their compression. */
export interface PublishedFile {
  name: string
  bytes: number
  sha256: string
  /** Where the file alone can be downloaded, compressed with gzip. */
  urls?: readonly string[]
  downloadBytes?: number
}

/** A dataset as it was published. */
export interface PublishedDataset {
  /** The one archive that holds all files, if there is one. */
  archive: { name: string; bytes: number; folder: string; urls: readonly string[] } | null
  files: readonly PublishedFile[]
}

/** The files of a dataset and where they are found. */
export interface DatasetFiles extends PublishedDataset {
  /** What to import, in a sentence: `its four idx.gz files`. */
  importName: string
  /** What to choose in the window: `a folder with its six .bin files`. */
  chooseName: string
  /** Whether a file belongs to the test split; all others are for training. */
  isTest: (name: string) => boolean
  /** Folders in a data folder that may hold the files, besides those of the dataset's own name. */
  folders: readonly string[]
}

/** A specification: the kind, the limit and the settings. */
export type DatasetSpecOf<Kind extends string, Settings extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind>; imageLimit: typeof imageLimit } & Settings, z.core.$strict>
>

/** Fixed facts of a dataset, as they are sent to windows. */
export interface DatasetWords {
  label: string
  shape: ImageShape
  trainImages: number
  testImages: number
  /** Names of the classes; one name for images without classes. */
  classNames: readonly string[]
  /** Whether every image is scaled to unit Lp norm before learning; noise is not (section 1.1). */
  normalised: boolean
  citation: string
}

/** Everything about a dataset but the code that reads or generates it. */
export interface DatasetParts<
  Kind extends string,
  Settings extends z.ZodRawShape,
  Files extends DatasetFiles | null,
> extends DatasetWords {
  /** Settings besides `imageLimit`. */
  settings: Settings
  /** The whole dataset with its usual settings. @param dataSeed - seed of generated images */
  whole: (dataSeed: number) => DatasetSpecOf<Kind, Settings>
  /** Values that a specification without these settings means, so that sets from before a setting keep their identity; none, unless given. */
  implied?: Readonly<Record<string, unknown>>
  /** Published files; null if the images are generated. */
  files: Files
}

/** The definition of a dataset, from which specification, import, download, pages, command line and docs are derived. */
export interface DatasetDefinition<
  Kind extends string,
  Settings extends z.ZodRawShape,
  Files extends DatasetFiles | null,
> extends Required<DatasetParts<Kind, Settings, Files>> {
  readonly kind: Kind
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<Kind>; imageLimit: typeof imageLimit } & Settings, z.core.$strict>
}

/**
 * Defines a dataset. The code that reads or generates its images is the member of the same name in `engine/datasets`.
 *
 * @param kind - its name in files and on the command line
 * @param parts - facts, settings and files
 */
export function defineDataset<
  const Kind extends string,
  Settings extends z.ZodRawShape,
  Files extends DatasetFiles | null,
>(kind: Kind, parts: DatasetParts<Kind, Settings, Files>): DatasetDefinition<Kind, Settings, Files> {
  return {
    implied: {},
    ...parts,
    kind,
    schema: z.strictObject({ kind: z.literal(kind), imageLimit, ...parts.settings }) as DatasetDefinition<
      Kind,
      Settings,
      Files
    >['schema'],
  }
}
