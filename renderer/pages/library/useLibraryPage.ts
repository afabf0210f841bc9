import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { RunId } from '../../../contract/index.js'
import { useAction } from '../../composables/useAction.js'
import { formatInteger } from '../../format/index.js'
import { useRunsStore } from '../../stores/runs.js'
import { SEEDS } from './columnHeads.js'
import { isGroup, type Entry } from './entries.js'
import { drawnColumn, writtenColumns } from './drawnColumns.js'
import { entryName } from './entryWords.js'
import { COLUMNS, nextSort, SORTING } from './libraryAddress.js'
import { useBulk } from './useBulk.js'
import { useCells } from './useCells.js'
import { useChosenLooks } from './useChosenLooks.js'
import { useDrawn } from './useDrawn.js'
import { useEdits } from './useEdits.js'
import { useExchange } from './useExchange.js'
import { useLibraryState } from './useLibraryState.js'
import { useLibraryTable } from './useLibraryTable.js'
import { useLibraryTree } from './useLibraryTree.js'
import { useShownColumns } from './useShownColumns.js'
import { useTableSelection } from './useTableSelection.js'

/** Columns that the name of a row and the actions need, shown or not. */
const ALWAYS = ['name', 'seed', 'star', 'note', 'executor', 'dataset'] as const

/** What the tools and the head of the page show. */
function useWords(
  state: ReturnType<typeof useLibraryState>,
  table: ReturnType<typeof useLibraryTable>,
  columns: ReturnType<typeof useShownColumns>,
) {
  const route = useRoute()
  const router = useRouter()
  const hits = computed(() => {
    const answer = table.answer.value.value
    if (answer === null || table.wrong.value !== null) return ''
    const { matching, total, lines } = answer
    const runs = matching === total ? formatInteger(total) : `${formatInteger(matching)} of ${formatInteger(total)}`
    const groups = state.groupBy.value.length === 0 ? '' : ` in ${formatInteger(lines.length)} groups`
    return `${runs} runs${groups}, ${formatInteger(Math.max(1, table.tookMs.value))} ms`
  })
  /** The address with the columns and the order, which otherwise are those of the reader. */
  const link = computed(() => {
    const query = {
      ...route.query,
      columns: COLUMNS.write(columns.chosen.value),
      sort: SORTING.write(state.sorting.value),
    }
    return new URL(router.resolve({ path: route.path, query }).href, window.location.href).href
  })
  return { hits, link }
}

/** Everything that the page of the library shows and does. */
export function useLibraryPage() {
  const runs = useRunsStore()
  const router = useRouter()
  const saving = useAction()
  const state = useLibraryState((columns) => (shown.chosen.value = columns))
  const table = useLibraryTable(
    () => state.request.value,
    (ids) => {
      cells.forget(ids)
      drawn.forget(ids)
    },
  )
  const lines = computed(() => table.answer.value.value?.lines ?? null)
  const rows = useTableSelection(() => lines.value)
  const allIds = computed<readonly RunId[]>(() => (lines.value ?? []).flatMap(({ ids }) => ids))
  const shown = useShownColumns(() => allIds.value)
  const grouped = computed(() => state.groupBy.value.length > 0)
  const visible = computed(() =>
    grouped.value
      ? [SEEDS, ...shown.visible.value.filter((column) => column !== 'seed')]
      : shown.visible.value.filter((column) => drawnColumn(column)?.kind !== 'strip'),
  )
  const cells = useCells(() => [...new Set([...ALWAYS, ...writtenColumns(shown.visible.value)])])
  const drawn = useDrawn()
  const cellOf = (entry: Entry, column: string) => cells.of.value.get(entry.key)?.cells[column]
  const nameOf = (entry: Entry): string => entryName(entry, cells.of.value.get(entry.key)?.cells, runs.records)
  const tree = useLibraryTree()
  const edits = useEdits()
  const exchange = useExchange(
    saving,
    () => rows.lines.value,
    () => lines.value ?? [],
    () => writtenColumns(shown.visible.value),
  )
  const bulk = useBulk({
    edits,
    ids: rows.ids,
    lines: () => rows.lines.value.map((line) => line.ids),
    allStarred: () => rows.lines.value.every((line) => cellOf(line, 'star')?.value === true),
    commonNote: () => {
      const notes = new Set(rows.lines.value.map((line) => cellOf(line, 'note')?.value ?? ''))
      const [note] = notes
      return notes.size === 1 && typeof note === 'string' ? note : ''
    },
    known: {
      tags: () => tree.counts.value?.tags.map(({ tag }) => tag) ?? [],
      folders: () => tree.counts.value?.folders.map(({ path }) => path) ?? [],
    },
    clear: rows.selection.clear,
    exportTable: () => exchange.save('runsCsv'),
  })
  const sort = (column: string, add: boolean): void => {
    const descendingFirst = ['number', 'date'].includes(cells.types.value.get(column) ?? 'text')
    state.sorting.value = nextSort(state.sorting.value, column, { add, descendingFirst })
  }
  return {
    runs,
    state,
    table,
    rows,
    shown,
    grouped,
    visible,
    cells,
    drawn,
    tree,
    edits,
    saving,
    bulk,
    sort,
    names: computed(() => new Map(rows.lines.value.map((line) => [line.key, nameOf(line)]))),
    looks: useChosenLooks(() => rows.lines.value, nameOf),
    picking: ref(false),
    history: ref(false),
    ...useWords(state, table, shown),
    exchange,
    openRun: (entry: Entry): void => {
      if (isGroup(entry)) rows.toggle(entry.key)
      else void router.push(`/runs/${entry.ids[0] ?? ''}`)
    },
    rename: (entry: Entry, name: string): void => void edits.edit({ kind: 'rename', ids: [...entry.ids], name }),
    savedView: () => ({
      query: state.query.value,
      columns: [...shown.chosen.value],
      sort: SORTING.write(state.sorting.value),
      groupBy: COLUMNS.write(state.groupBy.value),
    }),
  }
}
