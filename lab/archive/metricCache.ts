import type { MetricRecord, RunId } from '../../contract/index.js'
import type { MetricTable } from './metrics.js'

/**
 * About 24 bytes each. The metrics of the open page and of the running run stay; those of runs that were looked at
 * before are read again.
 */
const MOST_ROWS = 2_000_000

/** Metrics of the runs that were used last. */
export interface MetricCache {
  of(id: RunId): Promise<MetricTable>
  /** @param store - writes the batch to disk; it is added to what is remembered only if it succeeds */
  append(id: RunId, batch: readonly MetricRecord[], store: () => Promise<void>): Promise<void>
  forget(id: RunId): void
}

/**
 * @param load - reads the metrics of a run
 * @param mostRows - rows of all runs that are remembered; the run that was used last is, whatever it has
 */
export function createMetricCache(
  load: (id: RunId) => Promise<MetricTable>,
  mostRows: number = MOST_ROWS,
): MetricCache {
  /** The one used last comes last. */
  const tables = new Map<RunId, { promise: Promise<MetricTable>; table: MetricTable | null }>()

  const shrink = (): void => {
    let rows = [...tables.values()].reduce((sum, { table }) => sum + (table?.rows ?? 0), 0)
    for (const [id, { table }] of tables) {
      if (rows <= mostRows || tables.size === 1) return
      if (table === null) continue
      tables.delete(id)
      rows -= table.rows
    }
  }
  const of = (id: RunId): Promise<MetricTable> => {
    const entry = tables.get(id) ?? { promise: load(id), table: null }
    tables.delete(id)
    tables.set(id, entry)
    entry.promise.then(
      (table) => {
        entry.table = table
        shrink()
      },
      () => {
        if (tables.get(id) === entry) tables.delete(id)
      },
    )
    return entry.promise
  }
  return {
    of,
    append: async (id, batch, store) => {
      const table = await of(id)
      const entry = tables.get(id)
      await store()
      table.add(batch)
      // Forgotten or read again meanwhile: whether the disk held the batch by then is unknown.
      if (entry === undefined || tables.get(id) !== entry) tables.delete(id)
      shrink()
    },
    forget: (id) => void tables.delete(id),
  }
}
