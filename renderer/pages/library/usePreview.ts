import { computed, watch, type ComputedRef } from 'vue'
import type { ColumnFacts, ColumnType } from '../../../contract/library/column.js'
import type { TableCell } from '../../../contract/library/table.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import type { Entry } from './entries.js'

/** A row of the comparison in the preview: one cell for each line. */
export interface PreviewRow {
  column: string
  type: ColumnType
  cells: readonly TableCell[]
}

/** How the selected lines differ. */
export interface Comparison {
  settings: readonly PreviewRow[]
  results: readonly PreviewRow[]
  /** Settings that were compared. */
  compared: number
}

/** Lines that are shown side by side. */
export const MOST_LINES = 4
const RESULTS = ['accuracy', 'trainAccuracy', 'alpha', 'computeSeconds'] as const
const COLUMNS_AT_ONCE = 150

const text = ({ value }: TableCell): string => JSON.stringify(value)
const isEmpty = ({ value, differs }: TableCell): boolean => value === null && !differs

/** Settings and results of some lines, requested when the selection changes. */
export function usePreview(
  lines: () => readonly Entry[],
  facts: () => readonly ColumnFacts[],
): { query: Query<Comparison>; shown: ComputedRef<readonly Entry[]> } {
  const link = useLink()
  const shown = computed(() => lines().slice(0, MOST_LINES))
  const settings = computed(() =>
    facts()
      .filter(({ section }) => section === 'specification')
      .map(({ name }) => name)
      .filter((name) => !['name', 'seed', 'version'].includes(name)),
  )
  const query = useQuery(async (signal) => {
    const ids = shown.value.map((line) => [...line.ids])
    const rows: PreviewRow[] = []
    const columns = [...RESULTS, ...settings.value]
    for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
      const answer = await link.call(
        'library.cells',
        { lines: ids, columns: columns.slice(from, from + COLUMNS_AT_ONCE) },
        { signal },
      )
      for (const [place, { column, type }] of answer.columns.entries())
        rows.push({ column, type, cells: answer.cells.flatMap((line) => line[place] ?? []) })
    }
    const differing = rows.slice(RESULTS.length).filter(({ cells }) => {
      const [first] = cells
      return first !== undefined && cells.some((cell) => cell.differs || text(cell) !== text(first))
    })
    return {
      settings: differing,
      results: rows.slice(0, RESULTS.length).filter(({ cells }) => !cells.every(isEmpty)),
      compared: settings.value.length,
    }
  })
  watch(
    () => [shown.value.map(({ key, ids }) => `${key} ${ids.length}`).join(','), settings.value.length] as const,
    ([of]) => {
      if (of === '' || (shown.value.length === 1 && shown.value[0]?.ids.length === 1)) query.clear()
      else void query.run()
    },
    { immediate: true },
  )
  return { query, shown }
}
