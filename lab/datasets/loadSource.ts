import {
  DATASETS,
  filesOf,
  isFileDataset,
  LabError,
  type DatasetSpec,
  type DatasetSplit,
} from '../../contract/index.js'
import { generateDataset, imagesOfFiles, type ImageSource } from '../../engine/datasets/index.js'
import { locate } from './locate.js'
import { MANIFEST, type Manifest } from './manifest.js'
import { readFiles } from './readFiles.js'

/** Where to look for datasets. */
export interface DatasetPlaces {
  /** Looked through in order. */
  folders: readonly string[]
  /** The dataset store's own folder, looked through last. */
  home: string
}

/**
 * Reads or generates the images of one split; the bytes of files are compared with the published checksums.
 *
 * @param given - which set, and how many of its training images
 * @throws LabError `dataset.missing` with what to do, `dataset.truncated`, `dataset.foreign`, `dataset.checksum`, `file.unreadable`
 */
export async function loadSource(
  given: DatasetSpec,
  split: DatasetSplit,
  places: DatasetPlaces,
  manifest: Manifest = MANIFEST,
): Promise<ImageSource> {
  // The limit is one of the training images; tests are always whole.
  const spec = split === 'test' ? { ...given, imageLimit: null } : given
  const generated = generateDataset(spec, split)
  if (generated !== null) return generated
  const { kind } = spec
  if (!isFileDataset(kind)) throw new LabError('internal', `there is no generator for ${kind}`)
  const published = manifest[kind]
  const located = await locate([...places.folders, places.home], kind, published)
  if (located === null) {
    throw new LabError(
      'dataset.missing',
      `${DATASETS[spec.kind].label} was not found in ${[...places.folders, places.home].join(', ')}; import it with \`lab data import ${spec.kind} PATH\` or download it with \`lab data download ${spec.kind}\``,
      { dataset: spec.kind },
    )
  }
  const wanted = (name: string): boolean => filesOf(kind).isTest(name) === (split === 'test')
  const files = await readFiles(located, published, wanted)
  const identity = Object.fromEntries(
    published.files.filter(({ name }) => wanted(name)).map(({ name, sha256 }) => [name, sha256]),
  )
  return imagesOfFiles(kind, files, identity, spec.imageLimit)
}
