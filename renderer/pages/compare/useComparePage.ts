import { computed } from 'vue'
import { visibleComparison } from '../../../contract/compare/visibleComparison.js'
import type { RunId } from '../../../contract/index.js'
import { shownGroups } from './shownGroups.js'
import { useChosenGroups } from './useChosenGroups.js'
import { useCompareState } from './useCompareState.js'
import { useComparison } from './useComparison.js'
import { useGroupLooks } from './useGroupLooks.js'
import { useProbes } from './useProbes.js'

/** Everything that the page of a comparison shows and does. */
export function useComparePage() {
  const state = useCompareState()
  const open = useComparison(state)
  const comparison = computed(() => open.comparison.value.value)
  const looks = useGroupLooks(() => comparison.value)
  const groups = computed(() =>
    comparison.value === null ? [] : shownGroups(comparison.value, looks.value, state.hidden.value),
  )
  const visible = computed(() => groups.value.filter(({ hidden }) => !hidden))
  /** What tables show and copy: without hidden groups, whose tests are not in view. */
  const tabled = computed(() =>
    comparison.value === null
      ? null
      : visibleComparison(comparison.value, new Set(visible.value.map(({ place }) => place))),
  )
  const rows = computed(() =>
    tabled.value === null
      ? []
      : shownGroups(tabled.value, looks.value, state.hidden.value).filter(({ hidden }) => !hidden),
  )
  const probes = useProbes(() => comparison.value)
  const chosen = useChosenGroups(state, () => open.groups.value.value ?? [])
  const error = computed(() => open.groups.error.value ?? open.comparison.error.value)
  const busy = computed(() => open.groups.busy.value || open.comparison.busy.value)

  const runCount = computed(() => groups.value.reduce((sum, { runs }) => sum + runs.length, 0))
  const sub = computed(() => {
    if (comparison.value === null) return ''
    const hidden = groups.value.length - visible.value.length
    const count =
      groups.value.length === runCount.value
        ? `${runCount.value} runs`
        : `${groups.value.length} groups, ${runCount.value} runs`
    return `${count}${hidden === 0 ? '' : `, ${hidden} hidden`}; names say what differs`
  })
  const hasSeeds = computed(() => groups.value.some(({ runs }) => runs.length > 1))
  const onlyLayers = computed(
    () =>
      comparison.value !== null &&
      [...comparison.value.settings.equal, ...comparison.value.settings.differing]
        .filter(({ path }) => path === 'kind')
        .every(({ cells }) => cells.every((cell) => cell === null || cell.every((value) => value === 'localLearning'))),
  )
  const baselines = computed(() => groups.value.map(({ key, name }) => ({ value: key, label: name })))
  const baseline = computed<RunId>({
    get: () => groups.value.find(({ isBaseline }) => isBaseline)?.key ?? '',
    set: (key) => (state.baseline.value = key),
  })
  const hide = (key: RunId): void => {
    const { value } = state.hidden
    state.hidden.value = value.includes(key) ? value.filter((id) => id !== key) : [...value, key]
  }
  return {
    state,
    open,
    comparison,
    groups,
    visible,
    tabled,
    rows,
    probes,
    chosen,
    error,
    busy,
    sub,
    hasSeeds,
    onlyLayers,
    baselines,
    baseline,
    hide,
  }
}
