import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../contract/index.js'
import { columnText, type ColumnReference } from '../../contract/library/column.js'
import type { CurveSummary, RunSummary } from '../../contract/library/summary.js'
import type { WorkerThread } from '../compute/workerThread.js'
import { numberOf } from '../archive/lines.js'
import { sameStamp, type AppendedCache, type FileStamp } from '../archive/appendedCache.js'

/** Files of one job of the analysis thread: small enough that other requests are not kept waiting. */
const FILES_AT_ONCE = 100

/** Thinned curves of a measure that are kept. */
const MOST_THINNED = 5000

/** Summaries from a cache file, where NaN and infinities are texts. */
export function summaryOf(json: unknown): RunSummary | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const summary: Record<string, CurveSummary> = Object.create(null) as Record<string, CurveSummary>
  for (const [name, curve] of Object.entries(json as Record<string, Record<keyof CurveSummary, unknown>>)) {
    const { count, first, last, min, max } = curve
    if (typeof count !== 'number') return undefined
    summary[name] = { count, first: numberOf(first), last: numberOf(last), min: numberOf(min), max: numberOf(max) }
  }
  return summary
}

/** Curves of runs, reduced, and their values at chosen epochs. */
export interface CurveStore {
  /** Null before the curves of the run are read. */
  of(id: RunId): RunSummary | null
  /** Runs whose curves are not read, or have grown since. */
  readonly waiting: number
  /** Says that the curves of a run may have changed. */
  touch(id: RunId): void
  /** Reads what is not read yet; one call after the other. @param ids - all runs @returns whether anything was read */
  load(ids: readonly RunId[]): Promise<boolean>
  /** Values of `at(name, epoch)`; null before they are read. */
  atEpoch(reference: ColumnReference): ((id: string) => number | null) | null
  /** Reads the values of `at(name, epoch)`. */
  loadEpoch(reference: ColumnReference, ids: readonly RunId[]): Promise<void>
  /** A measure of each run, thinned to at most `points` values. */
  thinned(ids: readonly RunId[], name: string, points: number): Promise<Float64Array[]>
}

const stampOf = (path: string): Promise<FileStamp> =>
  stat(path).then(
    ({ mtimeMs, size }) => ({ modifiedMs: mtimeMs, bytes: size }),
    () => ({ modifiedMs: 0, bytes: 0 }),
  )

/**
 * @param runs - the folder of all runs
 * @param analysis - reads and reduces the files
 * @param changed - called when some more curves are read
 */
export function createCurves(
  runs: string,
  cache: AppendedCache<RunSummary>,
  analysis: Pick<WorkerThread, 'ask'>,
  changed: () => void,
): CurveStore {
  /** Runs whose file agreed with the cache when it was looked at. */
  const fresh = new Set<RunId>()
  /** Curves by measure and number of points, then by run. */
  const thin = new Map<string, Map<RunId, Float64Array>>()
  const atEpochs = new Map<string, Map<RunId, number | null>>()
  let waiting = 0
  let loading: Promise<boolean> = Promise.resolve(false)
  const pathOf = (id: RunId): string => join(runs, id, 'metrics.jsonl')
  const chunks = function* (ids: readonly RunId[]): Generator<readonly RunId[]> {
    for (let from = 0; from < ids.length; from += FILES_AT_ONCE) yield ids.slice(from, from + FILES_AT_ONCE)
  }
  const loadAll = async (ids: readonly RunId[]): Promise<boolean> => {
    const unknown = ids.filter((id) => !fresh.has(id))
    const stale: { id: RunId; stamp: FileStamp }[] = []
    for (const part of chunks(unknown)) {
      const stamps = await Promise.all(part.map((id) => stampOf(pathOf(id))))
      for (const [index, id] of part.entries()) {
        const stamp = stamps[index] as FileStamp
        const known = cache.get(id)
        if (known !== undefined && sameStamp(known.stamp, stamp)) fresh.add(id)
        else stale.push({ id, stamp })
      }
    }
    waiting = stale.length
    for (let from = 0; from < stale.length; from += FILES_AT_ONCE) {
      const part = stale.slice(from, from + FILES_AT_ONCE)
      const summaries = await analysis.ask('curves', { paths: part.map(({ id }) => pathOf(id)) }, {})
      for (const [index, { id, stamp }] of part.entries()) {
        cache.set(id, stamp, summaries[index] ?? {})
        fresh.add(id)
      }
      waiting = Math.max(0, stale.length - from - part.length)
      changed()
    }
    return stale.length > 0
  }
  return {
    of: (id) => cache.get(id)?.value ?? null,
    get waiting() {
      return waiting
    },
    touch: (id) => {
      fresh.delete(id)
      for (const values of atEpochs.values()) values.delete(id)
      for (const values of thin.values()) values.delete(id)
    },
    load: (ids) => {
      loading = loading.catch(() => false).then(() => loadAll(ids))
      return loading
    },
    atEpoch: (reference) => {
      const values = atEpochs.get(columnText(reference))
      return values === undefined ? null : (id) => values.get(id) ?? null
    },
    thinned: async (ids, name, points) => {
      const key = `${points} ${name}`
      const known = thin.get(key) ?? new Map<RunId, Float64Array>()
      thin.set(key, known)
      const result = new Map<RunId, Float64Array>()
      for (const id of ids) {
        const own = known.get(id)
        if (own !== undefined) result.set(id, own)
      }
      for (const part of chunks(ids.filter((id) => !result.has(id)))) {
        const found = await analysis.ask('thinnedCurves', { paths: part.map(pathOf), name, points }, {})
        for (const [index, id] of part.entries()) {
          const values = found[index] ?? new Float64Array()
          result.set(id, values)
          known.set(id, values)
        }
      }
      // Those that were read first go first.
      for (const id of known.keys()) {
        if (known.size <= MOST_THINNED) break
        known.delete(id)
      }
      return ids.map((id) => result.get(id) ?? new Float64Array())
    },
    loadEpoch: async (reference, ids) => {
      const { name, epoch } = reference
      const values = atEpochs.get(columnText(reference)) ?? new Map<RunId, number | null>()
      for (const part of chunks(ids.filter((id) => !values.has(id)))) {
        const found = await analysis.ask('epochValues', { paths: part.map(pathOf), name, epoch: epoch ?? 0 }, {})
        for (const [index, id] of part.entries()) values.set(id, found[index] ?? null)
      }
      atEpochs.set(columnText(reference), values)
    },
  }
}
