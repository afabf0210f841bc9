import { crc32, inflateRawSync } from 'node:zlib'
import { LabError } from '../../contract/index.js'

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
/** The end record is 22 bytes and a comment of at most 65535. */
const END_LENGTH = 22
/** A small file may claim to unpack into anything. */
const LARGEST_ENTRY = 2 ** 30
const [STORED, DEFLATED] = [0, 8]

const damaged = (fact: string, cause?: unknown): LabError => new LabError('file.damaged', `the zip is damaged: ${fact}`, {}, cause)

interface Entry {
  name: string
  method: number
  checksum: number
  packed: number
  size: number
  /** Where the entry's own header begins. */
  at: number
}

/** Where the list of entries lies, and how many there are. */
function findDirectory(view: DataView): { at: number; count: number } {
  for (let at = view.byteLength - END_LENGTH; at >= Math.max(0, view.byteLength - END_LENGTH - 0xffff); at--) {
    if (view.getUint32(at, true) !== END) continue
    if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR_64) {
      const end = Number(view.getBigUint64(at - 12, true))
      if (view.getUint32(end, true) !== END_64) throw damaged('its end record is not where it should be')
      return { at: Number(view.getBigUint64(end + 48, true)), count: Number(view.getBigUint64(end + 32, true)) }
    }
    return { at: view.getUint32(at + 16, true), count: view.getUint16(at + 10, true) }
  }
  throw damaged('its end is missing; the file was cut short')
}

/** Sizes and places that do not fit 32 bits stand in an extra field. */
function wide(view: DataView, extra: number, length: number, entry: Entry): Entry {
  const filled = { ...entry }
  for (let at = extra; at + 4 <= extra + length;) {
    const [id, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    let place = at + 4
    if (id === 1) {
      for (const key of ['size', 'packed', 'at'] as const) {
        if (filled[key] !== 0xffffffff) continue
        filled[key] = Number(view.getBigUint64(place, true))
        place += 8
      }
    }
    at += 4 + size
  }
  return filled
}

function listEntries(bytes: Uint8Array, view: DataView): Entry[] {
  const { at: start, count } = findDirectory(view)
  const entries: Entry[] = []
  for (let at = start, index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== CENTRAL) throw damaged(`entry ${index} of its list is not one`)
    const [nameLength, extraLength, commentLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)]
    if (view.getUint16(at + 8, true) & 1) throw damaged('an entry is encrypted')
    entries.push(wide(view, at + 46 + nameLength, extraLength, {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)), method: view.getUint16(at + 10, true), checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true),
    }))
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}

function contentOf(bytes: Uint8Array, view: DataView, { name, method, checksum, packed, size, at }: Entry): Uint8Array {
  if (view.getUint32(at, true) !== LOCAL) throw damaged(`${name} is not where the list says`)
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  if (start + packed > bytes.length) throw damaged(`${name} reaches beyond the file`)
  if (method === DEFLATED && size > LARGEST_ENTRY) throw damaged(`${name} says that it unpacks into ${size} bytes`)
  const inside = bytes.subarray(start, start + packed)
  if (method !== STORED && method !== DEFLATED) throw damaged(`${name} is packed in a way that is not known (${method})`)
  const content = method === STORED ? inside : new Uint8Array(inflateRawSync(inside, { maxOutputLength: Math.max(1, size) }))
  if (content.length !== size) throw damaged(`expected ${size} bytes in ${name}, got ${content.length}`)
  if (crc32(content) !== checksum) throw damaged(`the checksum of ${name} is wrong`)
  return content
}

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4

function opened<Result>(bytes: Uint8Array, work: (view: DataView) => Result): Result {
  try {
    return work(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    if (error instanceof LabError) throw error
    throw damaged('a record reaches beyond the file', error)
  }
}

/** Names of a zip's files. @throws LabError `file.damaged` */
export const zipNames = (bytes: Uint8Array): string[] => opened(bytes, (view) => listEntries(bytes, view).map(({ name }) => name))

/**
 * The files of a zip by name, stored or deflated, with their checksums compared.
 *
 * @throws LabError `file.damaged` for a zip that is cut, altered, encrypted or packed otherwise
 *
 * Source: PKWARE's APPNOTE 6.3, with zip64, which PyTorch always writes.
 */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return opened(bytes, (view) => new Map(listEntries(bytes, view).map((entry) => [entry.name, contentOf(bytes, view, entry)])))
}
