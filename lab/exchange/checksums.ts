import { crc32 } from 'node:zlib'

/** Table of CRC-32C (Castagnoli), reflected. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** CRC-32C of bytes, RFC 3720. */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

/** CRC-32C as the records of TensorFlow hold it: rotated and shifted, so that a checksum of checksums is no constant. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/**
 * The checksum of a part of a W&B file: CRC-32 of the part, which begins with the checksum of its kind. (The original's
 * comment says CRC-32C.)
 */
export const partChecksum = (kind: number, bytes: Uint8Array): number => crc32(bytes, crc32(Uint8Array.of(kind)))
