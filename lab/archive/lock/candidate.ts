import { randomBytes } from 'node:crypto'
import { link, open, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseLock, type FoundLock } from './owner.js'

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Reads a lock file; null when there is none. @throws system errors */
export async function readLockFile(path: string): Promise<FoundLock | null> {
  try {
    return parseLock(await readFile(path, 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/**
 * Writes the content that a lock will have into a file beside it; what a crash leaves of it is swept with other
 * unfinished files.
 */
export async function writeCandidate(path: string, content: string): Promise<string> {
  const candidate = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.writing`)
  const handle = await open(candidate, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return candidate
}

/**
 * Without hard links the name is taken first and the content follows; a reader sees a young damaged lock in between.
 */
async function createInPlace(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    // Another program may have found it empty for a whole lease and taken it over.
    return (await readLockFile(path))?.token === parseLock(content).token
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Gives a candidate the lock's name where nothing has it: whole, or not at all. */
export async function giveFreeName(candidate: string, path: string, content: string): Promise<boolean> {
  try {
    await link(candidate, path)
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') throw error
    // NFS may carry out a link and lose the answer; then the file has two names.
    if ((await stat(candidate)).nlink === 2) return true
    if (code === 'EEXIST') return false
    return createInPlace(path, content)
  }
}
