import { crc32, inflateRawSync } from 'node:zlib'
import { LabError, listText, shortened } from '../../contract/index.js'

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
/** The end record is 22 bytes and a comment of at most 65535; a locator of 20 bytes may lie before it. */
const END_LENGTH = 22
const LOCATOR_LENGTH = 20
const LONGEST_COMMENT = 0xffff
const END_64_LENGTH = 56
const CENTRAL_LENGTH = 46
const LOCAL_LENGTH = 30
export const ZIP_METHODS = { stored: 0, deflated: 8 } as const

const damaged = (fact: string, cause?: unknown): LabError =>
  new LabError('file.damaged', `the zip is damaged: ${fact}`, {}, cause)

/** Bytes of a zip, in memory or on a disk. */
export interface ZipSource {
  size: number
  read(at: number, length: number): Uint8Array
}

/** One file inside a zip, as its list of entries has it. */
export interface ZipEntry {
  name: string
  method: number
  checksum: number
  packed: number
  size: number
  /** Where the entry's own header begins. */
  at: number
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function part(source: ZipSource, at: number, length: number): DataView {
  if (!(at >= 0 && length >= 0 && at + length <= source.size)) throw damaged('a record reaches beyond the file')
  return viewOf(source.read(at, length))
}

/** Where the list of entries lies, and how many there are. */
function findDirectory(source: ZipSource): { at: number; length: number; count: number } {
  const tailLength = Math.min(source.size, END_LENGTH + LONGEST_COMMENT)
  if (tailLength < END_LENGTH) throw damaged('its end is missing; the file is truncated')
  const tailAt = source.size - tailLength
  const tail = part(source, tailAt, tailLength)
  for (let at = tailLength - END_LENGTH; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue
    const end = tailAt + at
    const locator = end >= LOCATOR_LENGTH ? part(source, end - LOCATOR_LENGTH, LOCATOR_LENGTH) : null
    if (locator?.getUint32(0, true) === LOCATOR_64) {
      const wide = part(source, Number(locator.getBigUint64(8, true)), END_64_LENGTH)
      if (wide.getUint32(0, true) !== END_64) throw damaged('its end record is in the wrong place')
      return {
        at: Number(wide.getBigUint64(48, true)),
        length: Number(wide.getBigUint64(40, true)),
        count: Number(wide.getBigUint64(32, true)),
      }
    }
    return {
      at: tail.getUint32(at + 16, true),
      length: tail.getUint32(at + 12, true),
      count: tail.getUint16(at + 10, true),
    }
  }
  throw damaged('its end is missing; the file is truncated')
}

/** Sizes and places that do not fit 32 bits are in an extra field. */
function widened(extra: DataView, entry: ZipEntry): ZipEntry {
  const filled = { ...entry }
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [id, size] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)]
    let place = at + 4
    if (id === 1) {
      for (const key of ['size', 'packed', 'at'] as const) {
        if (filled[key] !== 0xffffffff) continue
        filled[key] = Number(extra.getBigUint64(place, true))
        place += 8
      }
    }
    at += 4 + size
  }
  return filled
}

function readDirectory(source: ZipSource, most: number): ZipEntry[] {
  const { at: start, length, count } = findDirectory(source)
  if (count > most) throw damaged(`expected at most ${most} entries, got ${count}`)
  const directory = part(source, start, length)
  const entries: ZipEntry[] = []
  for (let at = 0, index = 0; index < count; index++) {
    if (directory.getUint32(at, true) !== CENTRAL) throw damaged(`entry ${index} of its directory is not valid`)
    const [nameLength, extraLength, commentLength] = [
      directory.getUint16(at + 28, true),
      directory.getUint16(at + 30, true),
      directory.getUint16(at + 32, true),
    ]
    if (directory.getUint16(at + 8, true) & 1) throw damaged('an entry is encrypted')
    const nameAt = directory.byteOffset + at + CENTRAL_LENGTH
    const name = new TextDecoder().decode(new Uint8Array(directory.buffer, nameAt, nameLength))
    entries.push(
      widened(new DataView(directory.buffer, nameAt + nameLength, extraLength), {
        name,
        method: directory.getUint16(at + 10, true),
        checksum: directory.getUint32(at + 16, true),
        packed: directory.getUint32(at + 20, true),
        size: directory.getUint32(at + 24, true),
        at: directory.getUint32(at + 42, true),
      }),
    )
    at += CENTRAL_LENGTH + nameLength + extraLength + commentLength
  }
  return entries
}

