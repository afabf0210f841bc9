import { LabError, shortened, type NumericArray } from '../../contract/index.js'
import {
  ELEMENTS,
  float32Numbers,
  float64Numbers,
  gather,
  rowStrides,
  sizeOf,
  type ElementType,
  type StridedArray,
} from './elements.js'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const ALIGNMENT = 64
/** NumPy's own limit is 10 000 characters. */
const LARGEST_HEADER = 65_536
/** No fact of a model is a longer text. */
const LONGEST_TEXT = 1000

/** NumPy's letters for kinds of elements, with their size in bytes. */
const KINDS: Readonly<Record<string, ElementType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
}

/** Names of the element types that the program stores, little-endian. */
const STORED = [
  ['<f4', Float32Array],
  ['<f8', Float64Array],
  ['<i4', Int32Array],
  ['|u1', Uint8Array],
] as const

/** An array with its shape, row by row. */
export interface ShapedArray {
  data: NumericArray
  shape: readonly number[]
}

/** What one NumPy file holds: numbers of any type and order, or one text. */
export type NpyContent = StridedArray | string

const damaged = (fact: string): LabError => new LabError('file.damaged', fact)

/** A NumPy file, version 1.0, of elements that lie row by row. */
export function npyBytes(descr: string, shape: readonly number[], content: Uint8Array): Uint8Array {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const headerLength = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - 10
  const bytes = new Uint8Array(10 + headerLength + content.length)
  bytes.set([...MAGIC, 1, 0, headerLength & 255, headerLength >> 8])
  bytes.set(new TextEncoder().encode(dictionary.padEnd(headerLength - 1) + '\n'), 10)
  bytes.set(content, 10 + headerLength)
  return bytes
}

/** The bytes of a typed array, without a copy. */
export const bytesOf = (data: NumericArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/**
 * Writes an array as a NumPy file, version 1.0, C order.
 *
 * @throws LabError `shape.mismatch` when the shape does not hold as many entries
 *
 * Source: numpy.lib.format.
 */
export function writeNpy({ data, shape }: ShapedArray): Uint8Array {
  if (sizeOf(shape) !== data.length)
    throw new LabError(
      'shape.mismatch',
      `expected ${sizeOf(shape)} entries for the shape ${shape.join(' x ')}, got ${data.length}`,
    )
  return npyBytes(STORED.find(([, constructor]) => data instanceof constructor)?.[0] ?? '<f4', shape, bytesOf(data))
}

interface Header {
  /** As it is written, such as `'<f4'`, or a list of fields. */
  descr: string
  fortran: boolean
  shape: readonly number[]
  content: Uint8Array
}

/** Python 2 wrote sizes as `4L`. */
function shapeOf(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim().replace(/L$/, ''))
  return parts.filter((part) => part !== '').map(Number)
}

