import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { PassThrough, Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { LabError } from '../../contract/index.js'
import { openUserFile } from '../files/userFile.js'
import { listZip, startOfEntry, ZIP_METHODS, type ZipEntry, type ZipSource } from '../formats/zip.js'

/** A zip archive on the disk, of which parts are read without the rest. */
export interface ZipFile {
  entries: ReadonlyMap<string, ZipEntry>
  /** The content of an entry, unpacked as it is read. */
  stream(entry: ZipEntry): Promise<Readable>
  close(): Promise<void>
}

/** The wheel of TensorFlow has 14 000. */
const MOST_ENTRIES = 100_000

/** Bytes of a part of a file; a stream of Node's would close the file at its end. */
async function* chunksOf(handle: FileHandle, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length;) {
    const chunk = new Uint8Array(Math.min(1 << 20, length - done))
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, start + done)
    if (bytesRead === 0) throw new LabError('file.damaged', `it ends inside a block of ${length} bytes`)
    done += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}

/**
 * Opens a zip archive on the disk.
 *
 * @throws LabError `file.unreadable`, `file.damaged`
 */
export async function openZip(path: string): Promise<ZipFile> {
  const { handle, bytes } = await openUserFile(path)
  const source: ZipSource = {
    size: bytes,
    read: (at, length) => {
      const buffer = new Uint8Array(length)
      if (readSync(handle.fd, buffer, 0, length, at) < length)
        throw new LabError('file.damaged', `it ends inside a block of ${length} bytes`)
      return buffer
    },
  }
  try {
    return {
      entries: listZip(source, MOST_ENTRIES),
      stream: async (entry) => {
        const { name, method, packed } = entry
        const start = startOfEntry(source, entry)
        if (method !== ZIP_METHODS.stored && method !== ZIP_METHODS.deflated)
          throw new LabError('file.damaged', `${name} uses the unknown compression method ${method}`)
        const target = method === ZIP_METHODS.deflated ? createInflateRaw() : new PassThrough()
        if (packed === 0) return target.end()
        const packedBytes = Readable.from(chunksOf(handle, start, packed))
        packedBytes.on('error', (error) => target.destroy(error))
        target.on('close', () => packedBytes.destroy())
        return packedBytes.pipe(target)
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}
