import { constants } from 'node:fs'
import { link, open, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import { makeFolder, syncFolder, type Access } from './folders.js'
import { sweepLeftovers, temporaryName } from './leftovers.js'
import { renameFile } from './rename.js'
import { writeTarget } from './target.js'

/** Names of files that were being written; what a crash leaves of them is swept when an archive is opened. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.writing$/

/** Whether a file's name says that its writing was never finished. */
export const isUnfinished = (name: string): boolean => TEMPORARY.test(name)

/** An error of writing, with the path; a full disk and missing permissions keep their meaning. */
export function writeError(path: string, error: unknown): LabError {
  if (error instanceof LabError && error.message.includes(path)) return error
  const known = asLabError(error)
  const code = known.code === 'internal' || known.code === 'file.unreadable' ? 'file.unwritable' : known.code
  return new LabError(code, `${path}: ${known.message}`, { path }, error)
}

/** Renames a file or folder inside its folder, and makes that durable. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await renameFile(from, to)
  await syncFolder(dirname(to))
}

const FILE_MODES = { private: 0o600, umask: 0o666 } as const satisfies Record<Access, number>
/** Names of files are at most 255 bytes on most systems; the temporary one is at most 42 longer. */
const LONGEST_STEM_BYTES = 200
/** Folders of the user in which leftovers were looked for. */
const swept = new Set<string>()

/** How a file is written. */
export interface WriteOptions {
  /** Of new files and folders; a file that is replaced keeps its own permissions. */
  access?: Access
  /** Whether a file that is there already may be replaced. */
  replace?: boolean
}

/** What a file is made of. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>

async function writeContent(handle: FileHandle, content: FileContent): Promise<void> {
  if (content instanceof Uint8Array) return handle.writeFile(content)
  // Each part goes where the last one ended.
  for await (const part of content) await handle.writeFile(part)
}

/** A device or a pipe takes the bytes in place: it cannot be replaced, and nothing of it needs to be kept. */
async function writeInPlace(path: string, bytes: FileContent): Promise<void> {
  // Without O_NONBLOCK a pipe that nobody reads would hold the program for ever.
  const handle = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENXIO')
      throw new LabError('file.unwritable', `${path}: no process is reading this pipe`, { path }, error)
    throw error
  })
  try {
    await writeContent(handle, bytes)
  } finally {
    await handle.close()
  }
}

/** Gives a finished file its name; without `replace` only where no file has it. */
async function giveName(temporary: string, path: string, replace: boolean): Promise<void> {
  if (replace) return renameFile(temporary, path)
  try {
    await link(temporary, path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EEXIST') throw existsError(path)
    // File systems without hard links: the check before has to do.
    return renameFile(temporary, path)
  }
  await rm(temporary, { force: true })
}

const existsError = (path: string): LabError => new LabError('file.exists', `${path} already exists`, { path })

/** The beginning of a name that leaves room for the ending of a temporary file. */
export function shortened(name: string): string {
  let short = name
  while (Buffer.byteLength(short) > LONGEST_STEM_BYTES) short = Array.from(short).slice(0, -1).join('')
  return short
}

/**
 * Writes a file so that it is there whole or not at all: temporary file beside it, fsync, rename, fsync of the folder.
 *
 * Links are followed, and the file that they lead to is written; devices and pipes are written in place.
 *
 * @param path - the file; its folder is made when it does not exist
 * @param bytes - its content, whole or as parts that are made while they are written
 * @param options - by default private to this user, and an older file is replaced
 * @throws LabError `file.diskFull`, `file.unwritable`, `file.exists`, `file.isFolder`, `file.notFolder`; the old file, if any, is
 *   then untouched
 */
export async function writeFileAtomically(
  path: string,
  bytes: FileContent,
  { access = 'private', replace = true }: WriteOptions = {},
): Promise<void> {
  let temporary: string | null = null
  try {
    const target = await writeTarget(path)
    if (target.kind === 'stream') return await writeInPlace(target.path, bytes)
    if (target.kind === 'file' && !replace) throw existsError(path)
    const folder = dirname(target.path)
    await makeFolder(folder, access)
    // An archive sweeps its own folders when it is opened; a folder of the user is swept when something is written there.
    if (access === 'umask' && !swept.has(folder)) {
      swept.add(folder)
      await sweepLeftovers(folder)
    }
    temporary = join(folder, temporaryName(shortened(basename(target.path))))
    const handle = await open(temporary, 'wx', FILE_MODES[access])
    try {
      if (target.mode !== null && process.platform !== 'win32') await handle.chmod(target.mode)
      await writeContent(handle, bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await giveName(temporary, target.path, replace)
    await syncFolder(folder)
  } catch (error) {
    if (temporary !== null) await rm(temporary, { force: true }).catch(() => undefined)
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
    await makeFolder(dirname(path))
    const handle = await open(path, 'a', FILE_MODES.private)
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
