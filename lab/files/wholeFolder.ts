import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { renameDurably, shortened, writeError } from './atomicWrite.js'
import { isMissing } from './missing.js'

const UNFINISHED = /^\..+\.[0-9a-f]{12}\.unfinished$/

/** The name of a folder that is being made or removed: lists do not show it, and what a crash leaves of it is swept. */
export const unfinishedName = (name: string): string =>
  `.${shortened(name)}.${randomBytes(6).toString('hex')}.unfinished`

const discard = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true }).catch(() => undefined)

/** Takes a folder away by a rename, which is whole or not at all, and then removes its files. @throws LabError as the disk */
export async function removeWhole(root: string, name: string): Promise<void> {
  const unfinished = join(root, unfinishedName(name))
  try {
    await renameDurably(join(root, name), unfinished)
  } catch (error) {
    // A folder that somebody removed by hand.
    if (isMissing(error)) return
    throw writeError(join(root, name), error)
  }
  await discard(unfinished)
}

/**
 * Makes a folder that is there whole or not at all; one of this name is replaced.
 *
 * @param write - writes the files into the folder that it is given
 * @throws LabError as `write`, and as the disk
 */
export async function makeWhole(root: string, name: string, write: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = join(root, unfinishedName(name))
  try {
    await write(unfinished)
    await removeWhole(root, name)
    await renameDurably(unfinished, join(root, name))
  } catch (error) {
    await discard(unfinished)
    throw writeError(join(root, name), error)
  }
}

/** Removes what a crash left of folders that were being made or removed; nobody else may be writing in `root`. Never throws. */
export async function sweepUnfinishedFolders(root: string): Promise<void> {
  const names = await readdir(root).catch(() => [])
  for (const name of names) if (UNFINISHED.test(name)) await discard(join(root, name))
}
