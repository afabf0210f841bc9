import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  LabError,
  newestRunFirst,
  parseExperiment,
  type ExperimentSpec,
  type RunId,
  type RunRecord,
} from '../../contract/index.js'
import { writeError, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing } from '../files/missing.js'
import { createTurns } from '../inTurn.js'
import type { Archive, RunBeginning } from './archive.js'
import { bytesOf } from './document.js'
import { isRunId, LAYER_FILE, runFolder } from './paths.js'
import { openRecordCache, type RecordCache } from './recordCache.js'
import { newRecord, readJson, readRecord, unreadRecord } from './records.js'
import { nameRuns, removeRun, unfinishedFolder } from './unfinished.js'

/** The records of an archive's runs. */
export interface RunStore extends Pick<
  Archive,
  'list' | 'create' | 'createGroup' | 'read' | 'update' | 'remove' | 'expectRun' | 'showAs'
> {
  /** @throws LabError `run.missing` */
  expectKnown(id: RunId): void
  /** Keeps what was read for the next start. */
  saveCache(): Promise<void>
}

interface Records {
  known: Map<RunId, RunRecord>
  /** Runs whose record could not be read: lists show what is known of them, and that is never written. */
  unread: Set<RunId>
}

async function readAllRecords(folder: string, cache: RecordCache): Promise<Records> {
  const ids = (await readdir(join(folder, 'runs')).catch(ifMissing([]))).filter(isRunId)
  const unread = new Set<RunId>()
  const records = await mapEach(ids, (id) =>
    cache.read(id).catch((error: unknown) => {
      unread.add(id)
      return unreadRecord(id, error)
    }),
  )
  cache.keepOnly(ids)
  return { known: new Map(records.map((record) => [record.id, record])), unread }
}

/**
 * Opens the records of an archive.
 *
 * @param onRemoved - called when a run is gone
 */
export async function openRuns(
  folder: string,
  { readOnly, onRemoved }: { readOnly: boolean; onRemoved: (id: RunId) => void },
): Promise<RunStore> {
  const cache = await openRecordCache(folder, readOnly)
  const { known: records, unread } = await readAllRecords(folder, cache)
  let shown = (record: RunRecord): RunRecord => record
  const turns = new Map<RunId, ReturnType<typeof createTurns>>()
  const inTurn = <Result>(id: RunId, work: () => Promise<Result>): Promise<Result> => {
    const turn = turns.get(id) ?? createTurns()
    turns.set(id, turn)
    return turn(work)
  }
  const known = (id: RunId): RunRecord => {
    const record = records.get(id)
    if (record === undefined) throw new LabError('run.missing', `no run has the id ${id}`, { run: id })
    return record
  }
  /** The record as it is on disk, where it could not be read before. @throws LabError as `readRecord` */
  const readNow = async (id: RunId): Promise<RunRecord> => {
    if (!unread.has(id)) return known(id)
    const record = await readRecord(join(runFolder(folder, id), 'run.json'))
    records.set(id, record)
    unread.delete(id)
    return record
  }
  const newId = (others: readonly RunId[]): RunId => {
    let id = ''
    do id = `r-${randomBytes(4).toString('hex')}`
    while (records.has(id) || others.includes(id))
    return id
  }
  const createGroup = async (
    specs: readonly ExperimentSpec[],
    versions: Record<string, string>,
    beside: RunBeginning = {},
  ): Promise<RunRecord[]> => {
    const ids: RunId[] = []
    for (const _spec of specs) ids.push(newId(ids))
    const group = (index: number): RunRecord['group'] =>
      specs.length === 1 ? null : { id: ids[0] ?? '', index, count: specs.length }
    const made = specs.map((spec, index) =>
      newRecord(ids[index] ?? '', spec, versions, { layer: beside.layer ?? null, group: beside.group ?? group(index) }),
    )
    try {
      for (const [index, record] of made.entries())
        await writeRun(unfinishedFolder(folder, record.id), record, specs[index] as ExperimentSpec, beside)
      await nameRuns(folder, ids)
    } catch (error) {
      for (const id of ids)
        await rm(unfinishedFolder(folder, id), { recursive: true, force: true }).catch(() => undefined)
      throw writeError(join(folder, 'runs'), error)
    }
    for (const record of made) records.set(record.id, record)
    return made
  }
  return {
    createGroup,
    saveCache: cache.save,
    expectKnown: (id) => void known(id),
    expectRun: (id) => void known(id),
    showAs: (next) => (shown = next),
    list: async () => [...records.values()].sort(newestRunFirst).map(shown),
    create: async (spec, versions, beside) => (await createGroup([spec], versions, beside))[0] as RunRecord,
    read: async (id) => {
      known(id)
      const record = await readNow(id)
      return { record: shown(record), spec: parseExperiment(await readJson(join(runFolder(folder, id), 'spec.json'))) }
    },
    update: (id, changes) =>
      inTurn(id, async () => {
        const record = { ...(await readNow(id)), ...changes }
        await writeFileAtomically(join(runFolder(folder, id), 'run.json'), bytesOf(record))
        await cache.wrote(record)
        records.set(id, record)
        return shown(record)
      }),
    remove: (id) =>
      inTurn(id, async () => {
        known(id)
        await removeRun(folder, id).catch((error: unknown) => {
          throw writeError(runFolder(folder, id), error)
        })
        records.delete(id)
        unread.delete(id)
        onRemoved(id)
      }),
  }
}

/** The files that a run begins with, in a folder that has no name yet. */
async function writeRun(
  unfinished: string,
  record: RunRecord,
  spec: ExperimentSpec,
  { layer = null }: RunBeginning,
): Promise<void> {
  await writeFileAtomically(join(unfinished, 'spec.json'), bytesOf(spec))
  if (layer !== null) await writeFileAtomically(join(unfinished, LAYER_FILE), layer.file)
  await writeFileAtomically(join(unfinished, 'run.json'), bytesOf(record))
}
