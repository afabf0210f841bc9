import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asLabError, LabError, type NumericArray } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import type { Access } from '../files/folders.js'
import { parseOwnJson } from '../files/json.js'
import { ifMissing, isUnreadable } from '../files/missing.js'
import { readNpy, writeNpy } from '../formats/index.js'

const isArray = (value: unknown): value is NumericArray => ArrayBuffer.isView(value) && !(value instanceof DataView)
const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null && !isArray(value)

/** The value with its arrays taken out: each becomes `{ "npy": "maps.0.labels.npy" }` in the place where it was. */
function takeArrays(value: unknown, path: string, arrays: Map<string, NumericArray>): unknown {
  if (isArray(value)) {
    const name = `${path}.npy`
    arrays.set(name, value)
    return { npy: name }
  }
  if (!isNested(value)) return value
  const entries = Object.entries(value).map(([key, entry]): [string, unknown] => [
    key,
    takeArrays(entry, path === '' ? key : `${path}.${key}`, arrays),
  ])
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries)
}

/**
 * Writes a result as `result.json` with its arrays as NumPy files beside it, the JSON last: its presence means that the arrays are complete.
 *
 * @param value - plain data and typed arrays; numbers outside of arrays are finite
 * @param access - who may read it: `umask` for a folder of the user's
 * @throws LabError `file.unwritable`, `file.diskFull`
 */
export async function writeDocument(folder: string, value: unknown, access: Access = 'private'): Promise<void> {
  const arrays = new Map<string, NumericArray>()
  const plain = takeArrays(value, '', arrays)
  for (const [name, data] of arrays)
    await writeFileAtomically(join(folder, name), writeNpy({ data, shape: [data.length] }), { access })
  await writeFileAtomically(
    join(folder, 'result.json'),
    new TextEncoder().encode(`${JSON.stringify(plain, null, 2)}\n`),
    { access },
  )
}

/** Puts the arrays back. */
async function giveArrays(value: unknown, folder: string): Promise<unknown> {
  if (!isNested(value)) return value
  if ('npy' in value && typeof value.npy === 'string') {
    if (!/^[\w.-]+\.npy$/.test(value.npy))
      throw new LabError('file.damaged', `${folder}: expected the file name of an array, got ${value.npy}`)
    return readNpy(await readFile(join(folder, value.npy))).data
  }
  // One file after the other: a list reads many results at once.
  const entries: [string, unknown][] = []
  for (const [key, entry] of Object.entries(value)) entries.push([key, await giveArrays(entry, folder)])
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries)
}

/**
 * What {@link writeDocument} wrote; null when there is none.
 *
 * @throws LabError `file.damaged` when a part is missing or damaged, `file.unreadable` when one cannot be read now
 */
export async function readDocument(folder: string): Promise<unknown> {
  try {
    const bytes = await readFile(join(folder, 'result.json')).catch(ifMissing(null))
    return bytes === null ? null : await giveArrays(parseOwnJson(bytes, 'result.json'), folder)
  } catch (error) {
    throw new LabError(
      isUnreadable(error) ? 'file.unreadable' : 'file.damaged',
      `${folder}: ${asLabError(error).message}`,
      { folder },
      error,
    )
  }
}