/** Entries that share bytes make a small file unpack into a large one. */
function refuseOverlaps(entries: readonly ZipEntry[]): void {
  const sorted = [...entries].sort((a, b) => a.at - b.at)
  for (const [index, { name, at, packed }] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next !== undefined && at + LOCAL_LENGTH + packed > next.at)
      throw damaged(`${shortened(name, 80)} and ${shortened(next.name, 80)} overlap`)
  }
}

/** Runs a reader of records; what reaches beyond the file is damage. */
function guarded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw damaged('a record reaches beyond the file', error)
    throw error
  }
}

/**
 * The entries of a zip by name; nothing is unpacked.
 *
 * @param most - how many entries there may be
 * @throws LabError `file.damaged` for a zip that is cut or encrypted, holds a name twice, or entries that overlap
 *
 * Source: PKWARE's APPNOTE 6.3, with zip64, which PyTorch always writes.
 */
export function listZip(source: ZipSource, most: number): ReadonlyMap<string, ZipEntry> {
  return guarded(() => {
    const entries = readDirectory(source, most)
    refuseOverlaps(entries)
    const byName = new Map(entries.map((entry) => [entry.name, entry]))
    if (byName.size < entries.length) throw damaged('a name appears twice')
    return byName
  })
}

/** Where the packed bytes of an entry begin. @throws LabError `file.damaged` */
export function startOfEntry(source: ZipSource, { name, at, packed }: ZipEntry): number {
  const header = guarded(() => part(source, at, LOCAL_LENGTH))
  if (header.getUint32(0, true) !== LOCAL)
    throw damaged(`${shortened(name, 80)} is not at the position given in the directory`)
  const start = at + LOCAL_LENGTH + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + packed > source.size) throw damaged(`${shortened(name, 80)} reaches beyond the file`)
  return start
}

/** A zip in memory whose files are unpacked when they are asked for. */
export interface OpenZip {
  /** Of its files, without folders and without what macOS and Windows add beside them. */
  names: readonly string[]
  /** Its size when it is unpacked; null for a file that is not there. */
  sizeOf(name: string): number | null
  /** @throws LabError `file.damaged` for a file that is not there, altered, or beyond the budget of the zip */
  read(name: string): Uint8Array
}

const MOST_ENTRIES = 20_000
/** Weights shrink to a half or a third, a matrix full of zeros to a thousandth; beyond this a zip is made to hurt. */
const LARGEST_RATIO = 100
const ALWAYS_ALLOWED = 64 * 2 ** 20
const LARGEST_CONTENT = 2 ** 31

/** `__MACOSX/._weights.npy`, `.DS_Store`, `Thumbs.db`, and folders. */
const isBeside = (name: string): boolean =>
  name.endsWith('/') || /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/.test(name)

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4

/**
 * Opens a zip whose bytes are in memory.
 *
 * All that is unpacked together is at most a hundred times as large as the file (64 MB are always allowed), and at most 2 GB.
 *
 * @throws LabError `file.damaged`, as {@link listZip}
 */
export function openZipBytes(bytes: Uint8Array): OpenZip {
  const source: ZipSource = { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) }
  const entries = listZip(source, MOST_ENTRIES)
  const budget = Math.min(LARGEST_CONTENT, Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * bytes.length))
  let unpacked = 0
  const unpack = (inside: Uint8Array, { name, size }: ZipEntry): Uint8Array => {
    unpacked += size
    if (unpacked > budget)
      throw damaged(
        `${shortened(name, 80)} unpacks into ${size} bytes, more than the limit for a file of ${bytes.length} bytes; save it without compression`,
      )
    try {
      return new Uint8Array(inflateRawSync(inside, { maxOutputLength: Math.max(1, size) }))
    } catch (error) {
      throw damaged(`${shortened(name, 80)} cannot be unpacked`, error)
    }
  }
  return {
    names: [...entries.keys()].filter((name) => !isBeside(name)),
    sizeOf: (name) => entries.get(name)?.size ?? null,
    read: (name) => {
      const entry = entries.get(name)
      if (entry === undefined)
        throw damaged(`it does not contain ${shortened(name, 80)}, but ${listText([...entries.keys()], 5)}`)
      const { method, checksum, packed, size } = entry
      const start = startOfEntry(source, entry)
      const inside = bytes.subarray(start, start + packed)
      if (method !== ZIP_METHODS.stored && method !== ZIP_METHODS.deflated)
        throw damaged(`${shortened(name, 80)} uses an unknown compression method (${method})`)
      const content = method === ZIP_METHODS.stored ? inside : unpack(inside, entry)
      if (content.length !== size)
        throw damaged(`expected ${size} bytes in ${shortened(name, 80)}, got ${content.length}`)
      if (crc32(content) !== checksum) throw damaged(`the checksum of ${shortened(name, 80)} is wrong`)
      return content
    },
  }
}
