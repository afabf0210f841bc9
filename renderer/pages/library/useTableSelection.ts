import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { RunId } from '../../../contract/index.js'
import { TEXT, useAddress } from '../../composables/useAddress.js'
import { chosenLines, entriesOf, runsOf, type Entry } from './entries.js'
import type { TableLine } from '../../../contract/library/table.js'
import { useRowSelection, type RowSelection } from './useRowSelection.js'

/** Longer selections do not fit into an address. */
const MOST_IN_ADDRESS = 50

/** Rows of the table, which groups are unfolded, and what is selected. */
export interface TableSelection {
  readonly entries: ComputedRef<readonly Entry[]>
  readonly open: Readonly<ShallowRef<ReadonlySet<string>>>
  toggle(key: string): void
  readonly selection: RowSelection
  /** Selected lines, and all their runs. */
  readonly lines: ComputedRef<readonly Entry[]>
  readonly ids: ComputedRef<readonly RunId[]>
}

/** @param table - lines of the table; null before the first answer */
export function useTableSelection(table: () => readonly TableLine[] | null): TableSelection {
  const open = shallowRef<ReadonlySet<string>>(new Set())
  const entries = computed(() => entriesOf(table() ?? [], open.value))
  const selection = useRowSelection(() => entries.value.map(({ key }) => key))
  const { chosen, current, clear, restore } = selection
  /** The selection in the address: the current row comes first. */
  const inAddress = useAddress('chosen', () => '', TEXT)
  watch(
    [chosen, current],
    () =>
      (inAddress.value = [...new Set([current.value ?? '', ...chosen.value])]
        .filter((key) => key !== '' && (key === current.value || chosen.value.has(key)))
        .slice(0, MOST_IN_ADDRESS)
        .join(',')),
  )
  watch(
    inAddress,
    (text) => {
      const keys = text.split(',').filter((key) => key !== '')
      if (keys.length > 0 ? !chosen.value.has(keys[0] ?? '') && current.value !== keys[0] : chosen.value.size > 0)
        restore(keys)
    },
    { immediate: true },
  )
  // What another query does not show is not selected: an action must not reach what cannot be seen.
  watch(entries, (now) => {
    if (table() === null || chosen.value.size === 0) return
    const keys = new Set(now.map(({ key }) => key))
    const left = [...chosen.value].filter((key) => keys.has(key))
    if (left.length === chosen.value.size) return
    if (left.length === 0) clear()
    else restore(current.value !== null && keys.has(current.value) ? [current.value, ...left] : left)
  })
  return {
    entries,
    open,
    selection,
    toggle: (key) => {
      const next = new Set(open.value)
      if (!next.delete(key)) next.add(key)
      open.value = next
    },
    lines: computed(() => chosenLines(entries.value, chosen.value)),
    ids: computed(() => runsOf(entries.value, chosen.value)),
  }
}
