import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asLabError, isImportedId, LabError, type RunId } from '../../contract/index.js'
import type { ImportedRun } from '../../contract/library/imported.js'
import { bytesOf } from '../archive/document.js'
import { lineOf } from '../archive/lines.js'
import { readJson } from '../archive/records.js'
import { renameDurably, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { makeFolder } from '../files/folders.js'
import { ifMissing } from '../files/missing.js'
import { makeWhole, removeWhole, unfinishedName } from '../files/wholeFolder.js'
import { createTurns } from '../inTurn.js'
import { momentOf, readImported, recordOfImported, unreadImported } from './importedRecord.js'
import type { RunSource } from './source.js'

const METRICS_FILE = 'metrics.jsonl'
const RECORD_FILE = 'import.json'
const SETTINGS_FILE = 'settings.json'

/** Runs of other programs, each a folder `imported/<id>/` of the archive that never changes. */
export interface ImportedRuns extends RunSource {
  /** @throws LabError `run.missing`, and why its record cannot be read */
  get(id: RunId): ImportedRun
  tagsOf(id: RunId): readonly string[]
  /** Those whose records can be read, newest first. */
  all(): ImportedRun[]
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
      [
        ...[...runs.values()].map(recordOfImported),
        ...[...unread].map(([id, error]) => unreadImported(id, error)),
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
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
    all: () => [...runs.values()].sort((a, b) => (momentOf(a) < momentOf(b) ? 1 : -1)),
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
