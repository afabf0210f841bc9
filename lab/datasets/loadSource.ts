import { DATASETS, LabError, type DatasetSpec, type DatasetSplit } from '../../contract/index.js'
import { cifar10FromFiles, generateDataset, mnistFromFiles, type ImageSource } from '../../engine/datasets/index.js'
import { locate } from './locate.js'
import { MANIFEST, SPLIT_FILES, type FileDatasetKind, type Manifest } from './manifest.js'
import { readFiles } from './readFiles.js'

/** Where to look for datasets. */
export interface DatasetPlaces {
  /** Looked through in order. */
  folders: readonly string[]
  /** The dataset store's own folder, looked through last. */
  home: string
}

/** How the files of a set become images. */
const BUILDERS: Record<
  FileDatasetKind,
  (files: ReadonlyMap<string, Uint8Array>, identity: Record<string, string>, limit: number | null) => ImageSource
> = {
  cifar10: (files, identity, limit) => cifar10FromFiles([...files.values()], identity, limit),
  mnist: (files, identity, limit) => {
    const find = (part: string): Uint8Array =>
      [...files].find(([name]) => name.includes(part))?.[1] ?? new Uint8Array(0)
    return mnistFromFiles(find('images'), find('labels'), identity, limit)
  },
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
  if (spec.kind !== 'cifar10' && spec.kind !== 'mnist')
    throw new LabError('internal', `there is no reader for ${spec.kind}`)
  const published = manifest[spec.kind]
  const located = await locate([...places.folders, places.home], spec.kind, published)
  if (located === null) {
    throw new LabError(
      'dataset.missing',
      `${DATASETS[spec.kind].label} was not found in ${[...places.folders, places.home].join(', ')}; import it with \`lab data import ${spec.kind} PATH\` or download it with \`lab data download ${spec.kind}\``,
      { dataset: spec.kind },
    )
  }
  const wanted = (name: string): boolean => SPLIT_FILES[spec.kind as FileDatasetKind](name, split)
  const files = await readFiles(located, published, wanted)
  const identity = Object.fromEntries(
    published.files.filter(({ name }) => wanted(name)).map(({ name, sha256 }) => [name, sha256]),
  )
  return BUILDERS[spec.kind](files, identity, spec.imageLimit)
}
