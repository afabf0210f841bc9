import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { PassThrough, type Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

/** A file inside a zip archive. */
export interface ZipEntry {
  name: string
  bytes: number
  packedBytes: number
  method: number
  /** Where its local header begins. */
  offset: number
}

/** A zip archive on the disk, of which parts are read without the rest. */
export interface ZipFile {
  entries: ReadonlyMap<string, ZipEntry>
  /** The content of an entry, unpacked as it is read. */
  stream(entry: ZipEntry): Promise<Readable>
  close(): Promise<void>
}

const END = { signature: 0x06054b50, bytes: 22, longestComment: 0xffff } as const
const CENTRAL = { signature: 0x02014b50, bytes: 46 } as const
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const
const METHODS = { stored: 0, deflated: 8 } as const
/** A field of this value is written in the form for more than 4 GiB. */
const ZIP64 = 0xffffffff

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, offset)
  if (bytesRead < length) throw new Error(`it ends at byte ${offset + bytesRead}, inside a part of ${length} bytes`)
  return buffer
}

async function readDirectory(handle: FileHandle): Promise<Map<string, ZipEntry>> {
  const { size } = await handle.stat()
  const tail = await readAt(handle, Math.max(0, size - END.bytes - END.longestComment), Math.min(size, END.bytes + END.longestComment))
  let end = tail.length - END.bytes
  while (end >= 0 && tail.readUInt32LE(end) !== END.signature) end -= 1
  if (end < 0) throw new Error('it has no directory of a zip archive at its end')
  const [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
  if (start === ZIP64) throw new Error('it is larger than 4 GiB, which is not read here')
  const directory = await readAt(handle, start, length)
  const entries = new Map<string, ZipEntry>()
  for (let place = 0, index = 0; index < count; index++) {
    if (place + CENTRAL.bytes > length || directory.readUInt32LE(place) !== CENTRAL.signature) throw new Error('its directory is damaged')
    const [nameBytes, extraBytes, commentBytes] = [directory.readUInt16LE(place + 28), directory.readUInt16LE(place + 30), directory.readUInt16LE(place + 32)]
    const name = directory.toString('utf8', place + CENTRAL.bytes, place + CENTRAL.bytes + nameBytes)
    entries.set(name, {
      name, method: directory.readUInt16LE(place + 10), packedBytes: directory.readUInt32LE(place + 20), bytes: directory.readUInt32LE(place + 24), offset: directory.readUInt32LE(place + 42),
    })
    place += CENTRAL.bytes + nameBytes + extraBytes + commentBytes
  }
  return entries
}

/**
 * Opens a zip archive.
 *
 * @throws Error saying in words why it is none
 */
export async function openZip(path: string): Promise<ZipFile> {
  const handle = await open(path, 'r')
  try {
    const entries = await readDirectory(handle)
    return {
      entries,
      stream: async ({ name, method, packedBytes, offset }) => {
        const header = await readAt(handle, offset, LOCAL.bytes)
        if (header.readUInt32LE(0) !== LOCAL.signature) throw new Error(`the header of ${name} is damaged`)
        if (method !== METHODS.stored && method !== METHODS.deflated) throw new Error(`${name} is packed by the unknown method ${method}`)
        const start = offset + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28)
        const target = method === METHODS.deflated ? createInflateRaw() : new PassThrough()
        if (packedBytes === 0) {
          target.end()
          return target
        }
        const source = createReadStream(path, { start, end: start + packedBytes - 1, highWaterMark: 1 << 20 })
        source.on('error', (error) => target.destroy(error))
        target.on('close', () => source.destroy())
        return source.pipe(target)
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}
