import { LabError } from '../../contract/index.js'

/** Tensors by name, float32. */
export type FloatTensors = Record<string, { data: Float32Array; shape: readonly number[] }>

const LARGEST_HEADER = 100_000_000

/**
 * Writes tensors as a safetensors file: length of the header, JSON header padded to 8 bytes, then the numbers.
 *
 * @param tensors - by name
 * @param metadata - texts by name, kept under `__metadata__`
 *
 * Source: the safetensors format, version 0.
 */
export function writeSafetensors(tensors: FloatTensors, metadata: Record<string, string> = {}): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { __metadata__: metadata }
  let offset = 0
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    if (shape.reduce((product, size) => product * size, 1) !== data.length) throw new LabError('shape.mismatch', `expected ${shape.join(' x ')} entries in ${name}, got ${data.length}`)
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.set(text, 8)
  let place = 8 + headerLength
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place)
    place += data.byteLength
  }
  return bytes
}

/** The header of a file as its JSON, and where the numbers begin. @throws LabError `file.damaged` */
export function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw new LabError('file.damaged', `expected a safetensors file, got ${bytes.length} bytes`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > LARGEST_HEADER || 8 + length > bytes.length) throw new LabError('file.damaged', `expected a header of ${length} bytes, got a file of ${bytes.length}`)
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { header: header as Record<string, unknown>, start: 8 + length }
  } catch (error) {
    throw new LabError('file.damaged', 'the header of the safetensors file is not JSON', {}, error)
  }
  throw new LabError('file.damaged', 'the header of the safetensors file is not an object')
}

/**
 * Reads a safetensors file of float32 tensors.
 *
 * @throws LabError `file.damaged` for other types, for ranges that overlap, leave holes or do not fit the shape, and for a file cut short
 */
export function readSafetensors(bytes: Uint8Array): { tensors: FloatTensors; metadata: Record<string, string> } {
  const { header, start } = parseHeader(bytes)
  const tensors: FloatTensors = {}
  let metadata: Record<string, string> = {}
  const ranges: [number, number][] = []
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = entry as Record<string, string>
      continue
    }
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
    const isList = (value: unknown): value is number[] => Array.isArray(value) && value.every((part) => Number.isSafeInteger(part) && part >= 0)
    if (dtype !== 'F32' || !isList(shape) || !isList(offsets) || offsets.length !== 2) throw new LabError('file.damaged', `expected a float32 tensor under ${name}`)
    const [from = 0, to = 0] = offsets
    if (to - from !== 4 * shape.reduce((product, size) => product * size, 1) || start + to > bytes.length) throw new LabError('file.damaged', `the range ${from} to ${to} of ${name} does not fit its shape ${shape.join(' x ')} or the file`)
    ranges.push([from, to])
    tensors[name] = { data: new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer), shape }
  }
  ranges.sort((a, b) => a[0] - b[0])
  let expected = 0
  for (const [from, to] of ranges) {
    if (from !== expected) throw new LabError('file.damaged', `expected a tensor to begin at byte ${expected}, got ${from}`)
    expected = to
  }
  if (start + expected !== bytes.length) throw new LabError('file.damaged', `expected ${start + expected} bytes, got ${bytes.length}`)
  return { tensors, metadata }
}
