import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RunId } from '../../contract/index.js'
import { isUnfinished, renameDurably, writeFileAtomically } from '../files/atomicWrite.js'
import { ifMissing } from '../files/missing.js'
import { sweepUnfinishedFolders } from '../files/wholeFolder.js'
import { bytesOf } from './document.js'
import { removeOldSockets } from '../owner/address.js'
import { isNext, settleNext } from './replacement.js'
import { isRunId, runFolder, SCRATCH_FOLDER } from './paths.js'

/** Folder of a run that is being made or removed; lists do not show it, and what a crash leaves of it is swept. */
export const unfinishedFolder = (archive: string, id: RunId): string => join(archive, 'runs', `.${id}.unfinished`)

/** File that names the runs of a group while they get their names, which takes more than one step. */
const groupFile = (archive: string, first: RunId): string => join(archive, 'runs', `.${first}.group`)

const UNFINISHED = /^\.r-[0-9a-f]{8}\.unfinished$/
const GROUP = /^\.r-[0-9a-f]{8}\.group$/

/** Takes a run out of the list, by a rename that is whole or not at all, and then removes its files. */
export async function removeRun(archive: string, id: RunId): Promise<void> {
  const unfinished = unfinishedFolder(archive, id)
  await renameDurably(runFolder(archive, id), unfinished).catch(ifMissing(undefined))
  await rm(unfinished, { recursive: true, force: true })
}

/**
 * Gives the folders of complete runs their names: all of them, or after a failure or a crash none.
 *
 * @param ids - runs of one group, the first one first
 */
export async function nameRuns(archive: string, ids: readonly RunId[]): Promise<void> {
  const [first] = ids
  if (first === undefined) return
  const marker = ids.length > 1 ? groupFile(archive, first) : null
  try {
    if (marker !== null) await writeFileAtomically(marker, bytesOf(ids))
    for (const id of ids) await renameDurably(unfinishedFolder(archive, id), runFolder(archive, id))
    if (marker !== null) await rm(marker)
  } catch (error) {
    // The marker last: until it is gone, the next opening finishes what fails here.
    for (const id of ids) {
      await removeRun(archive, id).catch(() => undefined)
    }
    if (marker !== null) await rm(marker, { force: true }).catch(() => undefined)
    throw error
  }
}

async function removeUnfinishedGroup(archive: string, marker: string): Promise<void> {
  const ids: unknown = await readFile(marker, 'utf8').then((text) => JSON.parse(text) as unknown)
  if (Array.isArray(ids)) for (const id of ids) if (isRunId(id)) await removeRun(archive, id)
  await rm(marker, { force: true })
}

/**
 * Removes what a crash left half written, half made or half removed. @param archive - its folder, which this process
 * owns
 */
export async function sweepUnfinished(archive: string): Promise<void> {
  await removeOldSockets(archive)
  const runs = join(archive, 'runs')
  const names = await readdir(runs).catch(ifMissing([]))
  for (const name of names) if (GROUP.test(name)) await removeUnfinishedGroup(archive, join(runs, name))
  for (const name of names) if (UNFINISHED.test(name)) await rm(join(runs, name), { recursive: true, force: true })
  // Rows of a hybrid run, up to gigabytes: the process that had them open is dead, as this one owns the archive.
  for (const name of names)
    if (isRunId(name))
      await rm(join(runs, name, SCRATCH_FOLDER), { recursive: true, force: true }).catch(() => undefined)
  const probes = await readdir(join(archive, 'probes')).catch(() => [])
  for (const root of [
    archive,
    join(archive, 'models'),
    join(archive, 'imported'),
    ...probes.map((kind) => join(archive, 'probes', kind)),
  ])
    await sweepUnfinishedFolders(root)
  const entries = await readdir(archive, { withFileTypes: true, recursive: true }).catch(() => [])
  const replaced = entries.filter(({ name, parentPath }) => isNext(name) && isRunId(basename(parentPath)))
  for (const folder of new Set(replaced.map(({ parentPath }) => parentPath))) await settleNext(folder)
  for (const entry of entries)
    if (entry.isFile() && isUnfinished(entry.name)) await rm(join(entry.parentPath, entry.name), { force: true })
}
