import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { LabError, sameName, type ModelEntry, type ModelRecord, type RunRecord } from '../../contract/index.js'
import type { Archive } from '../archive/archive.js'
import type { ModelReader } from '../compute/modelReader.js'
import type { ReadJob, ReadResult } from '../compute/readerJob.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing } from '../files/missing.js'
import { modelsOfRun, RUN_MODELS } from './runModels.js'
import type { ModelRegistry } from './registry.js'

/** What knows models: the registry of imported ones, and the runs. */
export interface ModelPlaces {
  archive: Archive
  models: ModelRegistry
  reader: ModelReader
}

/**
 * Every model, newest first.
 *
 * @param isListed - false for runs whose models are left out, as those of the trash; a name still finds them
 */
export async function listModels(
  { archive, models }: ModelPlaces,
  isListed: (record: RunRecord) => boolean = () => true,
): Promise<ModelEntry[]> {
  const listed = (await archive.list()).filter(isListed)
  const ofRuns = await mapEach(listed, (record) => modelsOfRun(archive, record))
  return [...(await models.list()), ...ofRuns.flat()].sort((a, b) =>
    a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0,
  )
}

/** Runs of this id, or else of this name. */
function runsOf(records: readonly RunRecord[], name: string): RunRecord[] {
  const byId = records.filter(({ id }) => id === name)
  return byId.length > 0 ? byId : records.filter((record) => sameName(record.name, name))
}

async function findOfRun({ archive }: ModelPlaces, name: string): Promise<ModelEntry | null> {
  const records = await archive.list()
  const whole = runsOf(records, name)
  const pruned = whole.length === 0 && name.endsWith('/pruned')
  const runs = pruned ? runsOf(records, name.slice(0, -'/pruned'.length)) : whole
  const suffix = pruned ? '/pruned' : ''
  const entries = (await mapEach(runs, (run) => modelsOfRun(archive, run)))
    .flat()
    .filter((entry) => entry.name === `${entry.run}${suffix}`)
  if (entries.length > 1)
    throw new LabError(
      'model.missing',
      `${entries.length} runs are named ${name}; choose one of ${entries.map((entry) => entry.name).join(', ')}`,
      { model: name },
    )
  if (entries.length === 0 && runs.length > 0)
    throw new LabError(
      'model.missing',
      pruned
        ? `${name.slice(0, -'/pruned'.length)} has not been pruned`
        : `${name} has no model yet; it is written when the run finishes`,
      { model: name },
    )
  return entries[0] ?? null
}

/** A model that was found, and the file that holds it. */
export interface FoundModel {
  /** Null for a file that no list has; its facts are in the file. */
  entry: ModelEntry | null
  file: Omit<ReadJob, 'wants'> & { source: { path: string } }
}

/**
 * Finds the model of a name or a file: an imported model, a run by its id or name, either with `/pruned`, or the path of a model file. Nothing is read of it.
 *
 * @throws LabError `model.missing`, naming what was looked for
 */
export async function findModel(places: ModelPlaces, name: string): Promise<FoundModel> {
  const { archive, models } = places
  const imported = await models.find(name)
  if (imported !== null)
    return { entry: imported, file: { source: { path: models.fileOf(imported.name) }, name: imported.name, own: true } }
  const entry = await findOfRun(places, name)
  if (entry !== null && entry.run !== null) {
    const file = RUN_MODELS.find(({ suffix }) => entry.name === `${entry.run}${suffix}`)?.file ?? RUN_MODELS[0].file
    return { entry, file: { source: { path: archive.pathOf(entry.run, file) }, name: entry.name, own: true } }
  }
  const path = resolve(name)
  if ((await stat(path).catch(ifMissing(null))) === null)
    throw new LabError('model.missing', `${name} is neither an imported model nor a run nor a file`, { model: name })
  return { entry: null, file: { source: { path }, name: path, own: false } }
}

/** A file that no list has, as an entry. */
const entryOfFile = (path: string, { facts, bytes, modifiedAt }: ReadResult): ModelEntry => ({
  name: path,
  label: basename(path),
  origin: 'imported',
  run: null,
  facts,
  note: null,
  source: path,
  sha256: null,
  bytes,
  addedAt: modifiedAt ?? new Date(0).toISOString(),
})

/**
 * Reads what is wanted of a model, on the reader's thread.
 *
 * @throws LabError `model.missing`, and as `ModelReader.read`
 */
export async function readModel(
  places: ModelPlaces,
  name: string,
  wants: ReadJob['wants'],
  signal?: AbortSignal,
): Promise<{ entry: ModelEntry; read: ReadResult }> {
  const { entry, file } = await findModel(places, name)
  const read = await places.reader.read({ ...file, wants }, signal)
  return { entry: entry ?? entryOfFile(file.source.path, read), read }
}

/** The model of a name or a file. @throws LabError as {@link readModel} */
export async function resolveModel(
  places: ModelPlaces,
  name: string,
  signal?: AbortSignal,
): Promise<{ entry: ModelEntry; record: ModelRecord }> {
  const {
    entry,
    read: { facts, tensors },
  } = await readModel(places, name, { tensors: true }, signal)
  if (tensors === null) throw new LabError('internal', 'a model was loaded without its tensors')
  return { entry, record: { facts, tensors } }
}
