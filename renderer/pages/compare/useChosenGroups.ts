import { computed, type ComputedRef } from 'vue'
import type { RunId } from '../../../contract/index.js'
import type { CompareState } from './useCompareState.js'

/** Changes of what is compared; the address follows. */
export interface ChosenGroups {
  ids: ComputedRef<readonly RunId[]>
  /** Adds runs; to groups of the address as one more. */
  add(ids: readonly RunId[]): void
  /** Removes the group whose first run this is. */
  remove(key: RunId): void
  keepFirst(count: number): void
}

/** @param groups - as they are compared now */
export function useChosenGroups(state: CompareState, groups: () => readonly (readonly RunId[])[]): ChosenGroups {
  const ids = computed(() => groups().flat())
  const take = (next: readonly (readonly RunId[])[], grouped: boolean): void => {
    state.ids.value = { groups: next, grouped }
    // The runs of a query are named from here on.
    state.query.value = ''
  }
  return {
    ids,
    add: (more) => {
      const fresh = more.filter((id) => !ids.value.includes(id))
      if (fresh.length === 0) return
      if (state.ids.value.grouped) take([...groups(), fresh], true)
      else take([[...ids.value, ...fresh]], false)
    },
    remove: (key) => {
      const rest = groups().filter((group) => !group.includes(key))
      if (state.ids.value.grouped) take(rest, true)
      else take(rest.length === 0 ? [] : [rest.flat()], false)
    },
    keepFirst: (count) => take(groups().slice(0, count), true),
  }
}
