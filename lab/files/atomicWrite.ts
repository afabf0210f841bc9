import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'

/** Names of files that were being written; what a crash leaves of them is swept when an archive is opened. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.writing$/

/** Whether a file's name says that its writing was never finished. */
export const isUnfinished = (name: string): boolean => TEMPORARY.test(name)

/** An error of writing, with the path; a full disk and missing permissions keep their meaning. */
export function writeError(path: string, error: unknown): LabError {
  const known = asLabError(error)
  const code = known.code === 'internal' || known.code === 'file.unreadable' ? 'file.unwritable' : known.code
  return new LabError(code, `${path}: ${known.message}`, { path }, error)
}

/** Makes a rename durable; some systems cannot sync a folder, and then the rename is as durable as they make it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows refuses to open folders; the file itself is safe already.
  }
}

/**
 * Writes a file so that it is there whole or not at all: temporary file beside it, fsync, rename, fsync of the folder.
 *
 * @param path - the file; its folder is made when it is not there
 * @param bytes - its content
 * @throws LabError `file.diskFull`, `file.unwritable`; the old file, if any, is then untouched
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.writing`)
  try {
    await mkdir(folder, { recursive: true })
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    await syncFolder(folder)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw writeError(path, error)
  }
}

/**
 * Appends lines and makes them durable.
 *
 * @throws LabError `file.diskFull`, `file.unwritable`; a part of the lines may then lie at the end of the file
 */
export async function appendDurably(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(path, 'a')
    try {
      await handle.appendFile(text)
      await handle.datasync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw writeError(path, error)
  }
}