function headerOf(bytes: Uint8Array): Header {
  if (bytes.length < 12 || MAGIC.some((byte, at) => bytes[at] !== byte)) throw damaged('expected a NumPy array')
  const version = bytes[6] ?? 0
  if (version < 1 || version > 3) throw damaged(`expected a NumPy array of version 1, 2 or 3, got version ${version}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > LARGEST_HEADER || start + length > bytes.length)
    throw damaged(`expected a header of ${length} bytes, got a NumPy array of ${bytes.length} bytes`)
  const header = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length))
  const shapeText = /['"]shape['"]:\s*\(([\d\s,L]*)\)/.exec(header)?.[1]
  const fortran = /['"]fortran_order['"]:\s*(True|False)/.exec(header)?.[1]
  const descr = /['"]descr['"]:\s*(\[.*?\]|'[^']*'|"[^"]*")/s.exec(header)?.[1]
  if (shapeText === undefined || fortran === undefined || descr === undefined)
    throw damaged(`expected the header of a NumPy array, got ${shortened(header.trim(), 120)}`)
  const shape = shapeOf(shapeText)
  if (!shape.every(Number.isSafeInteger) || !Number.isSafeInteger(sizeOf(shape)))
    throw damaged(`expected the shape of a NumPy array, got (${shortened(shapeText, 60)})`)
  return { descr, fortran: fortran === 'True', shape, content: bytes.subarray(start + length) }
}

/** Text of NumPy's fixed width: `U` has four bytes a character, `S` one byte. */
function textOf(kind: string, width: number, content: Uint8Array, little: boolean): string {
  const bytes = kind === 'U' ? 4 * width : width
  if (width > LONGEST_TEXT) throw damaged(`expected a string of at most ${LONGEST_TEXT} characters, got ${width}`)
  if (content.length !== bytes) throw damaged(`expected a string of ${bytes} bytes, got ${content.length}`)
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  const codes = Array.from({ length: width }, (_, index) =>
    kind === 'U' ? view.getUint32(4 * index, little) : view.getUint8(index),
  )
  if (codes.some((code) => code > 0x10ffff)) throw damaged('expected a string, got invalid characters')
  return codes
    .map((code) => String.fromCodePoint(code))
    .join('')
    .replace(/\0+$/, '')
}

/**
 * Reads a NumPy file: numbers of any type, byte order and array order, or one text.
 *
 * @returns numbers as a view of the bytes
 * @throws LabError `file.damaged`; `model.foreign` for arrays of objects, which are pickles, and of other elements
 *
 * Source: numpy.lib.format, versions 1 to 3.
 */
export function parseNpy(bytes: Uint8Array): NpyContent {
  const { descr, fortran, shape, content } = headerOf(bytes)
  const [, order = '', kind = '', size = ''] = /^['"]([<>|=]?)([a-zA-Z])(\d+)['"]$/.exec(descr) ?? []
  const littleEndian = order !== '>'
  if ((kind === 'U' || kind === 'S') && sizeOf(shape) === 1) return textOf(kind, Number(size), content, littleEndian)
  const type = KINDS[kind + size]
  if (type === undefined)
    throw new LabError('model.foreign', `expected numbers, got elements of type ${shortened(descr, 60)}`)
  return {
    type,
    shape,
    strides: fortran ? rowStrides([...shape].reverse()).reverse() : rowStrides(shape),
    offset: 0,
    bytes: content,
    littleEndian,
  }
}

type Target = (size: number) => NumericArray

/** In what the numbers of a type are handed on; whole numbers of 64 bits beyond 2^53 lose their last digits. */
const TARGETS: Readonly<Record<ElementType, Target>> = {
  float64: (size) => new Float64Array(size),
  float32: (size) => new Float32Array(size),
  float16: (size) => new Float32Array(size),
  bfloat16: (size) => new Float32Array(size),
  int64: (size) => new Float64Array(size),
  int32: (size) => new Int32Array(size),
  int16: (size) => new Int32Array(size),
  int8: (size) => new Int32Array(size),
  uint64: (size) => new Float64Array(size),
  uint32: (size) => new Float64Array(size),
  uint16: (size) => new Int32Array(size),
  uint8: (size) => new Uint8Array(size),
  bool: (size) => new Uint8Array(size),
}

/**
 * Reads a NumPy file of numbers, row by row.
 *
 * @throws LabError `file.damaged` for a file that ends too early or goes on behind its numbers, and as {@link parseNpy}
 */
export function readNpy(bytes: Uint8Array): ShapedArray {
  const array = parseNpy(bytes)
  if (typeof array === 'string') throw new LabError('model.foreign', 'expected numbers, got a string')
  const { shape, type } = array
  const expected = sizeOf(shape) * ELEMENTS[type].bytes
  if (array.bytes.length !== expected)
    throw damaged(`expected ${expected} bytes for the shape ${shape.join(' x ')}, got ${array.bytes.length}`)
  if (type === 'float32') return { data: float32Numbers(array), shape }
  return { data: type === 'float64' ? float64Numbers(array) : gather(array, TARGETS[type]), shape }
}
