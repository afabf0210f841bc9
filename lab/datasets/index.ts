import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  DATASET_KINDS,
  DATASETS,
  filesOf,
  isFileDataset,
  LabError,
  listText,
  type DatasetKind,
  type DatasetSpec,
  type DatasetSplit,
  type DatasetStatus,
  type FileDatasetKind,
} from '../../contract/index.js'
import type { ImageSource } from '../../engine/datasets/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { renameFile } from '../files/rename.js'
import { discardPart, download } from './download.js'
import { loadSource } from './loadSource.js'
import { locate, locateIn, locatePart, type Located } from './locate.js'
import { MANIFEST, type Manifest } from './manifest.js'
import { readFiles } from './readFiles.js'
import { pickImages, pickSamples } from './samples.js'
import type { DatasetStore, ProgressListener } from './storeFolder.js'
import { openVerifications } from './verifications.js'

export type { DatasetStore, ProgressListener } from './storeFolder.js'
export { loadSource } from './loadSource.js'

/** Where a dataset store looks and keeps. */
export interface DatasetStoreOptions {
  folders: readonly string[]
  /** Its own folder: imported sets, partial downloads, what was verified. */
  home: string
  /** Published files and sums; another list serves tests. */
  manifest?: Manifest
}

const noProgress: ProgressListener = () => {}
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

