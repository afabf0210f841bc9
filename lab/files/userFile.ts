import { constants, fstat, read } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { asLabError, LabError, type ErrorCode } from '../../contract/index.js'
import { decodeText, parseJson } from './json.js'

const MEGABYTE = 2 ** 20
/** Specs, settings and data of figures are a few kilobytes to some megabytes. */
const LARGEST_TEXT = 256 * MEGABYTE
const CHUNK = 4 * MEGABYTE

/** A file that a person has named, open for reading. */
export interface UserFile {
  handle: FileHandle
  bytes: number
  modifiedAt: Date
}

const refuse = (path: string, fact: string, cause?: unknown): LabError =>
  new LabError('file.unreadable', `${path}: ${fact}`, { path }, cause)

/** What a path is, if not a file. */
function kindOf(found: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean }): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

/**
 * Opens a file that a person has named. Folders, pipes, sockets and devices are refused: they may have no end, or wait for ever.
 *
 * What was opened is what was looked at, so that nothing can be exchanged in between.
 *
 * @throws LabError `file.unreadable`
 */
export async function openUserFile(path: string): Promise<UserFile> {
  // Without O_NONBLOCK the opening of a pipe waits for its writer. Windows has neither.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw refuse(path, code === 'ENXIO' ? 'expected a file, got a socket' : asLabError(error).message, error)
  })
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw refuse(path, `expected a file, got ${kindOf(found)}`)
    return { handle, bytes: found.size, modifiedAt: found.mtime }
  } catch (error) {
    await handle.close()
    throw error instanceof LabError ? error : refuse(path, asLabError(error).message, error)
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

/** Reads until the end; a file may grow while it is read, and those of /proc claim to be empty. */
async function readWhole(path: string, { handle, bytes }: UserFile, largest: number): Promise<Uint8Array> {
  let content = new Uint8Array(bytes)
  let length = 0
  for (;;) {
    if (length === content.length) {
      const more = new Uint8Array(Math.min(CHUNK, largest + 1 - length))
      const { bytesRead } = await handle.read(more, 0, more.length, length)
      if (bytesRead === 0) return content
      if (length + bytesRead > largest) throw refuse(path, `it is larger than the limit of ${megabytes(largest)}`)
      const longer = new Uint8Array(length + bytesRead)
      longer.set(content)
      longer.set(more.subarray(0, bytesRead), length)
      content = longer
      length += bytesRead
      continue
    }
    const { bytesRead } = await handle.read(content, length, Math.min(CHUNK, content.length - length), length)
    if (bytesRead === 0) return content.subarray(0, length)
    length += bytesRead
  }
}

let streamsAllowed = false

/**
 * Lets this program read `/dev/stdin` and `/dev/fd/N`. A command of the terminal may: its shell has opened them for it. A host that
 * answers requests may not: its descriptors are connections of others.
 */
export const allowInheritedStreams = (): void => {
  streamsAllowed = true
}
export const inheritedStreamsAllowed = (): boolean => streamsAllowed

/** Between two looks at a stream that has nothing to read yet. */
const STREAM_PAUSE_MS = 10

/**
 * The descriptor behind `/dev/stdin` and behind `<(command)` of a shell, where it is a pipe or a socket: a stream that the caller has
 * opened for this program, and which therefore has a writer. Null for everything else.
 */
async function inheritedStream(path: string): Promise<number | null> {
  const [, name = ''] = /^\/(?:dev|proc\/self)\/(stdin|fd\/\d+)$/.exec(path) ?? []
  if (name === '' || !streamsAllowed) return null
  const descriptor = name === 'stdin' ? 0 : Number(name.slice(3))
  const found = await promisify(fstat)(descriptor).catch(() => null)
  return found !== null && (found.isFIFO() || found.isSocket()) ? descriptor : null
}

/** Reads an inherited stream until its writer closes it. */
async function readStream(path: string, descriptor: number, largest: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const part = new Uint8Array(64 * 1024)
    const count = await promisify(read)(descriptor, part, 0, part.length, null).then(
      ({ bytesRead }) => bytesRead,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return null
        throw error
      },
    )
    if (count === null) await pause(STREAM_PAUSE_MS)
    else if (count === 0) return new Uint8Array(Buffer.concat(parts))
    else {
      length += count
      if (length > largest) throw refuse(path, `it is larger than the limit of ${megabytes(largest)}`)
      parts.push(part.subarray(0, count))
    }
  }
}

/**
 * Reads a file that a person has named, or the stream behind `/dev/stdin` or `<(command)`.
 *
 * @param largestBytes - more is refused before it is read
 * @throws LabError `file.unreadable` for a file that is not there, no regular file or too large
 */
export async function readUserFile(
  path: string,
  largestBytes: number,
): Promise<{ bytes: Uint8Array; modifiedAt: Date }> {
  const stream = await inheritedStream(path)
  if (stream !== null) {
    const bytes = await readStream(path, stream, largestBytes).catch((error: unknown) => {
      throw error instanceof LabError ? error : refuse(path, asLabError(error).message, error)
    })
    return { bytes, modifiedAt: new Date() }
  }
  const file = await openUserFile(path)
  try {
    if (file.bytes > largestBytes)
      throw refuse(path, `expected a file of at most ${megabytes(largestBytes)}, got ${megabytes(file.bytes)}`)
    return { bytes: await readWhole(path, file, largestBytes), modifiedAt: file.modifiedAt }
  } catch (error) {
    throw error instanceof LabError ? error : refuse(path, asLabError(error).message, error)
  } finally {
    await file.handle.close()
  }
}

/** Text of a file that a person has named, in UTF-8 with or without a byte order mark. @throws LabError `file.unreadable`, `file.invalid` */
export async function readUserText(path: string): Promise<string> {
  const { bytes } = await readUserFile(path, LARGEST_TEXT)
  try {
    return decodeText(bytes)
  } catch (error) {
    throw new LabError('file.invalid', `${path}: ${asLabError(error).message}`, { path }, error)
  }
}

/**
 * JSON of a file that a person has named.
 *
 * @param code - of the refusal of what is no JSON, or holds a key twice
 * @throws LabError `file.unreadable`, and `code`
 */
export async function readUserJson(path: string, code: ErrorCode = 'file.invalid'): Promise<unknown> {
  const { bytes } = await readUserFile(path, LARGEST_TEXT)
  try {
    return parseJson(bytes)
  } catch (error) {
    throw new LabError(
      code,
      `${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
      { path },
      error,
    )
  }
}

/**
 * Runs a reader over a file that the user has named. A damaged file there is not part of the archive, so no backup can be restored.
 *
 * @throws LabError `file.invalid` in place of `file.damaged`, and whatever else the reader throws
 */
export function asUserFile<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw asUserError(path, error)
  }
}

/** An error of a reader as one about a person's own file. */
export function asUserError(path: string, error: unknown): LabError {
  const known = asLabError(error)
  return known.code === 'file.damaged'
    ? new LabError('file.invalid', `${path}: ${known.message}`, { ...known.details, path }, error)
    : known
}
