import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { SavedView } from '../../../contract/library/edits.js'
import { SPECIFICATION, type TableRequest } from '../../../contract/library/table.js'
import { TEXT, useAddress, wordOf } from '../../composables/useAddress.js'
import { recall, remember } from '../../stores/browserStore.js'
import { COLUMNS, columnsOfText, queryOfFilter, SORTING, type SortKey } from './libraryAddress.js'

/** What the page shows, as its address carries it. */
export interface LibraryState {
  query: Ref<string>
  sorting: Ref<readonly SortKey[]>
  groupBy: Ref<readonly string[]>
  from: Ref<'library' | 'trash'>
  /** The saved view that was chosen last. */
  view: Ref<string>
  readonly request: ComputedRef<TableRequest>
  /** Shows the runs of a query instead of a view or the trash. */
  showQuery(query: string): void
  showTrash(): void
  /** Newest first, grouped as at the beginning. */
  resetOrder(): void
  showView(name: string, view: SavedView): void
}

/** @param setColumns - takes the columns of a view */
export function useLibraryState(setColumns: (columns: readonly string[]) => void): LibraryState {
  const kept = recall<unknown>('library.sort')
  const initial = SORTING.read(typeof kept === 'string' ? kept : '') ?? []
  const query = useAddress('query', () => '', TEXT)
  const filter = useAddress('filter', () => '', TEXT)
  const sorting = useAddress<readonly SortKey[]>('sort', () => initial, SORTING)
  const groupBy = useAddress<readonly string[]>('group', () => [SPECIFICATION], COLUMNS)
  const from = useAddress<'library' | 'trash'>('from', () => 'library', wordOf(['library', 'trash']))
  const view = useAddress('view', () => '', TEXT)
  watch(sorting, (keys) => remember('library.sort', SORTING.write(keys)))
  // Addresses of the earlier page.
  watch(
    filter,
    (words) => {
      if (words === '') return
      query.value = [query.value, queryOfFilter(words)].filter((part) => part !== '').join(' ')
      filter.value = ''
    },
    { immediate: true },
  )
  const request = computed<TableRequest>(() => ({
    query: query.value,
    sort: sorting.value.map((key) => ({ ...key })),
    groupBy: [...groupBy.value],
    from: from.value,
  }))
  return {
    query,
    sorting,
    groupBy,
    from,
    view,
    request,
    showQuery: (next) => {
      query.value = next
      from.value = 'library'
      view.value = ''
    },
    showTrash: () => {
      query.value = ''
      from.value = 'trash'
      view.value = ''
    },
    resetOrder: () => {
      sorting.value = []
      groupBy.value = [SPECIFICATION]
    },
    showView: (name, saved) => {
      query.value = saved.query
      sorting.value = SORTING.read(saved.sort) ?? []
      groupBy.value = columnsOfText(saved.groupBy)
      from.value = 'library'
      view.value = name
      if (saved.columns.length > 0) setColumns(saved.columns)
    },
  }
}
