import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { LabError, ReplayId, ReplayRecord, ReplayReport, ReplayScale } from '../../../contract/index.js'
import { useQuery } from '../../composables/useQuery.js'
import { useLink } from '../../composables/useLink.js'
import { useDatasetsStore } from '../../stores/datasets.js'

/** All archived replays (live), the report of the selected one, and the estimated cost of each scale. */
export interface ReplaysView {
  records: Readonly<ShallowRef<readonly ReplayRecord[] | null>>
  shown: ComputedRef<ReplayRecord | null>
  report: ComputedRef<ReplayReport | null>
  scales: ComputedRef<readonly ReplayScale[]>
  error: ComputedRef<LabError | null>
  take(record: ReplayRecord): void
  refresh(): void
}

/** @param chosen - the replay to show; null selects the running one, else the last changed */
export function useReplays(chosen: Ref<ReplayId | null>): ReplaysView {
  const link = useLink()
  const datasets = useDatasetsStore()
  const records = shallowRef<readonly ReplayRecord[] | null>(null)
  const list = useQuery((signal) => link.call('replay.list', null, { signal }))
  const scales = useQuery((signal) => link.call('replay.scales', null, { signal }))
  const newest = computed(() => records.value?.toSorted((a, b) => b.changedAt.localeCompare(a.changedAt)) ?? [])
  const shown = computed(
    () =>
      newest.value.find(({ id }) => id === chosen.value) ??
      newest.value.find(({ state }) => state === 'running') ??
      newest.value[0] ??
      null,
  )
  const read = useQuery((signal) => link.call('replay.get', { id: shown.value?.id ?? '' }, { signal }))
  const refresh = (): void => {
    void scales.run()
    void list.run().then((found) => {
      if (found !== null) records.value = found
    })
  }
  const take = (record: ReplayRecord): void => {
    const known = records.value ?? []
    const place = known.findIndex(({ id }) => id === record.id)
    records.value = place < 0 ? [record, ...known] : known.with(place, record)
  }
  onScopeDispose(link.listen('replay.changed', ({ record }) => take(record), refresh))
  // The report is written by the last step, so it is read again when the state changes, not at every step.
  watch(
    () => `${shown.value?.id ?? ''} ${shown.value?.state ?? ''}`,
    (now, before) => {
      if (now.split(' ')[0] !== before?.split(' ')[0]) read.clear()
      if (shown.value !== null) void read.run()
    },
    { immediate: true },
  )
  // Which scales can start depends on the installed datasets.
  watch(
    () => [...datasets.statuses.values()].map(({ kind, state }) => `${kind} ${state}`).join(),
    () => void scales.run(),
  )
  refresh()
  return {
    records,
    shown,
    take,
    refresh,
    report: computed(() => read.value.value?.report ?? null),
    scales: computed(() => scales.value.value ?? []),
    error: computed(() => list.error.value ?? read.error.value ?? scales.error.value),
  }
}
