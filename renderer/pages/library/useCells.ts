import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { asLabError, type LabError, type RunId } from '../../../contract/index.js'
import type { ColumnType } from '../../../contract/library/column.js'
import type { TableCell } from '../../../contract/library/table.js'
import { useLink } from '../../composables/useLink.js'
import type { Entry } from './entries.js'

/** Lines of one request. */
const LINES_AT_ONCE = 60
/** Lines that are kept; those that were read first go first. */
const MOST_KEPT = 3000

/** The cells of one line by column. */
export type LineCells = Readonly<Record<string, TableCell>>
interface Kept {
  cells: LineCells
  /** The columns and runs for which it was read. */
  of: string
}

/** Cells of the lines that are visible; nothing is requested for others. */
export interface Cells {
  readonly of: Readonly<ShallowRef<ReadonlyMap<string, Kept>>>
  readonly types: Readonly<ShallowRef<ReadonlyMap<string, ColumnType>>>
  readonly error: Readonly<ShallowRef<LabError | null>>
  /** Reads what is not known of these lines. */
  want(lines: readonly Entry[]): void
  /** Reads lines with these runs again when they are visible; null for all. */
  forget(ids: readonly RunId[] | null): void
}

const runsKey = ({ ids }: Entry): string =>
  ids.length === 1 ? '' : `${ids.length} ${ids[0] ?? ''} ${ids.at(-1) ?? ''}`

/** @param columns - columns to read, as queries write them */
export function useCells(columns: () => readonly string[]): Cells {
  const link = useLink()
  const known = shallowRef<ReadonlyMap<string, Kept>>(new Map())
  const types = shallowRef<ReadonlyMap<string, ColumnType>>(new Map())
  const error = shallowRef<LabError | null>(null)
  const stale = new Set<string>()
  let wanted: readonly Entry[] = []
  let reading = false
  let alive = true
  onScopeDispose(() => (alive = false))

  const versionOf = (line: Entry, names: readonly string[]): string => `${runsKey(line)}|${names.join(',')}`
  const missing = (): Entry[] => {
    const names = columns()
    return wanted.filter((line) => stale.has(line.key) || known.value.get(line.key)?.of !== versionOf(line, names))
  }
  const keep = (lines: readonly Entry[], names: readonly string[], cells: readonly TableCell[][]): void => {
    const next = new Map(known.value)
    for (const [place, line] of lines.entries()) {
      const own = cells[place] ?? []
      next.delete(line.key)
      next.set(line.key, {
        cells: Object.fromEntries(names.flatMap((name, index) => (own[index] ? [[name, own[index]]] : []))),
        of: versionOf(line, names),
      })
    }
    for (const key of next.keys()) {
      if (next.size <= MOST_KEPT) break
      next.delete(key)
    }
    known.value = next
  }
  const read = async (): Promise<void> => {
    reading = true
    try {
      for (let lines = missing(); alive && lines.length > 0; lines = missing()) {
        const page = lines.slice(0, LINES_AT_ONCE)
        const names = [...columns()]
        for (const { key } of page) stale.delete(key)
        const answer = await link.call('library.cells', { lines: page.map(({ ids }) => [...ids]), columns: names })
        keep(page, names, answer.cells)
        types.value = new Map([...types.value, ...answer.columns.map(({ column, type }) => [column, type] as const)])
        error.value = null
      }
    } catch (thrown) {
      error.value = asLabError(thrown)
    } finally {
      reading = false
    }
  }
  return {
    of: known,
    types,
    error,
    want: (lines) => {
      wanted = lines
      if (!reading && missing().length > 0) void read()
    },
    forget: (ids) => {
      const changed = ids === null ? null : new Set(ids)
      for (const { key, ids: own } of wanted) if (changed === null || own.some((id) => changed.has(id))) stale.add(key)
      const visible = new Set(wanted.map(({ key }) => key))
      // Of lines that are not visible nothing is kept that may be old.
      known.value = new Map(
        [...known.value].filter(
          ([key]) => visible.has(key) || !(changed === null || changed.has(key) || key.startsWith('group:')),
        ),
      )
      if (!reading && stale.size > 0) void read()
    },
  }
}
