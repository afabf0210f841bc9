import { LabError, type NumericArray } from '../../contract/index.js'

type Reader = (view: DataView, at: number, little: boolean) => number

/** IEEE 754 half precision. */
function half(view: DataView, at: number, little: boolean): number {
  const bits = view.getUint16(at, little)
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

const SCRATCH = new DataView(new ArrayBuffer(4))
/** The upper half of a float32. */
function brainHalf(view: DataView, at: number, little: boolean): number {
  SCRATCH.setUint32(0, view.getUint16(at, little) * 0x10000)
  return SCRATCH.getFloat32(0)
}

/** Element types of foreign files: bytes of one, and how it is read. */
export const ELEMENTS = {
  float64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  float32: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  float16: { bytes: 2, read: half },
  bfloat16: { bytes: 2, read: brainHalf },
  int64: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  int32: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  int16: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint64: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  uint32: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  uint16: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  bool: { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
} as const satisfies Record<string, { bytes: number; read: Reader }>
export type ElementType = keyof typeof ELEMENTS

/** An array as a foreign file holds it: a view into bytes. `offset` and `strides` count elements. */
export interface StridedArray {
  type: ElementType
  shape: readonly number[]
  strides: readonly number[]
  offset: number
  bytes: Uint8Array
  littleEndian: boolean
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** Strides of an array that lies row by row. */
export function rowStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1)
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * Math.max(1, shape[axis + 1] ?? 1)
  return strides
}

/** The same numbers with the axes in reverse order; nothing is copied. */
export const transposed = (array: StridedArray): StridedArray => ({
  ...array,
  shape: [...array.shape].reverse(),
  strides: [...array.strides].reverse(),
})

/** NumPy and torch know no more. */
export const MOST_AXES = 64
const MOST_ENTRIES = 2 ** 29
/** How many entries an array may have beyond those of its storage: `expand` of torch makes a few numbers look like many. */
const MOST_REPEATED = 2 ** 22

function checkReach({ type, shape, strides, offset, bytes }: StridedArray): void {
  const whole = [...shape, ...strides, offset].every((number) => Number.isSafeInteger(number) && number >= 0)
  if (!whole || shape.length !== strides.length)
    throw new LabError(
      'file.damaged',
      `expected sizes and strides to be whole numbers, got ${shape.join(' x ')} and ${strides.join(', ')}`,
    )
  if (shape.length > MOST_AXES)
    throw new LabError('file.damaged', `expected an array of at most ${MOST_AXES} axes, got ${shape.length}`)
  if (shape.includes(0)) return
  // With strides of 0 a few bytes can claim to be any number of entries.
  if (sizeOf(shape) > MOST_ENTRIES)
    throw new LabError('file.damaged', `an array of ${shape.join(' x ')} has more entries than a model can have`)
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), offset)
  const there = Math.floor(bytes.length / ELEMENTS[type].bytes)
  if (last >= there)
    throw new LabError(
      'file.damaged',
      `an array of ${shape.join(' x ')} refers to element ${last} of a storage of ${there} elements`,
    )
  if (sizeOf(shape) > there + MOST_REPEATED)
    throw new LabError(
      'file.damaged',
      `an array of ${shape.join(' x ')} has more entries than its storage of ${there} elements`,
    )
}

/**
 * The numbers of an array, row by row.
 *
 * @param target - where they go; its type decides how they are rounded
 * @throws LabError `file.damaged` when the array reaches beyond its bytes
 */
export function gather<Target extends NumericArray>(array: StridedArray, target: (size: number) => Target): Target {
  checkReach(array)
  const { shape, strides, offset, bytes, littleEndian } = array
  const { bytes: width, read } = ELEMENTS[array.type]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers = target(sizeOf(shape))
  const [columns = 1, columnStride = 1] = [shape.at(-1), strides.at(-1)]
  const places = shape.map(() => 0)
  for (let start = 0; start < numbers.length; start += columns) {
    let from = places.reduce((sum, place, axis) => sum + place * (strides[axis] ?? 0), offset)
    for (let column = 0; column < columns; column++, from += columnStride)
      numbers[start + column] = read(view, from * width, littleEndian)
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      places[axis] = (places[axis] ?? 0) + 1
      if ((places[axis] ?? 0) < (shape[axis] ?? 1)) break
      places[axis] = 0
    }
  }
  return numbers
}

/** The numbers rounded to float32. */
export function float32Numbers(array: StridedArray): Float32Array {
  const dense =
    array.type === 'float32' && array.littleEndian && array.strides.join() === rowStrides(array.shape).join()
  if (!dense) return gather(array, (size) => new Float32Array(size))
  checkReach(array)
  const start = array.offset * 4
  // A copy, because typed arrays demand an aligned start; a slice of Node's Buffer would be none.
  return new Float32Array(new Uint8Array(array.bytes.subarray(start, start + 4 * sizeOf(array.shape))).buffer)
}

/** The numbers as they are; whole numbers beyond 2^53 lose their last digits. */
export const float64Numbers = (array: StridedArray): Float64Array => gather(array, (size) => new Float64Array(size))
