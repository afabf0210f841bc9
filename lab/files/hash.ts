import { createHash } from 'node:crypto'

/** Objects with their keys in order, and arrays of numbers by their bytes, so that equal values have equal texts. */
function plain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return bytesHash(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** sha256 of bytes, hexadecimal. */
export const bytesHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** sha256 of plain data and typed arrays, whatever the order of their keys. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, plain)).digest('hex')
