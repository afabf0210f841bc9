import { chmod, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../contract/index.js'

/** Who may look at what is written: only this user, or whoever the user's umask lets. */
export type Access = 'private' | 'umask'

const FOLDER_MODES = { private: 0o700, umask: 0o777 } as const satisfies Record<Access, number>

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** Makes the entries of a folder durable; some systems cannot sync a folder, and then they are as durable as these make them. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows refuses to open folders; the files themselves are safe already.
  }
}

async function refuseFile(path: string): Promise<void> {
  const found = await stat(path)
  if (!found.isDirectory()) throw new LabError('file.notFolder', `expected a folder, but ${path} is a file`, { path })
}

/**
 * Makes a folder and those above it that are missing; each new one is durable, as its parent is synced.
 *
 * Unlike Node's own recursive form it ends on file systems that answer ENOENT to every mkdir, such as /proc.
 *
 * @param access - `private`: new folders are open to this user only (0700), whatever the umask
 * @param sync - makes the entries of a folder durable
 * @throws LabError `file.notFolder` where a file is in the way; system errors as they are
 */
export async function makeFolder(
  path: string,
  access: Access = 'private',
  sync: (folder: string) => Promise<void> = syncFolder,
): Promise<void> {
  try {
    await makeOne(path, access, sync)
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) === 'ENOTDIR')
      await refuseFile(parent).catch((reason: unknown) => {
        throw reason instanceof LabError ? reason : error
      })
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent, access, sync)
    await makeOne(path, access, sync)
  }
}

async function makeOne(path: string, access: Access, sync: (folder: string) => Promise<void>): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODES[access] })
    await sync(dirname(path))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    await refuseFile(path)
  }
}

/** Closes a folder of the workbench to other users; a folder of somebody else, or on a file system without modes, stays. */
export async function keepPrivate(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found === null || process.platform === 'win32' || (found.mode & 0o077) === 0) return
  await chmod(path, found.mode & 0o700).catch(() => undefined)
}
