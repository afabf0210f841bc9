import { computed, type ComputedRef } from 'vue'
import type { Identity, Look } from '../../../contract/index.js'
import { useLooks } from '../../looks/useLooks.js'
import { useRunsStore } from '../../stores/runs.js'
import type { Entry } from './entries.js'

/** Looks are for what is drawn; more selected lines than these are not. */
const MOST_LOOKS = 12

/** Colours of the selected lines, as every page draws them. */
export function useChosenLooks(
  lines: () => readonly Entry[],
  nameOf: (entry: Entry) => string,
): ComputedRef<ReadonlyMap<string, Look>> {
  const looks = useLooks()
  const runs = useRunsStore()
  const identityOf = ({ ids }: Entry): Identity => {
    const [first = ''] = ids
    const group = runs.records.get(first)?.group?.id
    const isOneGroup =
      ids.length > 1 && group !== undefined && ids.every((id) => runs.records.get(id)?.group?.id === group)
    return isOneGroup ? `group:${group}` : first
  }
  return computed(
    () =>
      new Map(
        lines()
          .slice(0, MOST_LOOKS)
          .map((line) => [line.key, looks.of(identityOf(line), nameOf(line))]),
      ),
  )
}
