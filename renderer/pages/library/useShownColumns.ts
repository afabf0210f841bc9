import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { RunId } from '../../../contract/index.js'
import { useAddress, wordOf } from '../../composables/useAddress.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery } from '../../composables/useQuery.js'
import { recall, remember } from '../../stores/browserStore.js'
import { DEFAULT_COLUMNS } from './columnHeads.js'
import { writtenColumns } from './drawnColumns.js'
import { COLUMNS } from './libraryAddress.js'

/** The columns of the table, and which of them are hidden because all runs share their value. */
export interface ShownColumns {
  chosen: Ref<readonly string[]>
  onlyDiffering: Ref<'yes' | 'no'>
  readonly visible: ComputedRef<readonly string[]>
  readonly hidden: ComputedRef<number>
  reset(): void
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** @param ids - the runs that match */
export function useShownColumns(ids: () => readonly RunId[]): ShownColumns {
  const link = useLink()
  const kept = recall<unknown>('library.columns')
  const initial = isTextList(kept) ? kept : [...DEFAULT_COLUMNS]
  const chosen = useAddress<readonly string[]>('columns', () => initial, COLUMNS)
  const onlyDiffering = useAddress<'yes' | 'no'>('differing', () => 'no', wordOf(['yes', 'no']))
  watch(chosen, (columns) => remember('library.columns', columns))
  // One line of all runs: its cells say which columns hold more than one value.
  const all = useQuery((signal) =>
    link.call('library.cells', { lines: [[...ids()]], columns: writtenColumns(chosen.value) }, { signal }),
  )
  watch(
    () => [onlyDiffering.value, ids(), chosen.value] as const,
    ([only]) => (only === 'yes' ? void all.run() : all.clear()),
    { immediate: true },
  )
  const same = computed(() => {
    const { columns = [], cells = [] } = all.value.value ?? {}
    return new Set(
      columns.flatMap(({ column }, place) => {
        const cell = cells[0]?.[place]
        const isSame = cell === undefined || (!cell.differs && (cell.count === 0 || cell.count === ids().length))
        return isSame ? [column] : []
      }),
    )
  })
  const isHidden = (column: string): boolean => onlyDiffering.value === 'yes' && same.value.has(column)
  return {
    chosen,
    onlyDiffering,
    visible: computed(() => chosen.value.filter((column) => !isHidden(column))),
    hidden: computed(() => chosen.value.filter(isHidden).length),
    reset: () => (chosen.value = [...DEFAULT_COLUMNS]),
  }
}
