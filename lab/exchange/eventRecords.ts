import type { ByteStream } from './byteStream.js'
import { maskedCrc32c } from './checksums.js'
import { joined } from './protobuf.js'

/** Larger records hold graphs, images or sound; they are passed over unread. */
const LARGEST_RECORD = 64 * 2 ** 20
const HEAD_BYTES = 12
const TAIL_BYTES = 4

/** What could not be read of a file of records. */
export interface RecordFaults {
  /** Bytes after the last whole record. */
  cut: number
  /** Records whose checksum is wrong; the next ones are read. */
  damaged: number
  /** Records that are too large. */
  large: number
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The length of the next record; null where the file ends or is damaged here, so that no later record can be found. */
function lengthOf(head: Uint8Array | null): number | null {
  if (head === null) return null
  const view = viewOf(head)
  if (view.getUint32(8, true) !== maskedCrc32c(head.subarray(0, 8))) return null
  const length = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true)
  return Number.isSafeInteger(length) ? length : null
}

/**
 * The records of an event file (TFRecord): length as u64, its masked CRC-32C, the bytes, their masked CRC-32C.
 *
 * @param faults - counts what could not be read
 */
export function* eventRecords(stream: ByteStream, faults: RecordFaults): Generator<Uint8Array> {
  while (stream.position < stream.size) {
    const { position } = stream
    const length = lengthOf(stream.take(HEAD_BYTES))
    const rest = stream.size - position - HEAD_BYTES
    if (length === null || length + TAIL_BYTES > rest) {
      faults.cut += stream.size - position
      return
    }
    if (length > LARGEST_RECORD) {
      faults.large += 1
      stream.skip(length + TAIL_BYTES)
      continue
    }
    const bytes = stream.take(length + TAIL_BYTES)
    if (bytes === null) {
      faults.cut += rest + HEAD_BYTES
      return
    }
    const data = bytes.subarray(0, length)
    if (viewOf(bytes).getUint32(length, true) === maskedCrc32c(data)) yield data
    else faults.damaged += 1
  }
}

/** A record as event files hold it. */
export function eventRecord(data: Uint8Array): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES)
  const tail = new Uint8Array(TAIL_BYTES)
  viewOf(head).setUint32(0, data.length, true)
  viewOf(head).setUint32(8, maskedCrc32c(head.subarray(0, 8)), true)
  viewOf(tail).setUint32(0, maskedCrc32c(data), true)
  return joined([head, data, tail])
}
