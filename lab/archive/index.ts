import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { asLabError, LabError, parseExperiment, type ArrayName, type ArrayRecord, type LabSettings, type RunFile, type RunId, type RunNotice, type RunRecord } from '../../contract/index.js'
import { isUnfinished, renameDurably, writeError, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { makeFolder } from '../files/folders.js'
import { ifMissing, ifUseless } from '../files/missing.js'
import { readNpy, writeNpy } from '../formats/index.js'
import { createTurns } from '../inTurn.js'
import { readOnlyArchive } from '../readOnly.js'
import type { Archive } from './archive.js'
import { readLastCheckpointFiles, writeCheckpointFiles } from './checkpoints.js'
import { appendLines, lineOf, mendLastLine, numberOf, readLines } from './lines.js'
import { lockArchive } from './lock.js'
import { loadMetrics, type MetricTable } from './metrics.js'
import { LAYER_FILE, pathInside, runFolder } from './paths.js'
import { readJson, readRecord, unreadRecord } from './records.js'

export type { Archive, StoredCheckpoint } from './archive.js'

const VERSION = 1
const DEFAULT_SETTINGS: LabSettings = { theme: 'system', density: 'normal', railLabels: true, queueHeld: false, executor: 'auto', slots: 1, threadsPerSlot: null }

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)

/** @throws LabError `archive.newerVersion`; nothing is changed then */
async function checkVersion(folder: string, readOnly: boolean): Promise<void> {
  const path = join(folder, 'archive.json')
  const text = await readFile(path, 'utf8').catch(ifMissing(null))
  if (text === null && readOnly) return
  if (text === null) return writeFileAtomically(path, bytesOf({ program: 'LocalLearning Workbench', version: VERSION }))
  const { version } = (await readJson(path)) as { version?: unknown }
  if (typeof version === 'number' && version > VERSION) throw new LabError('archive.newerVersion', `${folder} has version ${version}, but this program supports up to version ${VERSION}`, { folder })
}

/** Name of the folder of a run that is being made or removed; lists do not show it, and what a crash leaves of it is swept. */
const unfinishedRun = (id: RunId): string => `.${id}.unfinished`
const UNFINISHED_RUN = /^\.r-[0-9a-f]{8}\.unfinished$/

/** Removes what a crash left half written or half removed, below the runs. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(join(folder, 'runs')).catch(() => [])) if (UNFINISHED_RUN.test(name)) await rm(join(folder, 'runs', name), { recursive: true, force: true })
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  for (const entry of entries) if (entry.isFile() && isUnfinished(entry.name)) await rm(join(entry.parentPath, entry.name), { force: true })
}

/**
 * Opens an archive for this process, or makes a new one.
 *
 * @param folder - where runs/, settings.json and queue.json lie
 * @param options - `readOnly`: takes no lock and writes nothing, so that it works while another workbench has the archive
 *   open, on a full disk and on a read-only medium; a folder that does not exist is an empty archive
 * @throws LabError `archive.busy`, `archive.newerVersion`, `file.unwritable`, `file.diskFull`
 */
export async function openArchive(folder: string, { readOnly = false }: { readOnly?: boolean } = {}): Promise<Archive> {
  if (readOnly) {
    await checkVersion(folder, true)
    return readOnlyArchive(createArchive(folder, await readAllRecords(folder), async () => undefined, { readOnly }))
  }
  const unlock = await lockArchive(folder)
  try {
    await checkVersion(folder, false)
    await makeFolder(join(folder, 'runs')).catch((error: unknown) => {
      throw writeError(folder, error)
    })
    await sweep(folder)
    return createArchive(folder, await readAllRecords(folder), unlock, { readOnly })
  } catch (error) {
    await unlock()
    throw error
  }
}

interface Records {
  known: Map<RunId, RunRecord>
  /** Runs whose record could not be read: lists show what is known of them, and that is never written. */
  unread: Set<RunId>
}

async function readAllRecords(folder: string): Promise<Records> {
  const ids = (await readdir(join(folder, 'runs')).catch(ifMissing([]))).filter((name) => /^r-[0-9a-f]{8}$/.test(name))
  const unread = new Set<RunId>()
  const records = await mapEach(ids, (id) => readRecord(join(runFolder(folder, id), 'run.json')).catch((error: unknown) => {
    unread.add(id)
    return unreadRecord(id, error)
  }))
  return { known: new Map(records.map((record) => [record.id, record])), unread }
}

