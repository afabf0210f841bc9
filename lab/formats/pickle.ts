import { rowStrides } from './elements.js'

/** Numbers of a tensor, row by row: float32, or int64 for counts. */
export type StorageNumbers = Float32Array | BigInt64Array

/** A tensor inside a pickle; its numbers lie in a storage file of its own. */
export interface PickledTensor {
  kind: 'tensor'
  shape: readonly number[]
  data: StorageNumbers
}

/** A number that Python should see as a float even when it is whole. */
export interface PickledFloat {
  kind: 'float'
  value: number
}

/** `OrderedDict` as torch's state dictionaries are, or a plain `dict`. */
export interface PickledDictionary {
  kind: 'orderedDict' | 'dict'
  entries: readonly (readonly [string, PickleValue])[]
}

export type PickleValue = string | number | boolean | PickledFloat | PickledTensor | PickledDictionary

export const float = (value: number): PickledFloat => ({ kind: 'float', value })

const text = (value: string): number[] => [...new TextEncoder().encode(value)]
const uint32 = (value: number): number[] => [
  value & 255,
  (value >>> 8) & 255,
  (value >>> 16) & 255,
  (value >>> 24) & 255,
]
const unicode = (value: string): number[] => {
  const bytes = text(value)
  return [0x58, ...uint32(bytes.length), ...bytes]
}
const global = (module: string, name: string): number[] => [0x63, ...text(`${module}\n${name}\n`)]

function integer(value: number): number[] {
  if (value >= 0 && value < 256) return [0x4b, value]
  return [0x4a, ...uint32(value)]
}

function binaryFloat(value: number): number[] {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  return [0x47, ...bytes]
}

const tuple = (parts: readonly number[][]): number[] => (parts.length === 0 ? [0x29] : [0x28, ...parts.flat(), 0x74])

/** torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks), the storage by persistent id. */
function tensor({ shape, data }: PickledTensor, storages: StorageNumbers[]): number[] {
  const key = String(storages.push(data) - 1)
  const type = data instanceof Float32Array ? 'FloatStorage' : 'LongStorage'
  const persistent = [
    ...tuple([unicode('storage'), global('torch', type), unicode(key), unicode('cpu'), integer(data.length)]),
    0x51,
  ]
  const hooks = [...global('collections', 'OrderedDict'), 0x29, 0x52]
  return [
    ...global('torch._utils', '_rebuild_tensor_v2'),
    ...tuple([persistent, integer(0), tuple(shape.map(integer)), tuple(rowStrides(shape).map(integer)), [0x89], hooks]),
    0x52,
  ]
}

function dictionary({ kind, entries }: PickledDictionary, storages: StorageNumbers[]): number[] {
  const empty = kind === 'dict' ? [0x7d] : [...global('collections', 'OrderedDict'), 0x29, 0x52]
  return [...empty, 0x28, ...entries.flatMap(([key, value]) => [...unicode(key), ...encode(value, storages)]), 0x75]
}

function encode(value: PickleValue, storages: StorageNumbers[]): number[] {
  if (typeof value === 'string') return unicode(value)
  if (typeof value === 'boolean') return [value ? 0x88 : 0x89]
  if (typeof value === 'number') return integer(value)
  switch (value.kind) {
    case 'float':
      return binaryFloat(value.value)
    case 'tensor':
      return tensor(value, storages)
    case 'dict':
    case 'orderedDict':
      return dictionary(value, storages)
  }
}

/**
 * Writes a value as a Python pickle, protocol 2, with the few operations that torch's restricted readers know as well.
 *
 * @param value - whole numbers become int (32 bits), texts str, and so on
 * @returns the pickle, and the numbers of its tensors by the names of their storages: `0`, `1`, …
 *
 * Source: PEP 307 and CPython's pickletools; torch.serialization for persistent ids.
 */
export function writePickle(value: PickleValue): { pickle: Uint8Array; storages: readonly StorageNumbers[] } {
  const storages: StorageNumbers[] = []
  return { pickle: Uint8Array.from([0x80, 2, ...encode(value, storages), 0x2e]), storages }
}
