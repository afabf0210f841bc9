import { zipSync } from 'fflate'
import { LabError } from '../../contract/index.js'
import { sizeOf } from './elements.js'
import { bytesOf, npyBytes, parseNpy, type NpyContent } from './npy.js'
import { isZip, openZipBytes } from './zip.js'

const ENDING = '.npy'
/** Zip entries carry a time; a fixed one keeps the bytes of equal models equal. */
const ENTRY_TIME = new Date(1980, 0, 2)

/** Whether bytes are a zip of nothing but NumPy files. */
export const isNpz = (bytes: Uint8Array): boolean =>
  isZip(bytes) && openZipBytes(bytes).names.every((name) => name.endsWith(ENDING))

/**
 * Reads an `.npz` file of NumPy, packed or not.
 *
 * @returns what is under each name, numbers as views
 * @throws LabError `file.damaged`, `model.foreign` for arrays of objects
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpyContent> {
  const zip = openZipBytes(bytes)
  return new Map(
    zip.names
      .filter((name) => name.endsWith(ENDING))
      .map((file) => {
        const name = file.slice(0, -ENDING.length)
        try {
          return [name, parseNpy(zip.read(file))]
        } catch (error) {
          if (!(error instanceof LabError)) throw error
          throw new LabError(error.code, `${name} of the .npz file: ${error.message}`, { entry: name }, error)
        }
      }),
  )
}

/** What is written under one name. A number is float64, a truth value bool, a text as wide as it is. */
export type NpzValue = { data: Float32Array; shape: readonly number[] } | number | boolean | string

function entryBytes(value: NpzValue): Uint8Array {
  if (typeof value === 'boolean') return npyBytes('|b1', [], Uint8Array.of(value ? 1 : 0))
  if (typeof value === 'number') return npyBytes('<f8', [], bytesOf(Float64Array.of(value)))
  if (typeof value === 'string') {
    const codes = Int32Array.from([...value], (character) => character.codePointAt(0) ?? 0)
    return npyBytes(`<U${codes.length}`, [], bytesOf(codes))
  }
  const { data, shape } = value
  if (sizeOf(shape) !== data.length)
    throw new LabError(
      'shape.mismatch',
      `expected ${sizeOf(shape)} entries for the shape ${shape.join(' x ')}, got ${data.length}`,
    )
  return npyBytes('<f4', shape, bytesOf(data))
}

/**
 * Writes an `.npz` file, not packed, that `numpy.load` opens without pickles; equal values give equal bytes.
 *
 * @throws LabError `shape.mismatch`
 */
export function writeNpz(values: Readonly<Record<string, NpzValue>>): Uint8Array {
  const entries = Object.entries(values).map(([name, value]) => [`${name}${ENDING}`, entryBytes(value)] as const)
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: ENTRY_TIME })
}
