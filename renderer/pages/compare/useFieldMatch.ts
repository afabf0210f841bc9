import { computed, watch, type ComputedRef } from 'vue'
import type { FieldMatch } from '../../../contract/compare/fieldMatch.js'
import type { ArrayRecord } from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useRunsStore } from '../../stores/runs.js'
import { expectedSeconds, layerOf } from './fieldRuns.js'
import type { CompareState } from './useCompareState.js'

/** A match with the weights of both layers. */
export interface ShownMatch {
  match: FieldMatch
  weightsOfA: ArrayRecord
  weightsOfB: ArrayRecord
}

/** Matches that are expected to take longer are begun by the user. */
const AT_ONCE_SECONDS = 1.5

/** Matches the fields of two layers when they are chosen, large ones when the user asks for it. */
export function useFieldMatch(
  a: () => string,
  b: () => string,
  state: CompareState,
): { query: Query<ShownMatch>; seconds: ComputedRef<number | null>; begin(): void } {
  const link = useLink()
  const runs = useRunsStore()
  const query = useQuery(async (signal) => {
    const [first, second] = [layerOf(a()), layerOf(b())]
    const match = await link.call(
      'compare.fields',
      { a: first, b: second, null: state.nullKind.value, seed: 1 },
      { signal },
    )
    const weightsOf = (id: string): Promise<ArrayRecord> =>
      link.call('run.array', { id, name: 'weights', epoch: null }, { signal })
    return { match, weightsOfA: await weightsOf(first.run), weightsOfB: await weightsOf(second.run) }
  })
  const unitsOf = (name: string): number | null => runs.columns.get(layerOf(name).run)?.hiddenUnits ?? null
  const seconds = computed(() => {
    const [ofA, ofB] = [unitsOf(a()), unitsOf(b())]
    return ofA === null || ofB === null ? null : expectedSeconds(ofA, ofB)
  })
  watch(
    () => [a(), b(), state.nullKind.value].join(),
    async () => {
      query.clear()
      if (a() === '' || b() === '') return
      await Promise.all([a(), b()].map((name) => runs.wantColumns(layerOf(name).run)))
      if (seconds.value !== null && seconds.value <= AT_ONCE_SECONDS) void query.run()
    },
    { immediate: true },
  )
  return { query, seconds, begin: () => void query.run() }
}
