import { zipSync } from 'fflate'
import { LabError } from '../../contract/index.js'
import { rowStrides, sizeOf, type ElementType, type StridedArray } from './elements.js'
import { readZip } from './zip.js'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** NumPy's letters for kinds of elements, with their size in bytes. */
const KINDS: Readonly<Record<string, ElementType>> = {
  f2: 'float16', f4: 'float32', f8: 'float64', i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64', u1: 'uint8', u2: 'uint16', u4: 'uint32', u8: 'uint64', b1: 'bool',
}
const ALIGNMENT = 64
const ENTRY_TIME = new Date(1980, 0, 2)

/** What an `.npz` file holds under one name: numbers of any type and order, or one text. */
export type NpzEntry = StridedArray | string

const damaged = (name: string, fact: string): LabError => new LabError('file.damaged', `${name} of the .npz file: ${fact}`, { entry: name })

/** One text of NumPy's fixed width, four bytes a character. */
function textOf(name: string, bytes: Uint8Array, characters: number, little: boolean): string {
  if (bytes.length !== 4 * characters) throw damaged(name, `expected ${4 * characters} bytes, got ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const codes = Array.from({ length: characters }, (_, index) => view.getUint32(4 * index, little))
  if (codes.some((code) => code > 0x10ffff)) throw damaged(name, 'it is no text')
  return String.fromCodePoint(...codes).replace(/\0+$/, '')
}

function readEntry(name: string, bytes: Uint8Array): NpzEntry {
  if (bytes.length < 12 || MAGIC.some((byte, at) => bytes[at] !== byte)) throw damaged(name, 'expected a NumPy array')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = (bytes[6] ?? 0) > 1
  const start = wide ? 12 : 10
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = new TextDecoder().decode(bytes.subarray(start, start + length))
  const [, order = '', kind = '', size = ''] = /'descr':\s*'([<>|=])([a-zA-Z])(\d+)'/.exec(header) ?? []
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  if (shapeText === undefined || fortran === undefined) throw damaged(name, 'its header is not one')
  const shape = shapeText.split(',').map((part) => part.trim()).filter((part) => part !== '').map(Number)
  const content = bytes.subarray(start + length)
  if (kind === 'U' && shape.length === 0) return textOf(name, content, Number(size), order !== '>')
  const type = KINDS[kind + size]
  // Arrays of objects are pickles, and those may hold anything.
  if (type === undefined) throw new LabError('model.foreign', `${name} of the .npz file holds elements that are not numbers: ${/'descr':\s*([^,]+)/.exec(header)?.[1] ?? 'unknown'}`, { entry: name })
  return { type, shape, strides: fortran === 'True' ? rowStrides([...shape].reverse()).reverse() : rowStrides(shape), offset: 0, bytes: content, littleEndian: order !== '>' }
}

/**
 * Reads an `.npz` file of NumPy, packed or not.
 *
 * @throws LabError `file.damaged`, `model.foreign` for arrays of objects
 *
 * Source: numpy.lib.format, versions 1 to 3.
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpzEntry> {
  return new Map([...readZip(bytes)].filter(([name]) => name.endsWith('.npy')).map(([name, content]) => [name.slice(0, -4), readEntry(name.slice(0, -4), content)]))
}

/** What is written under one name. A number is float64, a truth value bool, a text as wide as it is. */
export type NpzValue = { data: Float32Array; shape: readonly number[] } | number | boolean | string

function entryBytes(value: NpzValue): { descr: string; shape: readonly number[]; content: Uint8Array } {
  if (typeof value === 'boolean') return { descr: '|b1', shape: [], content: Uint8Array.of(value ? 1 : 0) }
  if (typeof value === 'number') {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, value, true)
    return { descr: '<f8', shape: [], content: new Uint8Array(view.buffer) }
  }
  if (typeof value === 'string') {
    const codes = Uint32Array.from([...value], (character) => character.codePointAt(0) ?? 0)
    return { descr: `<U${codes.length}`, shape: [], content: new Uint8Array(codes.buffer) }
  }
  const { data, shape } = value
  if (sizeOf(shape) !== data.length) throw new LabError('shape.mismatch', `expected ${sizeOf(shape)} entries for the shape ${shape.join(' x ')}, got ${data.length}`)
  return { descr: '<f4', shape, content: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

/**
 * Writes an `.npz` file, not packed, that `numpy.load` opens without pickles; equal values give equal bytes.
 *
 * @throws LabError `shape.mismatch`
 */
export function writeNpz(values: Readonly<Record<string, NpzValue>>): Uint8Array {
  const entries = Object.entries(values).map(([name, value]) => {
    const { descr, shape, content } = entryBytes(value)
    const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
    const length = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - 10
    const bytes = new Uint8Array(10 + length + content.length)
    bytes.set([...MAGIC, 1, 0, length & 255, length >> 8])
    bytes.set(new TextEncoder().encode(dictionary.padEnd(length - 1) + '\n'), 10)
    bytes.set(content, 10 + length)
    return [`${name}.npy`, bytes] as const
  })
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: ENTRY_TIME })
}
