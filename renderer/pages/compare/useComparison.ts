import { computed, onScopeDispose, watch, type ComputedRef } from 'vue'
import type { Comparison } from '../../../contract/compare/comparison.js'
import { MOST_COMPARED } from '../../../contract/compare/request.js'
import type { RunId } from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useRunsStore } from '../../stores/runs.js'
import type { CompareState } from './useCompareState.js'

/** Runs that compute change their values all the time; the comparison follows at this interval. */
const FOLLOWS_EVERY_MS = 2000

/** The groups of the page, and their comparison. */
export interface OpenComparison {
  groups: Query<RunId[][]>
  /** Null with too many groups, and without any. */
  comparison: Query<Comparison>
  tooMany: ComputedRef<number>
  /** Whether the address names anything to compare. */
  isEmpty: ComputedRef<boolean>
  reload(): void
}

/** Reads the comparison that the address describes, again when its runs change. */
export function useComparison(state: CompareState): OpenComparison {
  const link = useLink()
  const runs = useRunsStore()
  const isEmpty = computed(() => state.ids.value.groups.length === 0 && state.query.value === '')
  const groups = useQuery(async (signal) => {
    const { groups: chosen, grouped } = state.ids.value
    if (grouped) return chosen.map((group) => [...group])
    const { value: groupBy } = state.grouping
    return link.call(
      'compare.groups',
      {
        ids: chosen.length === 0 ? null : chosen.flat(),
        query: state.query.value,
        groupBy: typeof groupBy === 'string' ? groupBy : [...groupBy],
      },
      { signal },
    )
  })
  const count = computed(() => groups.value.value?.length ?? 0)
  const comparison = useQuery((signal) => {
    const own = groups.value.value ?? []
    const baseline = own.findIndex((ids) => ids.includes(state.baseline.value))
    return link.call(
      'compare.runs',
      { groups: own, measures: [...state.measures.value], baseline: Math.max(0, baseline) },
      { signal },
    )
  })
  const compare = (): void => {
    if (count.value === 0 || count.value > MOST_COMPARED) comparison.clear()
    else void comparison.run()
  }
  const read = async (): Promise<void> => {
    if (isEmpty.value) {
      groups.clear()
      comparison.clear()
    } else if ((await groups.run()) !== null) compare()
  }
  const keyOf = (): string =>
    JSON.stringify([state.ids.value, state.query.value, state.grouping.value, runs.loaded ? '' : 'waiting'])
  watch(keyOf, () => void read(), { immediate: true })
  watch(() => [state.baseline.value, state.measures.value.join()].join('\n'), compare)

  let timer = 0
  const follow = (ids: readonly RunId[]): void => {
    const own = new Set(groups.value.value?.flat() ?? [])
    if (timer !== 0 || !ids.some((id) => own.has(id))) return
    timer = window.setTimeout(() => {
      timer = 0
      compare()
    }, FOLLOWS_EVERY_MS)
  }
  const stops = [
    link.listen('run.changed', ({ record }) => follow([record.id]), compare),
    link.listen('run.removed', ({ id }) => follow([id])),
    link.listen('library.changed', ({ ids }) => follow(ids)),
    link.listen('robustness.changed', ({ record }) => {
      if (record.state === 'finished') follow(groups.value.value?.flat() ?? [])
    }),
  ]
  onScopeDispose(() => {
    window.clearTimeout(timer)
    for (const stop of stops) stop()
  })
  return {
    groups,
    comparison,
    isEmpty,
    tooMany: computed(() => (count.value > MOST_COMPARED ? count.value : 0)),
    reload: () => void read(),
  }
}
