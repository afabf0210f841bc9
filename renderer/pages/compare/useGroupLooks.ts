import { computed, type ComputedRef } from 'vue'
import type { Comparison } from '../../../contract/compare/comparison.js'
import type { Look, RunId } from '../../../contract/index.js'
import { useLooks } from '../../looks/useLooks.js'
import { useRunsStore } from '../../stores/runs.js'

/** Colours of the groups by their first run: those that runs and groups of seeds have on every page. */
export function useGroupLooks(comparison: () => Comparison | null): ComputedRef<ReadonlyMap<RunId, Look>> {
  const looks = useLooks()
  const runs = useRunsStore()
  return computed(() =>
    looks.ofIdentities(
      (comparison()?.groups ?? []).map(({ name, runs: members }) => {
        const [first] = members
        const group = runs.records.get(first?.id ?? '')?.group?.id
        const isOneGroup =
          members.length > 1 &&
          group !== undefined &&
          members.every(({ id }) => runs.records.get(id)?.group?.id === group)
        const key = first?.id ?? ''
        return { key, identity: isOneGroup ? `group:${group}` : key, label: name }
      }),
    ),
  )
}
