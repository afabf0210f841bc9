import { ELEMENTS, type ElementType } from './elements.js'
import { damagedPickle, isMark, type PickleGlobal, type Unpickled, type UnpickledMark } from './pickleMachine.js'

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
const DTYPE = 'numpy.dtype'

/** A type of NumPy; its state, which follows, contains the byte order. */
export interface DtypeMark extends UnpickledMark {
  element: ElementType | null
  littleEndian: boolean
}

const isDtype = (value: Unpickled | undefined): value is DtypeMark => isMark(value) && 'element' in value

/** numpy.dtype(letters, align, copy). */
function dtype([letters]: Unpickled[]): Unpickled {
  const element = typeof letters === 'string' && Object.hasOwn(KINDS, letters) ? (KINDS[letters] ?? null) : null
  const mark: DtypeMark = { kind: 'mark', name: DTYPE, element, littleEndian: true }
  return mark
}

/** The state of a dtype begins with a version and the order of the bytes. */
export function setDtypeState(mark: UnpickledMark, state: Unpickled): void {
  if (isDtype(mark) && Array.isArray(state) && state[1] === '>') mark.littleEndian = false
}

/** numpy.core.multiarray.scalar(dtype, bytes): the number, or a marker for anything else. */
function scalar([type, bytes]: Unpickled[]): Unpickled {
  if (!isDtype(type) || type.element === null || !(bytes instanceof Uint8Array))
    return { kind: 'mark', name: 'a NumPy scalar' }
  const { bytes: width, read } = ELEMENTS[type.element]
  if (bytes.length !== width) throw damagedPickle(`a NumPy scalar has ${bytes.length} bytes, expected ${width}`)
  const value = read(new DataView(bytes.buffer, bytes.byteOffset, width), 0, type.littleEndian)
  return type.element === 'bool' ? value === 1 : value
}

/** _codecs.encode(text, 'latin1'): how protocol 2 writes bytes. */
function encode([text, encoding]: Unpickled[]): Unpickled {
  if (typeof text !== 'string' || encoding !== 'latin1') return { kind: 'mark', name: '_codecs.encode' }
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** Names by which pickles hold NumPy's scalars. */
export const NUMPY_GLOBALS: readonly (readonly [string, PickleGlobal['call']])[] = [
  [DTYPE, dtype],
  ['numpy.core.multiarray.scalar', scalar],
  ['numpy._core.multiarray.scalar', scalar],
  ['_codecs.encode', encode],
]
