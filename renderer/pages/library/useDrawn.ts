import { computed, type ComputedRef } from 'vue'
import type { RunId } from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import { drawnColumn, meanCurve, MOST_DRAWN } from './drawnColumns.js'
import { isGroup, type Entry } from './entries.js'
import { runKey, useByRun } from './useByRun.js'

/** Points of a drawn curve. */
const POINTS = 48

/** What the drawn columns of the table show. */
export interface Drawn {
  /** Reads what the visible rows draw. */
  want(entries: readonly Entry[], columns: readonly string[]): void
  forget(ids: readonly RunId[] | null): void
  /** Values of the runs of a row that have one. */
  values(entry: Entry, of: string): number[]
  /** The curve of a run, or the mean over the runs of a group. */
  curve(entry: Entry, of: string): readonly number[]
  /** Smallest and largest value of each strip among the rows that were seen; null without values. */
  readonly domains: ComputedRef<ReadonlyMap<string, readonly [number, number]>>
}

export function useDrawn(): Drawn {
  const link = useLink()
  const strips = useByRun<number>(async (column, ids) => {
    const { cells } = await link.call('library.cells', { lines: ids.map((id) => [id]), columns: [column] })
    return cells.map(([cell]) => (typeof cell?.value === 'number' ? cell.value : NaN))
  })
  const curves = useByRun<Float64Array>((name, ids) =>
    link.call('library.curves', { ids: [...ids], name: name.replaceAll('"', ''), points: POINTS }),
  )
  const domains = computed(() => {
    const found = new Map<string, readonly [number, number]>()
    for (const [key, value] of strips.known.value) {
      if (!Number.isFinite(value)) continue
      const column = key.slice(0, key.lastIndexOf('|'))
      const [low, high] = found.get(column) ?? [Infinity, -Infinity]
      found.set(column, [Math.min(low, value), Math.max(high, value)])
    }
    return found
  })
  const drawnIds = (entries: readonly Entry[]): RunId[] => [
    ...new Set(entries.flatMap(({ ids }) => ids.slice(0, MOST_DRAWN))),
  ]
  return {
    want: (entries, columns) => {
      const drawn = columns.map(drawnColumn).filter((column) => column !== null)
      const of = (kind: 'strip' | 'curve'): string[] =>
        drawn.filter((column) => column.kind === kind).map((column) => column.of)
      // A strip of runs that are not grouped would repeat the column beside it.
      const groups = entries.filter((entry) => isGroup(entry) || entry.depth === 1)
      strips.want(of('strip'), of('strip').length === 0 ? [] : drawnIds(groups))
      curves.want(of('curve'), of('curve').length === 0 ? [] : drawnIds(entries))
    },
    forget: (ids) => {
      strips.forget(ids)
      curves.forget(ids)
    },
    values: (entry, of) =>
      entry.ids
        .slice(0, MOST_DRAWN)
        .map((id) => strips.known.value.get(runKey(of, id)) ?? NaN)
        .filter(Number.isFinite),
    curve: (entry, of) =>
      meanCurve(entry.ids.slice(0, MOST_DRAWN).flatMap((id) => curves.known.value.get(runKey(of, id)) ?? [])),
    domains,
  }
}
