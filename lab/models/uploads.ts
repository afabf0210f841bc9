import { randomBytes } from 'node:crypto'
import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { LARGEST_MODEL_FILE } from '../compute/readerJob.js'
import { writeError } from '../files/atomicWrite.js'
import { makeFolder } from '../files/folders.js'
import { unfinishedName } from '../files/wholeFolder.js'
import { createTurns } from '../inTurn.js'

/** Model files that a browser sends in parts, until they are imported. */
export interface Uploads {
  /**
   * Adds a part.
   *
   * @param upload - what the first part was answered with; null begins a file
   * @throws LabError `value.range` for a file that is too large or was dropped, `file.diskFull`, `file.unwritable`
   */
  append(upload: string | null, bytes: Uint8Array): Promise<{ upload: string; bytes: number }>
  /** Where the file lies. @throws LabError `value.range` */
  pathOf(upload: string): string
  /** Removes a file that was imported. */
  remove(upload: string): Promise<void>
  close(): Promise<void>
}

async function newFolder(parent: string): Promise<string> {
  const folder = join(parent, unfinishedName('uploads'))
  await makeFolder(folder).catch((error: unknown) => {
    throw writeError(folder, error)
  })
  return folder
}

/** A file whose window was closed stays until others are sent, or until the end. */
const MOST_FILES = 4

/** @param parent - an existing folder; in an archive, what a crash leaves there is swept when it is opened */
export function createUploads(parent: string): Uploads {
  const inTurn = createTurns()
  const files = new Map<string, number>()
  let folder: string | null = null
  const at = (upload: string): string => join(folder ?? '', upload)
  const known = (upload: string): number => {
    const size = files.get(upload)
    if (size === undefined) throw new LabError('value.range', 'the uploaded file no longer exists; upload it again')
    return size
  }
  const drop = async (upload: string): Promise<void> => {
    if (files.delete(upload)) await rm(at(upload), { force: true })
  }
  return {
    append: (given, bytes) =>
      inTurn(async () => {
        const upload = given ?? randomBytes(12).toString('hex')
        const size = (given === null ? 0 : known(given)) + bytes.length
        if (size > LARGEST_MODEL_FILE) {
          await drop(upload)
          throw new LabError(
            'value.range',
            `expected a file of at most ${Math.ceil(LARGEST_MODEL_FILE / 1e6)} MB, got more`,
          )
        }
        folder ??= await newFolder(parent)
        try {
          await appendFile(at(upload), bytes, { mode: 0o600 })
        } catch (error) {
          await drop(upload)
          throw writeError(at(upload), error)
        }
        files.delete(upload)
        files.set(upload, size)
        for (const old of [...files.keys()].slice(0, -MOST_FILES)) await drop(old)
        return { upload, bytes: size }
      }),
    pathOf: (upload) => {
      known(upload)
      return at(upload)
    },
    remove: drop,
    close: async () => {
      files.clear()
      if (folder !== null) await rm(folder, { recursive: true, force: true })
    },
  }
}
