import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { asLabError, LabError, type PublishedDataset, type PublishedFile } from '../../contract/index.js'
import { openUserFile } from '../files/userFile.js'
import { headOf, isGzip, isTar, isWebPage } from './content.js'
import type { Located } from './locate.js'

export type BytesListener = (bytes: number) => void

/** An error of reading in the program's words: cut short, not what it should be, or not to be read. */
function readingError(path: string, error: unknown): LabError {
  if (error instanceof LabError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(message))
    return new LabError('dataset.truncated', `${path} is truncated`, { path }, error)
  if (code.startsWith('Z_') || /tar/i.test(message))
    return new LabError('dataset.foreign', `${path} is not the expected archive: ${message}`, { path }, error)
  return new LabError('file.unreadable', `${path}: ${asLabError(error).message}`, { path }, error)
}

/** After this number of bytes the host does something else: a window must not wait until 150 MB are hashed. */
const BYTES_A_TURN = 1 << 20

/** A file of a set, as it was read. */
interface ReadFile {
  bytes: Uint8Array
  sha256: string
}

/** Collects and hashes a stream that should hold a known number of bytes, and not one more. */
async function collect(stream: AsyncIterable<Uint8Array>, expected: number, name: string): Promise<ReadFile> {
  const bytes = new Uint8Array(expected)
  const hash = createHash('sha256')
  let length = 0
  let ofTurn = 0
  for await (const chunk of stream) {
    if (length + chunk.length > expected)
      throw new LabError('dataset.foreign', `expected ${expected} bytes in ${name}, got more`, { file: name })
    bytes.set(chunk, length)
    hash.update(chunk)
    length += chunk.length
    ofTurn += chunk.length
    if (ofTurn < BYTES_A_TURN) continue
    ofTurn = 0
    await setImmediate()
  }
  if (length < expected)
    throw new LabError('dataset.truncated', `expected ${expected} bytes in ${name}, got ${length}`, {
      file: name,
      expected,
      got: length,
    })
  return { bytes, sha256: hash.digest('hex') }
}

/** @throws LabError `dataset.checksum` naming the file with both sums */
function checkSum(name: string, got: string, expected: string): void {
  if (got !== expected)
    throw new LabError('dataset.checksum', `expected the SHA-256 of ${name} to be ${expected}, got ${got}`, {
      file: name,
      got,
      expected,
    })
}

/** Opens a file and looks whether it is packed. The stream ends with its file. @throws LabError `file.unreadable`, `dataset.foreign` for a web page */
async function openPacked(
  path: string,
  onBytes: BytesListener,
): Promise<{ stream: Readable; packed: boolean; head: Uint8Array }> {
  const { handle } = await openUserFile(path)
  const head = await headOf(handle)
  if (isWebPage(head)) {
    await handle.close()
    throw new LabError('dataset.foreign', `${path} is a web page that a server sent instead of the file`, { path })
  }
  const stream = handle.createReadStream({ start: 0 })
  stream.on('data', (chunk) => onBytes(chunk.length))
  return { stream, packed: isGzip(head), head }
}

async function readOne(
  path: string,
  { name, bytes: expected }: PublishedFile,
  onBytes: BytesListener,
): Promise<ReadFile> {
  try {
    const { stream, packed } = await openPacked(path, onBytes)
    try {
      return await collect(packed ? pipeOf(stream) : stream, expected, name)
    } finally {
      stream.destroy()
    }
  } catch (error) {
    throw readingError(path, error)
  }
}

/** Decompresses; an error of the source ends the reading too. */
function pipeOf(source: Readable): Readable {
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  return source.pipe(gunzip)
}

async function readArchive(
  path: string,
  wanted: readonly PublishedFile[],
  onBytes: BytesListener,
): Promise<Map<string, ReadFile>> {
  const files = new Map<string, ReadFile>()
  const unpack = extract()
  unpack.on('entry', (header, stream, next) => {
    const file = wanted.find(({ name }) => name === basename(header.name))
    if (file === undefined) {
      stream.on('end', next)
      stream.resume()
      return
    }
    collect(stream as AsyncIterable<Uint8Array>, file.bytes, file.name).then(
      (read) => {
        files.set(file.name, read)
        next()
      },
      (error: unknown) => unpack.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  })
  try {
    const { stream, packed, head } = await openPacked(path, onBytes)
    if (!packed && !isTar(head)) {
      stream.destroy()
      throw new LabError('dataset.foreign', `${path} is neither a gzip file nor a tar archive`, { path })
    }
    await (packed ? pipeline(stream, createGunzip(), unpack) : pipeline(stream, unpack))
  } catch (error) {
    throw readingError(path, error)
  }
  const missing = wanted.filter(({ name }) => !files.has(name))
  if (missing.length > 0)
    throw new LabError('dataset.foreign', `${path} does not contain ${missing.map(({ name }) => name).join(', ')}`, {
      path,
    })
  return files
}

/**
 * Reads files of a set and compares each with its published checksum.
 *
 * @param located - where the set was found
 * @param wanted - which of its files
 * @param onBytes - called after every read from the disk
 * @returns contents by published name
 * @throws LabError `dataset.truncated`, `dataset.foreign`, `dataset.checksum`, `file.unreadable`
 */
export async function readFiles(
  located: Located,
  dataset: PublishedDataset,
  wanted: (name: string) => boolean,
  onBytes: BytesListener = () => {},
): Promise<Map<string, Uint8Array>> {
  const published = dataset.files.filter(({ name }) => wanted(name))
  const files =
    located.form === 'archive' ? await readArchive(located.path, published, onBytes) : new Map<string, ReadFile>()
  if (located.form === 'files')
    for (const file of published) files.set(file.name, await readOne(located.paths.get(file.name) ?? '', file, onBytes))
  const whole = new Map<string, Uint8Array>()
  for (const { name, sha256 } of published) {
    const read = files.get(name)
    checkSum(name, read?.sha256 ?? 'nothing', sha256)
    if (read !== undefined) whole.set(name, read.bytes)
  }
  return whole
}
