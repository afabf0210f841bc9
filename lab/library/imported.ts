import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asLabError, isImportedId, issuesText, LabError, toWireError, type RunId } from '../../contract/index.js'
import { IMPORT_FORMATS, type ImportedRun, type ImportFormat } from '../../contract/library/imported.js'
import type { LibraryRecord } from '../../contract/library/record.js'
import { bytesOf } from '../archive/document.js'
import { lineOf, numberOf } from '../archive/lines.js'
import { readJson } from '../archive/records.js'
import { renameDurably, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { makeFolder } from '../files/folders.js'
import { ifMissing } from '../files/missing.js'
import { makeWhole, removeWhole, unfinishedName } from '../files/wholeFolder.js'
import { createTurns } from '../inTurn.js'
import type { RunSource } from './source.js'

const VERSION = 1
export const METRICS_FILE = 'metrics.jsonl'
const RECORD_FILE = 'import.json'
const SETTINGS_FILE = 'settings.json'

const number = z.unknown().transform((value) => (value === null || value === undefined ? null : numberOf(value)))
const recordForm = z.looseObject({
  id: z.string(),
  version: z.number(),
  name: z.string(),
  tags: z.array(z.string()),
  origin: z.looseObject({
    format: z.enum(Object.keys(IMPORT_FORMATS) as [ImportFormat, ...ImportFormat[]]),
    path: z.string(),
    tool: z.string(),
    sha256: z.string(),
    importedAt: z.string(),
  }),
  results: z.object({
    testAccuracy: number,
    trainAccuracy: number,
    spectrumSlope: number,
    spectrumStandardError: number,
  }),
  faults: z.array(z.string()),
})

/** @throws LabError `file.damaged`, `file.unreadable`, `archive.newerVersion` */
async function readImported(path: string): Promise<ImportedRun> {
  const result = recordForm.safeParse(await readJson(path))
  if (!result.success)
    throw new LabError('file.damaged', `${path} is not valid: ${issuesText(result.error.issues, 'record')}`, { path })
  if (result.data.version > VERSION)
    throw new LabError('archive.newerVersion', `${path} has version ${result.data.version}, expected ${VERSION}`, {
      path,
    })
  return result.data as unknown as ImportedRun
}

/** An imported run as lists show it. */
export const recordOfImported = (run: ImportedRun): LibraryRecord => ({
  id: run.id,
  name: run.name,
  kind: 'imported',
  state: 'imported',
  createdAt: run.startedAt ?? run.origin.importedAt,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  computeSeconds: run.computeSeconds,
  seed: run.seed,
  epoch: run.epoch,
  epochs: null,
  executor: null,
  verdict: null,
  pruning: null,
  group: null,
  tags: run.tags,
  error: null,
  origin: run.origin,
  ...run.results,
})

/** What a list shows of an imported run whose record cannot be read. */
const unreadRecord = (id: RunId, error: unknown): LibraryRecord => ({
  id,
  name: `${id} (damaged)`,
  kind: 'imported',
  state: 'imported',
  createdAt: new Date(0).toISOString(),
  startedAt: null,
  finishedAt: null,
  computeSeconds: null,
  seed: null,
  epoch: 0,
  epochs: null,
  executor: null,
  verdict: null,
  pruning: null,
  group: null,
  tags: [],
  error: toWireError(error),
  testAccuracy: null,
  trainAccuracy: null,
  spectrumSlope: null,
  spectrumStandardError: null,
})

/** Runs of other programs, each a folder `imported/<id>/` of the archive that never changes. */
export interface ImportedRuns extends RunSource {
  /** @throws LabError `run.missing`, and why its record cannot be read */
  get(id: RunId): ImportedRun
  tagsOf(id: RunId): readonly string[]
  /** Lends an empty folder of this source, and removes it afterwards. */
  beside<Result>(work: (folder: string) => Promise<Result>): Promise<Result>
  /**
   * Makes a run of what was read, whole or not at all.
   *
   * @param settings - JSON of any depth
   * @param metrics - file of its measures, in a folder that was lent; it is taken
   * @returns the run; the earlier one where the same content was imported before
   */
  add(run: Omit<ImportedRun, 'id'>, settings: unknown, metrics: string): Promise<{ run: ImportedRun; known: boolean }>
  remove(id: RunId): Promise<void>
}

/** @param archive - its folder; `imported/` in it need not exist */
export async function openImported(archive: string): Promise<ImportedRuns> {
  const root = join(archive, 'imported')
  const runs = new Map<RunId, ImportedRun>()
  const unread = new Map<RunId, LabError>()
  const ids = (await readdir(root).catch(ifMissing([]))).filter(isImportedId)
  await mapEach(ids, async (id) => {
    try {
      runs.set(id, await readImported(join(root, id, RECORD_FILE)))
    } catch (error) {
      unread.set(id, asLabError(error))
    }
  })
  const expectRun = (id: RunId): void => {
    if (!runs.has(id) && !unread.has(id))
      throw new LabError('run.missing', `no imported run has the id ${id}`, { run: id })
  }
  const withContent = (sha256: string): ImportedRun | null =>
    [...runs.values()].find(({ origin }) => origin.sha256 === sha256) ?? null
  /** From the content, so that the same files have the same id on every machine. */
  const newId = (sha256: string): RunId => {
    let id = `i-${sha256.slice(0, 8)}`
    while (runs.has(id) || unread.has(id)) id = `i-${randomBytes(4).toString('hex')}`
    return id
  }
  const turn = createTurns()
  return {
    // By id, so that runs of one moment keep their order.
    list: async () =>
      [...[...runs.values()].map(recordOfImported), ...[...unread].map(([id, error]) => unreadRecord(id, error))].sort(
        (a, b) => (a.id < b.id ? -1 : 1),
      ),
    holds: isImportedId,
    expectRun,
    readSettings: (id) => readJson(join(root, id, SETTINGS_FILE)),
    metricsPath: (id) => join(root, id, METRICS_FILE),
    get: (id) => {
      expectRun(id)
      const run = runs.get(id)
      if (run === undefined) throw unread.get(id) ?? new LabError('run.missing', id)
      return run
    },
    tagsOf: (id) => runs.get(id)?.tags ?? [],
    beside: async (work) => {
      const folder = join(root, unfinishedName('import'))
      try {
        await makeFolder(folder)
        return await work(folder)
      } finally {
        await rm(folder, { recursive: true, force: true }).catch(() => undefined)
      }
    },
    add: (facts, settings, metrics) =>
      turn(async () => {
        const earlier = withContent(facts.origin.sha256)
        if (earlier !== null) return { run: earlier, known: true }
        const run: ImportedRun = { ...facts, id: newId(facts.origin.sha256) }
        await makeWhole(root, run.id, async (folder) => {
          // NaN and infinities are no JSON: as in the lines of measures, they are texts.
          const json = (value: unknown): Uint8Array => bytesOf(JSON.parse(lineOf(value)))
          await writeFileAtomically(join(folder, SETTINGS_FILE), json(settings))
          await renameDurably(metrics, join(folder, METRICS_FILE))
          await writeFileAtomically(join(folder, RECORD_FILE), json(run))
        })
        runs.set(run.id, run)
        return { run, known: false }
      }),
    remove: async (id) => {
      expectRun(id)
      await removeWhole(root, id)
      runs.delete(id)
      unread.delete(id)
    },
  }
}
