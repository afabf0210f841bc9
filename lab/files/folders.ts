import { chmod, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../contract/index.js'

/** Who may look at what is written: only this user, or whoever the user's umask lets. */
export type Access = 'private' | 'umask'

const FOLDER_MODES = { private: 0o700, umask: 0o777 } as const satisfies Record<Access, number>

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

async function refuseFile(path: string): Promise<void> {
  const found = await stat(path)
  if (!found.isDirectory()) throw new LabError('file.notFolder', `expected a folder, but ${path} is a file`, { path })
}

/**
 * Makes a folder and those above it that are missing.
 *
 * Unlike Node's own recursive form it ends on file systems that answer ENOENT to every mkdir, such as /proc.
 *
 * @param access - `private`: new folders are open to this user only (0700), whatever the umask
 * @throws LabError `file.notFolder` where a file is in the way; system errors as they are
 */
export async function makeFolder(path: string, access: Access = 'private'): Promise<void> {
  try {
    await makeOne(path, access)
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) === 'ENOTDIR') await refuseFile(parent).catch((reason: unknown) => { throw reason instanceof LabError ? reason : error })
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent, access)
    await makeOne(path, access)
  }
}

async function makeOne(path: string, access: Access): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODES[access] })
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
