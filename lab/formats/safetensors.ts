import { LabError, shortened } from '../../contract/index.js'
import { parseJson } from '../files/json.js'
import { ELEMENTS, float32Numbers, MOST_AXES, rowStrides, sizeOf, type ElementType } from './elements.js'

/** Tensors by name, float32. */
export type FloatTensors = Record<string, { data: Float32Array; shape: readonly number[] }>

/** A checkpoint of ten thousand tensors has a header of 2 MB. */
const LARGEST_HEADER = 16 * 2 ** 20

/** Element types by the names that the format gives them. */
const TYPES: Readonly<Record<string, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
}

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
    if (shape.reduce((product, size) => product * size, 1) !== data.length)
      throw new LabError('shape.mismatch', `expected ${shape.join(' x ')} entries in ${name}, got ${data.length}`)
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
  if (length > LARGEST_HEADER || 8 + length > bytes.length)
    throw new LabError('file.damaged', `expected a header of ${length} bytes, got a file of ${bytes.length}`)
  try {
    const header = parseJson(bytes.subarray(8, 8 + length))
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return { header: header as Record<string, unknown>, start: 8 + length }
  } catch (error) {
    throw new LabError('file.damaged', 'the header of the safetensors file is not JSON', {}, error)
  }
  throw new LabError('file.damaged', 'the header of the safetensors file is not an object')
}

const isList = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_AXES && value.every((part) => Number.isSafeInteger(part) && part >= 0)

interface Range {
  name: string
  type: ElementType
  shape: readonly number[]
  from: number
  to: number
}

/** Where a tensor lies behind the header. @throws LabError `file.damaged`, `model.foreign` for elements that are not read */
function rangeOf(name: string, entry: unknown, contentBytes: number): Range {
  const label = shortened(name, 80)
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  if (typeof dtype !== 'string' || !isList(shape) || !isList(offsets) || offsets.length !== 2)
    throw new LabError('file.damaged', `expected a tensor with dtype, shape and data_offsets under ${label}`)
  const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined
  if (type === undefined)
    throw new LabError(
      'model.foreign',
      `expected elements of ${Object.keys(TYPES).join(', ')} in ${label}, got ${shortened(dtype, 20)}`,
      { entry: label },
    )
  const [from = 0, to = 0] = offsets
  if (to - from !== ELEMENTS[type].bytes * sizeOf(shape) || to > contentBytes)
    throw new LabError(
      'file.damaged',
      `the range ${from} to ${to} of ${label} does not match its shape ${shape.join(' x ')} or the size of the file`,
    )
  return { name, type, shape, from, to }
}

/** @throws LabError `file.damaged` for ranges that overlap or leave holes */
function checkRanges(ranges: readonly Range[], contentBytes: number): void {
  let expected = 0
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== expected)
      throw new LabError('file.damaged', `expected a tensor to start at byte ${expected}, got ${from}`)
    expected = to
  }
  if (expected !== contentBytes)
    throw new LabError('file.damaged', `expected ${expected} bytes of tensor data, got ${contentBytes}`)
}

/** Texts of the header by name; a null means none, as in Python. */
export function metadataOf(header: Readonly<Record<string, unknown>>): Record<string, string> {
  const metadata = header['__metadata__'] ?? {}
  if (typeof metadata !== 'object' || Array.isArray(metadata))
    throw new LabError('file.damaged', 'expected an object under __metadata__')
  return Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, String(text)]))
}

/**
 * Reads a safetensors file; numbers of other types are rounded to float32.
 *
 * @throws LabError `file.damaged` for ranges that overlap, leave holes or do not fit the shape, and for a file cut short; `model.foreign` for elements of 8 bits and less that are no numbers
 */
export function readSafetensors(bytes: Uint8Array): { tensors: FloatTensors; metadata: Record<string, string> } {
  const { header, start } = parseHeader(bytes)
  const content = bytes.subarray(start)
  const ranges = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => rangeOf(name, entry, content.length))
  checkRanges(ranges, content.length)
  const tensors: FloatTensors = Object.fromEntries(
    ranges.map(({ name, type, shape, from, to }) => {
      const data = float32Numbers({
        type,
        shape,
        strides: rowStrides(shape),
        offset: 0,
        bytes: content.subarray(from, to),
        littleEndian: true,
      })
      return [name, { data, shape }]
    }),
  )
  return { tensors, metadata: metadataOf(header) }
}
