import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asLabError, issuesText, LabError, MODEL_NAME, modelFacts, type ModelEntry, type ModelRecord } from '../../contract/index.js'
import { readJson } from '../archive/records.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing } from '../files/missing.js'
import { readModelFile, writeModelFile } from '../formats/index.js'
import { createTurns } from '../inTurn.js'

const TENSORS = 'model.safetensors'
/** Written last: it tells that the tensors are there. */
const ABOUT = 'model.json'
const VERSION = 1

const about = z.looseObject({ version: z.literal(VERSION), name: z.string(), facts: modelFacts, source: z.string(), sha256: z.string(), importedAt: z.string() })

/** Models that were imported: `models/<name>/` of the archive, in open formats. */
export interface ModelShelf {
  list(): Promise<ModelEntry[]>
  /** The entry of a name, whatever its capitals; null when there is none. */
  find(name: string): Promise<ModelEntry | null>
  /** @throws LabError `model.missing`, `file.damaged` */
  read(name: string): Promise<ModelRecord>
  /**
   * Reads a model file and keeps its model; the same bytes under the same name are kept once.
   *
   * @param fileName - where the bytes come from; its stem is the name when none is given
   * @throws LabError `model.exists` when another model has the name, and as `readModelFile`
   */
  add(fileName: string, bytes: Uint8Array, name: string | null): Promise<ModelEntry>
  /** @throws LabError `model.missing` */
  remove(name: string): Promise<void>
}

/** A file's name without its ending and without what names cannot hold. */
function nameOf(fileName: string): string {
  const stem = fileName.replace(/^.*[/\\]/, '').replace(/(\.(pty|pt|pth|safetensors|npz))+$/i, '').replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '').trim().slice(0, 100)
  if (!MODEL_NAME.test(stem)) throw new LabError('value.range', `expected a file whose name can name a model, got ${fileName}; give it a name of its own`)
  return stem
}

/**
 * @param archive - the archive's folder; this process has it locked
 */
export function openModelShelf(archive: string): ModelShelf {
  const root = join(archive, 'models')
  const inTurn = createTurns()
  const entryOf = async (folder: string): Promise<ModelEntry | null> => {
    const path = join(root, folder, ABOUT)
    const written = await stat(path).catch(ifMissing(null))
    if (written === null) return null
    const base = { name: folder, label: folder, origin: 'imported', run: null } as const
    try {
      const json = await readJson(path)
      if (typeof json === 'object' && json !== null && 'version' in json && typeof json.version === 'number' && json.version > VERSION) throw new LabError('archive.newerVersion', `${path} has version ${json.version}; this program knows ${VERSION}`)
      const told = about.safeParse(json)
      if (!told.success) throw new LabError('file.damaged', `${path}: ${issuesText(told.error.issues, 'model.json')}`)
      const { facts, source, sha256, importedAt } = told.data
      return { ...base, facts, note: null, source, sha256, bytes: (await stat(join(root, folder, TENSORS))).size, addedAt: importedAt }
    } catch (error) {
      return { ...base, facts: null, note: asLabError(error).message, source: null, sha256: null, bytes: 0, addedAt: written.mtime.toISOString() }
    }
  }
  const folders = async (): Promise<string[]> => (await readdir(root).catch(ifMissing([]))).filter((name) => MODEL_NAME.test(name))
  // Two names that differ in capitals alone would be one folder on some systems.
  const find = async (name: string): Promise<ModelEntry | null> => {
    const folder = (await folders()).find((known) => known.toLowerCase() === name.trim().toLowerCase())
    return folder === undefined ? null : entryOf(folder)
  }
  const known = async (name: string): Promise<ModelEntry> => {
    const entry = await find(name)
    if (entry === null) throw new LabError('model.missing', `there is no imported model ${name}`, { model: name })
    return entry
  }
  return {
    find,
    list: async () => (await mapEach(await folders(), entryOf)).filter((entry) => entry !== null),
    read: async (name) => {
      const { name: folder } = await known(name)
      const path = join(root, folder, TENSORS)
      return readModelFile(await readFile(path).catch((error: unknown) => {
        throw new LabError('file.unreadable', `${path}: ${asLabError(error).message}`, { path }, error)
      }))
    },
    add: (fileName, bytes, given) => inTurn(async () => {
      const name = given ?? nameOf(fileName)
      const record = readModelFile(bytes)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const other = await find(name)
      if (other !== null && other.sha256 !== sha256) throw new LabError('model.exists', `${other.name} is there already, imported from ${other.source ?? 'a file that cannot be read'}`, { model: other.name })
      if (other !== null) return other
      await writeFileAtomically(join(root, name, TENSORS), writeModelFile(record, 'safetensors'))
      const told: z.infer<typeof about> = { version: VERSION, name, facts: record.facts, source: fileName.replace(/^.*[/\\]/, ''), sha256, importedAt: new Date().toISOString() }
      await writeFileAtomically(join(root, name, ABOUT), new TextEncoder().encode(`${JSON.stringify(told, null, 2)}\n`))
      return known(name)
    }),
    remove: (name) => inTurn(async () => {
      const { name: folder } = await known(name)
      await rm(join(root, folder, ABOUT), { force: true })
      await rm(join(root, folder), { recursive: true, force: true })
    }),
  }
}
