import { useThrottleFn } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { LabError, PartialPass, RobustnessResult, SweepId, SweepRecord } from '../../../contract/index.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useLink } from '../../composables/useLink.js'

/** Every archived sweep, newest first, as they change. */
export function useSweeps(): {
  records: Readonly<ShallowRef<readonly SweepRecord[] | null>>
  error: Readonly<ShallowRef<LabError | null>>
  refresh(): void
} {
  const link = useLink()
  const records = shallowRef<readonly SweepRecord[] | null>(null)
  const list = useQuery((signal) => link.call('robustness.list', null, { signal }))
  const refresh = (): void =>
    void list.run().then((found) => {
      if (found !== null) records.value = found
    })
  const stops = [
    link.listen(
      'robustness.changed',
      ({ record }) => {
        const known = records.value ?? []
        const place = known.findIndex(({ id }) => id === record.id)
        records.value = place < 0 ? [record, ...known] : known.with(place, record)
      },
      refresh,
    ),
    link.listen(
      'robustness.removed',
      ({ id }) => (records.value = (records.value ?? []).filter((record) => record.id !== id)),
      refresh,
    ),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  refresh()
  return { records, error: list.error, refresh }
}

/** Number of parts per pass in a record's progress. */
const PARTS = 1000

/** The result of a sweep, reloaded whenever a pass is finished. */
export function useSweepResult(record: () => SweepRecord | null): Query<RobustnessResult> {
  const link = useLink()
  const id = (): SweepId => record()?.id ?? ''
  const result = useQuery((signal) => link.call('robustness.get', { id: id() }, { signal }))
  watch(
    id,
    (now) => {
      result.clear()
      if (now !== '') void result.run()
    },
    { immediate: true },
  )
  watch(
    () => `${id()} ${record()?.state === 'finished'} ${Math.floor((record()?.done ?? 0) / PARTS)}`,
    (now, before) => {
      if (now.split(' ')[0] === before.split(' ')[0] && id() !== '') void result.run()
    },
  )
  return result
}

/** How often the lab stores an unfinished pass. */
const STORED_EVERY_MS = 2000

/** The unfinished pass of a sweep, reloaded as it grows. */
export function usePartialPass(record: () => SweepRecord | null): Query<PartialPass | null> {
  const link = useLink()
  const pass = useQuery((signal) => link.call('robustness.partialPass', { id: record()?.id ?? '' }, { signal }))
  const isUnfinished = (): boolean => record() !== null && record()?.state !== 'finished'
  const read = useThrottleFn(() => (isUnfinished() ? void pass.run() : undefined), STORED_EVERY_MS, true)
  watch(
    () => [record()?.id, record()?.state, record()?.done] as const,
    ([id], before) => {
      if (id !== before?.[0] || !isUnfinished()) pass.clear()
      if (isUnfinished()) void read()
    },
    { immediate: true },
  )
  return pass
}