/** Opens the dataset store; nothing is read or hashed yet. */
export async function openDatasetStore({
  folders,
  home,
  manifest = MANIFEST,
}: DatasetStoreOptions): Promise<DatasetStore> {
  const places = { folders, home }
  const verifications = await openVerifications(join(home, 'verified.json'))
  let kept: { key: string; source: Promise<ImageSource> }[] = []

  const partOf = (kind: FileDatasetKind, name: string): string => join(home, 'downloads', `${kind}-${name}.part`)
  const downloadsOf = (kind: FileDatasetKind): { name: string; urls: readonly string[]; bytes: number }[] => {
    const { archive, files } = manifest[kind]
    if (archive !== null) return [{ name: archive.name, urls: archive.urls, bytes: archive.bytes }]
    return files.map(({ name, urls = [], downloadBytes = 0 }) => ({ name: `${name}.gz`, urls, bytes: downloadBytes }))
  }

  const generatedStatus = (kind: DatasetKind): DatasetStatus => ({
    kind,
    facts: DATASETS[kind],
    state: 'here',
    folder: null,
    verified: true,
    files: [],
    note: 'generated from a seed; no import needed',
    downloadBytes: null,
  })

  const status = async (kind: DatasetKind): Promise<DatasetStatus> => {
    if (!isFileDataset(kind)) return generatedStatus(kind)
    const published = manifest[kind]
    const located = await locate([...folders, home], kind, published)
    const wanted = downloadsOf(kind)
    const downloadBytes = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
    const base = { kind, facts: DATASETS[kind], downloadBytes }
    if (located === null) {
      const parts = await Promise.all(
        wanted.map(({ name }) =>
          stat(partOf(kind, name)).then(
            (found) => found.size,
            () => 0,
          ),
        ),
      )
      const have = parts.reduce((sum, size) => sum + size, 0)
      const what = filesOf(kind).importName
      const part = await locatePart([...folders, home], kind, published)
      const note =
        part !== null
          ? `${part.folder} is missing ${listText(part.missing)}; add ${part.missing.length === 1 ? 'it' : 'them'}, import ${what}, or download ${megabytes(downloadBytes)}`
          : have > 0
            ? `${megabytes(have)} of ${megabytes(downloadBytes)} downloaded; resume the download, or import ${what}`
            : `not found in ${[...folders, home].join(', ')}; import ${what} or download ${megabytes(downloadBytes)}`
      return { ...base, state: have > 0 ? 'partial' : 'absent', folder: null, verified: false, files: [], note }
    }
    const verdict = await verifications.of(located)
    const files = published.files.map(({ name, bytes, sha256 }) => ({
      name,
      bytes,
      sha256,
      ok: verdict === null ? true : verdict.ok,
    }))
    if (verdict !== null && !verdict.ok)
      return { ...base, state: 'damaged', folder: located.folder, verified: false, files, note: verdict.note }
    const where = located.form === 'archive' ? located.path : located.folder
    return {
      ...base,
      state: 'here',
      folder: located.folder,
      verified: verdict !== null,
      files,
      note:
        verdict === null
          ? `stored in ${where}; verified whenever it is read`
          : `stored in ${where}; all checksums match the published ones`,
    }
  }

  /** Reads all files of a set against their sums, and remembers the outcome. */
  const readVerified = async (
    kind: FileDatasetKind,
    located: Located,
    onProgress: ProgressListener,
    text: string,
  ): Promise<Map<string, Uint8Array>> => {
    const total = await verifications.bytesOf(located)
    let done = 0
    try {
      const files = await readFiles(
        located,
        manifest[kind],
        () => true,
        (bytes) => onProgress({ done: (done += bytes), total, unit: 'bytes', text }),
      )
      await verifications.remember(located, { ok: true, note: 'verified' })
      return files
    } catch (error) {
      if (error instanceof LabError && error.code.startsWith('dataset.'))
        await verifications.remember(located, { ok: false, note: error.message })
      throw error
    }
  }

  const keptSource = (dataset: DatasetSpec, split: DatasetSplit): Promise<ImageSource> => {
    const key = JSON.stringify([dataset, split])
    const known = kept.find((entry) => entry.key === key)?.source ?? loadSource(dataset, split, places, manifest)
    kept = [{ key, source: known }, ...kept.filter((entry) => entry.key !== key)].slice(0, 2)
    known.catch(() => {
      kept = kept.filter((entry) => entry.key !== key)
    })
    return known
  }

  const fileKind = (kind: DatasetKind): FileDatasetKind => {
    if (!isFileDataset(kind))
      throw new LabError(
        'value.range',
        `${DATASETS[kind].label} is generated and does not need to be imported, downloaded or verified`,
        { dataset: kind },
      )
    return kind
  }

  /** Puts verified files in the dataset store, each whole. */
  const keep = async (
    kind: FileDatasetKind,
    files: ReadonlyMap<string, Uint8Array>,
    onProgress: ProgressListener,
  ): Promise<DatasetStatus> => {
    let done = 0
    for (const [name, bytes] of files) {
      await writeFileAtomically(join(home, kind, name), bytes)
      onProgress({ done: ++done, total: files.size, unit: 'files', text: `Storing ${DATASETS[kind].label}` })
    }
    const stored = await locateIn(home, kind, manifest[kind])
    if (stored !== null) await verifications.remember(stored, { ok: true, note: 'verified' })
    kept = []
    return status(kind)
  }

  /** Which files a folder lacks. */
  const missingIn = async (kind: FileDatasetKind, folder: string): Promise<LabError> => {
    const part = await locatePart([folder], kind, manifest[kind])
    const label = DATASETS[kind].label
    const fact =
      part === null
        ? `${folder} contains none of the files of ${label}: ${manifest[kind].files.map(({ name }) => name).join(', ')}`
        : `${part.folder} is missing ${listText(part.missing)} of ${label}`
    return new LabError('dataset.missing', fact, { path: folder })
  }

  const locateGiven = async (kind: FileDatasetKind, path: string): Promise<Located> => {
    const found = await stat(path).catch((error: unknown) => {
      throw new LabError('file.unreadable', `${path} does not exist or cannot be read`, { path }, error)
    })
    if (found.isDirectory()) {
      const located = await locateIn(path, kind, manifest[kind])
      if (located === null) throw await missingIn(kind, path)
      return located
    }
    if (manifest[kind].archive !== null) return { form: 'archive', path, folder: dirname(path) }
    const located = await locateIn(dirname(path), kind, manifest[kind])
    if (located === null) throw await missingIn(kind, dirname(path))
    return located
  }

  return {
    folders,
    status,
    list: () => Promise.all(DATASET_KINDS.map(status)),
    importArchive: async (kind, path, onProgress = noProgress) => {
      const known = fileKind(kind)
      const files = await readVerified(known, await locateGiven(known, path), onProgress, `Reading ${basename(path)}`)
      return keep(known, files, onProgress)
    },
    download: async (kind, onProgress = noProgress, signal) => {
      const known = fileKind(kind)
      const wanted = downloadsOf(known)
      const finished = new Map<string, string>()
      for (const { name, urls } of wanted) {
        const partPath = partOf(known, name)
        const path = join(home, 'downloads', `${known}-${name}`)
        if (
          !(await stat(path).then(
            () => true,
            () => false,
          ))
        ) {
          await download({
            urls,
            partPath,
            onProgress: (done, total) => onProgress({ done, total, unit: 'bytes', text: `Downloading ${name}` }),
            ...(signal === undefined ? {} : { signal }),
          })
          await renameFile(partPath, path)
        }
        finished.set(name, path)
      }
      const archive = manifest[known].archive
      const located: Located =
        archive !== null
          ? { form: 'archive', path: finished.get(archive.name) ?? '', folder: home }
          : {
              form: 'files',
              folder: home,
              paths: new Map(manifest[known].files.map(({ name }) => [name, finished.get(`${name}.gz`) ?? ''])),
            }
      try {
        return await keep(
          known,
          await readVerified(known, located, onProgress, `Verifying ${DATASETS[known].label}`),
          onProgress,
        )
      } finally {
        // Right or wrong, the downloads are done with: right ones lie in the dataset store, wrong ones must be fetched again.
        for (const path of finished.values()) await discardPart(path)
      }
    },
    verify: async (kind, onProgress = noProgress) => {
      if (!isFileDataset(kind)) return generatedStatus(kind)
      const located = await locate([...folders, home], kind, manifest[kind])
      if (located === null) throw new LabError('dataset.missing', (await status(kind)).note, { dataset: kind })
      await readVerified(kind, located, onProgress, `Verifying ${DATASETS[kind].label}`)
      return status(kind)
    },
    samples: async (dataset, split, offset, count, label) =>
      pickSamples(await keptSource(dataset, split), DATASETS[dataset.kind].classNames.length, offset, count, label),
    images: async (dataset, split, indices) =>
      pickImages(await keptSource(dataset, split), DATASETS[dataset.kind].classNames.length, indices),
  }
}
