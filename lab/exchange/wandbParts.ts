import type { ByteStream } from './byteStream.js'
import { partChecksum } from './checksums.js'
import { joined } from './protobuf.js'

/** A W&B file is a LevelDB log: blocks of this size, each with parts that do not cross its end. */
const BLOCK_BYTES = 32 * 1024
const HEAD_BYTES = 7
const LARGEST_RECORD = 64 * 2 ** 20
const MAGIC = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]
/** Kinds of parts: a whole record, or the first, a middle or the last part of one. */
const DAMAGED = 0
const KIND = { whole: 1, first: 2, middle: 3, last: 4 } as const

/** What could not be read of a file. */
export interface PartFaults {
  /** Bytes after the last whole record. */
  cut: number
  /** Parts whose checksum is wrong; the rest of their block is passed over, the next one is read. */
  damaged: number
  /** Records that are too large. */
  large: number
}

/** Whether a file begins as W&B files do. */
export const isWandb = (head: Uint8Array): boolean => MAGIC.every((byte, place) => head[place] === byte)

/** Puts the parts of records together. */
function assembler(faults: PartFaults): (kind: number, part: Uint8Array) => Uint8Array | null {
  let parts: Uint8Array[] | null = null
  let bytes = 0
  return (kind, part) => {
    if (kind === KIND.first) [parts, bytes] = [[], 0]
    else if (kind !== KIND.middle && kind !== KIND.last) parts = null
    if (kind === KIND.whole) return part
    // The beginning was damaged or too large.
    if (parts === null) return null
    bytes += part.length
    if (bytes > LARGEST_RECORD) {
      faults.large += 1
      parts = null
      return null
    }
    parts.push(part.slice())
    if (kind !== KIND.last) return null
    const record = joined(parts)
    parts = null
    return record
  }
}

/**
 * The records of a W&B file after its seven bytes `:W&B` 0xBEE1 0.
 *
 * @param faults - counts what could not be read
 */
export function* wandbRecords(stream: ByteStream, faults: PartFaults): Generator<Uint8Array> {
  const take = assembler(faults)
  let whole = stream.position
  while (stream.position < stream.size) {
    const left = BLOCK_BYTES - (stream.position % BLOCK_BYTES)
    if (left < HEAD_BYTES) {
      stream.skip(Math.min(left, stream.size - stream.position))
      continue
    }
    const head = stream.take(HEAD_BYTES)?.slice() ?? null
    if (head === null) break
    const view = new DataView(head.buffer)
    const [checksum, length, kind] = [view.getUint32(0, true), view.getUint16(4, true), head[6] ?? 0]
    const fits = length <= left - HEAD_BYTES
    const data = fits ? stream.take(length) : null
    if (fits && data === null) break
    // A head or a part of zeros is room that was reserved and never written.
    if (data === null || kind < KIND.whole || kind > KIND.last || partChecksum(kind, data) !== checksum) {
      faults.damaged += 1
      take(DAMAGED, head)
      const end = BLOCK_BYTES - (stream.position % BLOCK_BYTES)
      if (end < BLOCK_BYTES) stream.skip(Math.min(end, stream.size - stream.position))
      continue
    }
    const record = take(kind, data)
    if (record === null) continue
    whole = stream.position
    yield record
  }
  faults.cut = stream.size - whole
}
