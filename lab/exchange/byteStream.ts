import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'

const CHUNK_BYTES = 1 << 20

/** A file that is read from its beginning to the end that it had when it was opened, and hashed on the way. */
export interface ByteStream {
  readonly position: number
  readonly size: number
  /** The next bytes, valid until the next call; null where the file ends before. */
  take(count: number): Uint8Array | null
  /** Passes over bytes. @returns whether there were that many */
  skip(count: number): boolean
  /** Reads what is left. @returns the sha256 of the whole file */
  sha256(): string
}

/** @param descriptor - of an open file @param size - in bytes */
export function byteStream(descriptor: number, size: number): ByteStream {
  const hash = createHash('sha256')
  let buffer = new Uint8Array(CHUNK_BYTES)
  /** What of the buffer is read and not taken yet. */
  let [from, to] = [0, 0]
  let read = 0
  const fill = (count: number): boolean => {
    if (to - from >= count) return true
    if (count > to - from + size - read) return false
    const kept = buffer.subarray(from, to)
    if (count > buffer.length) {
      const larger = new Uint8Array(count)
      larger.set(kept)
      buffer = larger
    } else buffer.copyWithin(0, from, to)
    to -= from
    from = 0
    while (to < count) {
      const bytes = readSync(descriptor, buffer, to, Math.min(buffer.length - to, size - read), read)
      // The file was cut while it was read.
      if (bytes === 0) return false
      hash.update(buffer.subarray(to, to + bytes))
      to += bytes
      read += bytes
    }
    return true
  }
  const skip = (count: number): boolean => {
    let left = count
    while (left > 0) {
      const part = Math.min(left, CHUNK_BYTES)
      if (!fill(part)) return false
      from += part
      left -= part
    }
    return true
  }
  return {
    get position() {
      return read - (to - from)
    },
    size,
    take: (count) => {
      if (!fill(count)) return null
      from += count
      return buffer.subarray(from - count, from)
    },
    skip,
    sha256: () => {
      skip(size - read + to - from)
      return hash.digest('hex')
    },
  }
}
