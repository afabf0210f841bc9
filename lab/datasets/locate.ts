import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isPacked } from './content.js'
import { filesOf, type FileDatasetKind, type PublishedDataset, type PublishedFile } from '../../contract/index.js'

/** A set as it was found: one archive of all files, or every file alone, plain or compressed. */
export type Located =
  | { form: 'archive'; path: string; folder: string }
  | { form: 'files'; paths: ReadonlyMap<string, string>; folder: string }

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  )
}

/** Names under which a published file is found: as published, with the dot of some mirrors, compressed or not. */
function namesOf(name: string): string[] {
  const dotted = name.replace(/-(idx\d)-/, '.$1-')
  return [...new Set([name, dotted])].flatMap((plain) => [plain, `${plain}.gz`])
}

async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await sizeOf(path)) !== null) return path
  return null
}

/**
 * The file that holds a published one. An empty or half unpacked file does not hide the whole one beside it: first comes what has the published
 * size, then what is packed, then whatever is there.
 */
async function bestFile(paths: readonly string[], { bytes }: PublishedFile): Promise<string | null> {
  const there: { path: string; rank: number }[] = []
  for (const path of paths) {
    const size = await sizeOf(path)
    if (size === null) continue
    const rank = size === bytes ? 0 : size === 0 ? 3 : (await isPacked(path)) ? 1 : 2
    there.push({ path, rank })
  }
  return there.sort((a, b) => a.rank - b.rank)[0]?.path ?? null
}

/** Files of a set in one folder, by their published names. */
async function filesIn(folder: string, dataset: PublishedDataset): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const file of dataset.files) {
    const path = await bestFile(
      namesOf(file.name).map((name) => join(folder, name)),
      file,
    )
    if (path !== null) found.set(file.name, path)
  }
  return found
}

/** All files of a set in one of a folder's usual places; null unless every one is there. */
async function locateFiles(folders: readonly string[], dataset: PublishedDataset): Promise<Located | null> {
  for (const folder of folders) {
    const paths = await filesIn(folder, dataset)
    if (paths.size === dataset.files.length) return { form: 'files', paths, folder }
  }
  return null
}

/** A set of which some files are there. */
export interface PartlyLocated {
  folder: string
  missing: readonly string[]
}

/** Where most files of a set are, though not all; null where there are none. */
export async function locatePart(
  folders: readonly string[],
  kind: FileDatasetKind,
  dataset: PublishedDataset,
): Promise<PartlyLocated | null> {
  let best: PartlyLocated | null = null
  for (const folder of folders.flatMap((given) => placesIn(given, kind, dataset))) {
    const paths = await filesIn(folder, dataset)
    const missing = dataset.files.map(({ name }) => name).filter((name) => !paths.has(name))
    if (paths.size > 0 && (best === null || missing.length < best.missing.length)) best = { folder, missing }
  }
  return best
}

/** Folders of a set in a given one. */
function ownPlaces(folder: string, kind: FileDatasetKind): string[] {
  return [
    folder,
    join(folder, kind),
    join(folder, kind.toUpperCase()),
    ...filesOf(kind).folders.map((name) => join(folder, name)),
  ]
}

/** Folders in which the files of a set may be. */
function placesIn(folder: string, kind: FileDatasetKind, { archive }: PublishedDataset): string[] {
  const own = ownPlaces(folder, kind)
  return archive === null ? own : own.flatMap((path) => [join(path, archive.folder), path])
}

/**
 * Looks for a set in one folder: its files, plain ones first, or its archive; at the top or in a folder of the set's own name.
 *
 * @returns null when the folder does not hold the whole set
 */
export async function locateIn(
  folder: string,
  kind: FileDatasetKind,
  dataset: PublishedDataset,
): Promise<Located | null> {
  const files = await locateFiles(placesIn(folder, kind, dataset), dataset)
  if (files !== null) return files
  if (dataset.archive === null) return null
  const archive = await firstFile(ownPlaces(folder, kind).map((path) => join(path, dataset.archive?.name ?? '')))
  return archive === null ? null : { form: 'archive', path: archive, folder }
}

/** Looks through folders in order. */
export async function locate(
  folders: readonly string[],
  kind: FileDatasetKind,
  dataset: PublishedDataset,
): Promise<Located | null> {
  for (const folder of folders) {
    const located = await locateIn(folder, kind, dataset)
    if (located !== null) return located
  }
  return null
}
