import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import { renameDurably, writeFileAtomically } from '../files/atomicWrite.js'
import { parseOwnJson } from '../files/json.js'
import { ifMissing } from '../files/missing.js'
import { asideName, type ArchiveProblems } from './problems.js'

/** How a small file of the archive is read. */
export interface DocumentForm<Value> {
  /** What it is called in messages, `settings.json`. */
  name: string
  /** The value when the file does not exist. */
  initial: Value
  /**
   * Takes what is valid.
   *
   * @returns the value, and in words what was replaced by what is initial; no faults for a valid file
   */
  read(json: unknown): { value: Value; faults: string[] }
  /** As it is stored. */
  write(value: Value): unknown
}

/** How the archive is open. */
export interface DocumentPlace {
  folder: string
  readOnly: boolean
  problems: ArchiveProblems
}

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

const isNewer = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'version' in json && typeof json.version === 'number' && json.version > 1

/**
 * Reads a small file of the archive. One that is damaged, or that a newer version wrote, is kept under another name and
 * replaced by what is valid
 * of it; both is reported. In an archive that is open for reading the file stays.
 *
 * @throws LabError `file.unreadable` when it cannot be read now, `file.unwritable`
 */
export async function openDocument<Value>(
  form: DocumentForm<Value>,
  { folder, readOnly, problems }: DocumentPlace,
): Promise<Value> {
  const path = join(folder, form.name)
  const bytes = await readFile(path)
    .catch(ifMissing(null))
    .catch((error: unknown) => {
      throw new LabError('file.unreadable', `${path}: ${asLabError(error).message}`, { path }, error)
    })
  if (bytes === null) return form.initial
  const { value, faults, kind } = examined(form, bytes, path)
  if (faults.length === 0) return value
  const what = `${path} ${kind === 'newer' ? 'was written by a newer version' : 'was damaged'}: ${faults.join('; ')}`
  if (readOnly) {
    problems.add(`${what}.`)
    return value
  }
  const aside = asideName(path, kind, new Date(), await readdir(folder))
  await renameDurably(path, join(dirname(path), aside))
  await writeFileAtomically(path, bytesOf(form.write(value)))
  problems.add(`${what}. The file was kept as ${aside}.`)
  return value
}

function examined<Value>(
  form: DocumentForm<Value>,
  bytes: Uint8Array,
  path: string,
): { value: Value; faults: string[]; kind: 'damaged' | 'newer' } {
  let json: unknown
  try {
    json = parseOwnJson(bytes, path)
  } catch {
    return { value: form.initial, faults: ['it is not JSON, and the defaults are used'], kind: 'damaged' }
  }
  if (isNewer(json)) return { value: form.initial, faults: ['the defaults are used'], kind: 'newer' }
  return { ...form.read(json), kind: 'damaged' }
}
