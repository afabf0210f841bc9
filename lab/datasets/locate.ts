import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileDatasetKind, PublishedDataset } from './manifest.js'

/** A set as it was found: one archive of all files, or every file alone, plain or compressed. */
export type Located =
  | { form: 'archive'; path: string; folder: string }
  | { form: 'files'; paths: ReadonlyMap<string, string>; folder: string }

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isFile(), () => false)
}

/** Names under which a published file is found: as published, with the dot of some mirrors, compressed or not. */
function namesOf(name: string): string[] {
  const dotted = name.replace(/-(idx\d)-/, '.$1-')
  return [...new Set([name, dotted])].flatMap((plain) => [plain, `${plain}.gz`])
}

async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await isFile(path)) return path
  return null
}

/** All files of a set in one of a folder's usual places; null unless every one is there. */
async function locateFiles(folders: readonly string[], dataset: PublishedDataset): Promise<Located | null> {
  for (const folder of folders) {
    const found = await Promise.all(dataset.files.map(async ({ name }) => [name, await firstFile(namesOf(name).map((candidate) => join(folder, candidate)))] as const))
    if (found.every((entry): entry is readonly [string, string] => entry[1] !== null)) return { form: 'files', paths: new Map(found), folder }
  }
  return null
}

/**
 * Looks for a set in one folder: its files, plain ones first, or its archive; at the top or in a folder of the set's own name.
 *
 * @returns null when the folder does not hold the whole set
 */
export async function locateIn(folder: string, kind: FileDatasetKind, dataset: PublishedDataset): Promise<Located | null> {
  const own = [folder, join(folder, kind), join(folder, kind.toUpperCase()), ...(kind === 'mnist' ? [join(folder, 'MNIST', 'raw')] : [])]
  const inner = dataset.archive === null ? own : own.flatMap((path) => [join(path, dataset.archive?.folder ?? ''), path])
  const files = await locateFiles(inner, dataset)
  if (files !== null) return files
  if (dataset.archive === null) return null
  const archive = await firstFile(own.map((path) => join(path, dataset.archive?.name ?? '')))
  return archive === null ? null : { form: 'archive', path: archive, folder }
}

/** Looks through folders in order. */
export async function locate(folders: readonly string[], kind: FileDatasetKind, dataset: PublishedDataset): Promise<Located | null> {
  for (const folder of folders) {
    const located = await locateIn(folder, kind, dataset)
    if (located !== null) return located
  }
  return null
}