function createArchive(folder: string, { known: records, unread }: Records, unlock: () => Promise<void>, { readOnly }: { readOnly: boolean }): Archive {
  const metrics = new Map<RunId, Promise<MetricTable>>()
  const turns = new Map<RunId, ReturnType<typeof createTurns>>()
  const at = (id: RunId, ...path: string[]): string => join(runFolder(folder, id), ...path)
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
  const metricsOf = (id: RunId): Promise<MetricTable> => {
    const mended = readOnly ? Promise.resolve(false) : mendLastLine(at(id, 'metrics.jsonl'))
    const table = metrics.get(id) ?? mended.then(() => loadMetrics(at(id, 'metrics.jsonl')))
    metrics.set(id, table)
    table.catch(() => metrics.delete(id))
    return table
  }
  const appendNotice = async (id: RunId, notice: RunNotice): Promise<void> => {
    await mendLastLine(at(id, 'notices.jsonl'))
    await appendLines(at(id, 'notices.jsonl'), [notice])
  }
  const arrayEpochs = async (id: RunId, name: ArrayName): Promise<number[]> => {
    known(id)
    const names = await readdir(at(id, 'arrays', name)).catch(ifMissing([]))
    return names.filter((file) => /^\d+\.npy$/.test(file)).map((file) => Number(file.slice(0, -4))).sort((a, b) => a - b)
  }
  /** The record as it is on disk, where it could not be read before. @throws LabError as `readRecord` */
  const readNow = async (id: RunId): Promise<RunRecord> => {
    if (!unread.has(id)) return known(id)
    const record = await readRecord(at(id, 'run.json'))
    records.set(id, record)
    unread.delete(id)
    return record
  }
  const update: Archive['update'] = (id, changes) => inTurn(id, async () => {
    const record = { ...(await readNow(id)), ...changes }
    await writeFileAtomically(at(id, 'run.json'), bytesOf(record))
    records.set(id, record)
    return record
  })

  return {
    folder, update, appendNotice, arrayEpochs,
    list: async () => [...records.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)),
    create: async (spec, versions, { group = null, layer = null } = {}) => {
      let id = ''
      do id = `r-${randomBytes(4).toString('hex')}`
      while (records.has(id))
      const record: RunRecord = {
        id, version: 1, name: spec.name, kind: spec.kind, state: 'queued', createdAt: new Date().toISOString(), startedAt: null, finishedAt: null, computeSeconds: 0, seed: spec.seed,
        executorAsked: null, executor: null, executorNote: null, device: null, versions, datasetHashes: {}, epoch: 0, epochs: spec.schedule.epochs, step: 0, stepsPerEpoch: 0, secondsLeft: null, checkpoints: [], resumedAt: [],
        verdict: null, spectrumSlope: null, spectrumStandardError: null, pruning: null, testAccuracy: null, trainAccuracy: null, layer: layer?.origin ?? null,
        // A group is named after its first run, which does not know its own id yet.
        group: group === null ? null : { ...group, id: group.id === '' ? id : group.id }, tags: [], error: null,
      }
      // Whole or not at all: the folder gets its name when everything is in it.
      const unfinished = join(folder, 'runs', unfinishedRun(id))
      try {
        await writeFileAtomically(join(unfinished, 'spec.json'), bytesOf(spec))
        if (layer !== null) await writeFileAtomically(join(unfinished, LAYER_FILE), layer.file)
        await writeFileAtomically(join(unfinished, 'run.json'), bytesOf(record))
        await renameDurably(unfinished, runFolder(folder, id))
      } catch (error) {
        await rm(unfinished, { recursive: true, force: true }).catch(() => undefined)
        throw writeError(unfinished, error)
      }
      records.set(id, record)
      return record
    },
    read: async (id) => {
      known(id)
      const record = await readNow(id)
      return { record, spec: parseExperiment(await readJson(at(id, 'spec.json'))) }
    },
    remove: (id) => inTurn(id, async () => {
      known(id)
      // Out of the list by a rename that is whole or not at all; a crash while files are removed leaves no half run.
      const unfinished = join(folder, 'runs', unfinishedRun(id))
      await renameDurably(runFolder(folder, id), unfinished).catch((error: unknown) => {
        // A folder that somebody removed by hand.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw writeError(runFolder(folder, id), error)
      })
      await rm(unfinished, { recursive: true, force: true })
      records.delete(id)
      unread.delete(id)
      metrics.delete(id)
    }),

    appendMetrics: async (id, batch) => {
      known(id)
      const table = await metricsOf(id)
      await appendLines(at(id, 'metrics.jsonl'), batch.map(({ step, epoch, name, value, wall }) => ({ step, epoch, name, value, wall })))
      table.add(batch)
    },
    readMetrics: async (id, names) => {
      known(id)
      return (await metricsOf(id)).columns(names)
    },
    readNotices: async (id) => {
      known(id)
      const { lines, dropped } = await readLines(at(id, 'notices.jsonl'))
      const notices = lines as RunNotice[]
      return dropped === 0 ? notices : [...notices, { wall: notices.at(-1)?.wall ?? 0, level: 'warning', topic: 'archive', text: `${dropped} ${dropped === 1 ? 'line' : 'lines'} of the log were cut short by a crash and cannot be read`, epoch: null }]
    },
    writeArray: async (id, { name, epoch, shape, data }) => {
      known(id)
      await writeFileAtomically(at(id, 'arrays', name, `${epoch}.npy`), writeNpy({ data, shape }))
    },
    readArray: async (id, name, epoch): Promise<ArrayRecord> => {
      const wanted = epoch ?? (await arrayEpochs(id, name)).at(-1)
      const bytes = wanted === undefined ? null : await readFile(at(id, 'arrays', name, `${wanted}.npy`)).catch(ifMissing(null))
      if (wanted === undefined || bytes === null) throw new LabError('run.nothingToShow', `${id} has not stored ${name}${epoch === null ? '' : ` at epoch ${epoch}`}`, { run: id, name })
      return { name, epoch: wanted, ...readNpy(bytes) }
    },

    writeCheckpoint: async (id, checkpoint, keep) => {
      known(id)
      await writeCheckpointFiles(at(id, 'checkpoints'), checkpoint, keep)
    },
    readLastCheckpoint: async (id) => {
      known(id)
      return readLastCheckpointFiles(at(id, 'checkpoints'), async (name) => readOnly ? undefined : appendNotice(id, { wall: Date.now(), level: 'warning', topic: 'archive', text: `skipped the damaged checkpoint ${name}`, epoch: null }))
    },
    rewindTo: async (id, step, epoch) => {
      known(id)
      const path = at(id, 'metrics.jsonl')
      const { lines } = await readLines(path)
      const kept = lines.filter((line) => numberOf((line as { step?: unknown }).step) <= step)
      if (kept.length !== lines.length) await writeFileAtomically(path, new TextEncoder().encode(kept.map(lineOf).join('')))
      metrics.delete(id)
      for (const name of await readdir(at(id, 'arrays')).catch(ifMissing([]))) {
        for (const at_ of await arrayEpochs(id, name as ArrayName)) if (at_ > epoch) await rm(at(id, 'arrays', name, `${at_}.npy`), { force: true })
      }
    },

    writeFile: async (id, path, bytes) => {
      known(id)
      await writeFileAtomically(pathInside(runFolder(folder, id), path), bytes)
    },
    readFile: async (id, path) => {
      known(id)
      const full = pathInside(runFolder(folder, id), path)
      return readFile(full).then((buffer) => new Uint8Array(buffer), (error: unknown) => {
        throw new LabError('file.unreadable', `${full}: ${asLabError(error).message}`, { path }, error)
      })
    },
    files: async (id): Promise<RunFile[]> => {
      known(id)
      const root = runFolder(folder, id)
      const entries = (await readdir(root, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile() && !isUnfinished(entry.name))
      const files = await mapEach(entries, async (entry) => {
        const full = join(entry.parentPath, entry.name)
        const found = await stat(full).catch(ifMissing(null))
        return found === null ? [] : [{ path: relative(root, full).split(sep).join('/'), bytes: found.size, modifiedAt: found.mtime.toISOString() }]
      })
      return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1))
    },
    pathOf: (id, path) => pathInside(runFolder(folder, id), path),

    readSettings: async () => ({ ...DEFAULT_SETTINGS, ...((await readJson(join(folder, 'settings.json')).catch(ifUseless({}))) as Partial<LabSettings>) }),
    writeSettings: (settings) => writeFileAtomically(join(folder, 'settings.json'), bytesOf(settings)),
    readQueue: async () => {
      const ids = await readJson(join(folder, 'queue.json')).catch(ifUseless([]))
      return Array.isArray(ids) ? ids.filter((id): id is RunId => typeof id === 'string') : []
    },
    writeQueue: (ids) => writeFileAtomically(join(folder, 'queue.json'), bytesOf(ids)),
    close: unlock,
  }
}
