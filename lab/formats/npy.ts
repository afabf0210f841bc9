import { LabError, type NumericArray } from '../../contract/index.js'

/** NumPy's names of the element types that the program stores, little-endian. */
const TYPES = [['<f4', Float32Array], ['<f8', Float64Array], ['<i4', Int32Array], ['|u1', Uint8Array]] as const
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const ALIGNMENT = 64

/** An array with its shape, row by row. */
export interface ShapedArray {
  data: NumericArray
  shape: readonly number[]
}

/**
 * Writes an array as a NumPy file, version 1.0, C order.
 *
 * @throws LabError `shape.mismatch` when the shape does not hold as many entries
 *
 * Source: numpy.lib.format.
 */
export function writeNpy({ data, shape }: ShapedArray): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  if (count !== data.length) throw new LabError('shape.mismatch', `expected ${count} entries for the shape ${shape.join(' x ')}, got ${data.length}`)
  const type = TYPES.find(([, constructor]) => data instanceof constructor)?.[0] ?? '<f4'
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const headerLength = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - 10
  const bytes = new Uint8Array(10 + headerLength + data.byteLength)
  bytes.set(MAGIC)
  bytes.set([1, 0, headerLength & 255, headerLength >> 8], 6)
  bytes.set(new TextEncoder().encode(dictionary.padEnd(headerLength - 1) + '\n'), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + headerLength)
  return bytes
}

/**
 * Reads a NumPy file of one of our four element types.
 *
 * @throws LabError `file.damaged` for anything else, and for a file that ends too early
 */
export function readNpy(bytes: Uint8Array): ShapedArray {
  if (bytes.length < 10 || MAGIC.some((byte, index) => bytes[index] !== byte)) throw new LabError('file.damaged', 'expected a NumPy file')
  const headerLength = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0)
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, 10 + headerLength))
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1]
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]
  const constructor = TYPES.find(([name]) => name === descr)?.[1]
  if (bytes[6] !== 1 || constructor === undefined || shapeText === undefined || !/'fortran_order':\s*False/.test(header)) throw new LabError('file.damaged', `expected a NumPy array of float32, float64, int32 or uint8 in C order, got the header ${header.trim().slice(0, 120)}`)
  const shape = shapeText.split(',').map((part) => part.trim()).filter((part) => part !== '').map(Number)
  const count = shape.reduce((product, size) => product * size, 1)
  const start = 10 + headerLength
  const length = count * constructor.BYTES_PER_ELEMENT
  if (bytes.length !== start + length) throw new LabError('file.damaged', `expected ${start + length} bytes for the shape ${shape.join(' x ')}, got ${bytes.length}`)
  // A copy, because typed arrays demand an aligned start.
  return { data: new constructor(new Uint8Array(bytes.subarray(start, start + length)).buffer), shape }
}
