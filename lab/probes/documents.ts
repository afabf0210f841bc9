import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, type NumericArray } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import type { Access } from '../files/folders.js'
import { readNpy, writeNpy } from '../formats/index.js'

const isArray = (value: unknown): value is NumericArray => ArrayBuffer.isView(value) && !(value instanceof DataView)
const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null && !isArray(value)

/** The value with its arrays taken out: each stands as `{ "npy": "maps.0.labels.npy" }` in the place where it was. */
function takeArrays(value: unknown, path: string, arrays: Map<string, NumericArray>): unknown {
  if (isArray(value)) {
    const name = `${path}.npy`
    arrays.set(name, value)
    return { npy: name }
  }
  if (!isNested(value)) return value
  const entries = Object.entries(value).map(([key, entry]): [string, unknown] => [key, takeArrays(entry, path === '' ? key : `${path}.${key}`, arrays)])
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries)
}

/**
 * Writes a result as `result.json` with its arrays as NumPy files beside it, the JSON last: it tells that the rest is there.
 *
 * @param value - plain data and typed arrays; numbers outside of arrays are finite
 * @param access - who may read it: `umask` for a folder of the user's
 * @throws LabError `file.unwritable`, `file.diskFull`
 */
export async function writeDocument(folder: string, value: unknown, access: Access = 'private'): Promise<void> {
  const arrays = new Map<string, NumericArray>()
  const plain = takeArrays(value, '', arrays)
  for (const [name, data] of arrays) await writeFileAtomically(join(folder, name), writeNpy({ data, shape: [data.length] }), { access })
  await writeFileAtomically(join(folder, 'result.json'), new TextEncoder().encode(`${JSON.stringify(plain, null, 2)}\n`), { access })
}

/** Puts the arrays back. */
async function giveArrays(value: unknown, folder: string): Promise<unknown> {
  if (!isNested(value)) return value
  if (Array.isArray(value)) return Promise.all(value.map((entry) => giveArrays(entry, folder)))
  if ('npy' in value && typeof value.npy === 'string') {
    if (!/^[\w.-]+\.npy$/.test(value.npy)) throw new LabError('file.damaged', `${folder}: expected the name of an array, got ${value.npy}`)
    return readNpy(await readFile(join(folder, value.npy))).data
  }
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, entry]) => [key, await giveArrays(entry, folder)] as const)))
}

/**
 * What {@link writeDocument} wrote; null when there is none.
 *
 * @throws LabError `file.damaged` when a part is missing or cannot be read
 */
export async function readDocument(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'result.json'), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return await giveArrays(JSON.parse(text), folder)
  } catch (error) {
    throw new LabError('file.damaged', `${folder}: ${error instanceof Error ? error.message : String(error)}`, { folder }, error)
  }
}

/** Removes a result: first what tells that it is there. */
export async function removeDocument(folder: string): Promise<void> {
  await rm(join(folder, 'result.json'), { force: true })
  await rm(folder, { recursive: true, force: true })
}
