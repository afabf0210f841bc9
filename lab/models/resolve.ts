import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { asLabError, LabError, type ModelEntry, type ModelRecord, type RunRecord } from '../../contract/index.js'
import type { Archive } from '../archive/archive.js'
import { mapEach } from '../files/eachOf.js'
import { readModelFile } from '../formats/index.js'
import { modelsOfRun, RUN_MODELS } from './runModels.js'
import type { ModelShelf } from './shelf.js'

/** What knows models: the shelf of imported ones, and the runs. */
export interface ModelPlaces {
  archive: Archive
  models: ModelShelf
}

/** Every model, newest first. */
export async function listModels({ archive, models }: ModelPlaces): Promise<ModelEntry[]> {
  const ofRuns = await mapEach(await archive.list(), (record) => modelsOfRun(archive, record))
  return [...await models.list(), ...ofRuns.flat()].sort((a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0))
}

/** Runs of this id, or else of this name. */
function runsOf(records: readonly RunRecord[], name: string): RunRecord[] {
  const byId = records.filter(({ id }) => id === name)
  return byId.length > 0 ? byId : records.filter((record) => record.name === name)
}

async function findOfRun({ archive }: ModelPlaces, name: string): Promise<ModelEntry | null> {
  const records = await archive.list()
  const whole = runsOf(records, name)
  const pruned = whole.length === 0 && name.endsWith('/pruned')
  const runs = pruned ? runsOf(records, name.slice(0, -'/pruned'.length)) : whole
  const suffix = pruned ? '/pruned' : ''
  const entries = (await mapEach(runs, (run) => modelsOfRun(archive, run))).flat().filter((entry) => entry.name === `${entry.run}${suffix}`)
  if (entries.length > 1) throw new LabError('model.missing', `${entries.length} runs are called ${name}; name one of ${entries.map((entry) => entry.name).join(', ')}`, { model: name })
  if (entries.length === 0 && runs.length > 0) throw new LabError('model.missing', pruned ? `${name.slice(0, -'/pruned'.length)} was not pruned` : `${name} has no model yet; it is written when the run finishes`, { model: name })
  return entries[0] ?? null
}

/** A file's model as an entry, with its bytes read. */
async function readPath(path: string, bytes: Uint8Array): Promise<{ entry: ModelEntry; record: ModelRecord }> {
  const record = readModelFile(bytes)
  const { mtime } = await stat(path)
  const entry: ModelEntry = { name: path, label: basename(path), origin: 'imported', run: null, facts: record.facts, note: null, source: path, sha256: null, bytes: bytes.length, addedAt: mtime.toISOString() }
  return { entry, record }
}

/** Reads a file's bytes. @throws LabError `file.unreadable` */
export async function readBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path).catch((error: unknown) => {
    throw new LabError('file.unreadable', `${path}: ${asLabError(error).message}`, { path }, error)
  }))
}

/**
 * The model of a name or a file: an imported model, a run by its id or name, either with `/pruned`, or the path of a model file.
 *
 * @throws LabError `model.missing`, naming what was looked for; and as `readModelFile`
 */
export async function resolveModel(places: ModelPlaces, name: string): Promise<{ entry: ModelEntry; record: ModelRecord }> {
  const { archive, models } = places
  const imported = await models.find(name)
  if (imported !== null) return { entry: imported, record: await models.read(imported.name) }
  const entry = await findOfRun(places, name)
  if (entry !== null && entry.run !== null) {
    const file = RUN_MODELS.find(({ suffix }) => entry.name === `${entry.run}${suffix}`)?.file ?? RUN_MODELS[0].file
    return { entry, record: readModelFile(await archive.readFile(entry.run, file)) }
  }
  const path = resolve(name)
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) throw new LabError('model.missing', `${name} is no imported model, no run and no file`, { model: name })
  return readPath(path, await readBytes(path))
}
