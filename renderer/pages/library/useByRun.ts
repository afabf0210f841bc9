import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { RunId } from '../../../contract/index.js'

/** Values that are kept; those that were read first go first. */
const MOST_KEPT = 20_000
/** Runs of one request. */
const RUNS_AT_ONCE = 300

/** Something of single runs that is requested for those that are visible. */
export interface ByRun<Value> {
  /** By `column|run`. */
  readonly known: Readonly<ShallowRef<ReadonlyMap<string, Value>>>
  /** Reads what is not known of these runs. */
  want(columns: readonly string[], ids: readonly RunId[]): void
  /** Reads it again for runs that changed; null for all. */
  forget(ids: readonly RunId[] | null): void
}

export const runKey = (column: string, id: RunId): string => `${column}|${id}`

/** @param read - one value for each run, in their order */
export function useByRun<Value>(
  read: (column: string, ids: readonly RunId[]) => Promise<readonly Value[]>,
): ByRun<Value> {
  const known = shallowRef<ReadonlyMap<string, Value>>(new Map())
  const stale = new Set<string>()
  let wanted: { columns: readonly string[]; ids: readonly RunId[] } = { columns: [], ids: [] }
  let reading = false
  let alive = true
  onScopeDispose(() => (alive = false))
  const missing = (): { column: string; ids: RunId[] } | null => {
    for (const column of wanted.columns) {
      const ids = wanted.ids.filter((id) => !known.value.has(runKey(column, id)) || stale.has(runKey(column, id)))
      if (ids.length > 0) return { column, ids: ids.slice(0, RUNS_AT_ONCE) }
    }
    return null
  }
  const keep = (column: string, ids: readonly RunId[], values: readonly Value[]): void => {
    const next = new Map(known.value)
    for (const [place, id] of ids.entries()) {
      const value = values[place]
      if (value !== undefined) next.set(runKey(column, id), value)
    }
    for (const key of next.keys()) {
      if (next.size <= MOST_KEPT) break
      next.delete(key)
    }
    known.value = next
  }
  const readAll = async (): Promise<void> => {
    reading = true
    try {
      for (let next = missing(); alive && next !== null; next = missing()) {
        for (const id of next.ids) stale.delete(runKey(next.column, id))
        const values = await read(next.column, next.ids)
        keep(next.column, next.ids, values)
        // A lab that answers with less would be asked for ever.
        if (values.length < next.ids.length) return
      }
    } catch {
      // The cells of the same rows say why the lab cannot be reached or read.
    } finally {
      reading = false
    }
  }
  return {
    known,
    want: (columns, ids) => {
      wanted = { columns, ids }
      if (!reading && missing() !== null) void readAll()
    },
    forget: (ids) => {
      const changed = ids === null ? null : new Set(ids)
      const visible = new Set(wanted.ids)
      const next = new Map<string, Value>()
      for (const [key, value] of known.value) {
        const id = key.slice(key.lastIndexOf('|') + 1)
        const isChanged = changed === null || changed.has(id)
        if (isChanged && !visible.has(id)) continue
        // A visible value stays on screen until the new one is there.
        if (isChanged) stale.add(key)
        next.set(key, value)
      }
      known.value = next
      if (!reading && missing() !== null) void readAll()
    },
  }
}
