import { computed, onScopeDispose, shallowRef, triggerRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import {
  asLabError,
  type LabError,
  type Look,
  type MetricName,
  type RunId,
  type RunRecord,
} from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import { distinctSeeds, groupedRuns, type RunListItem } from '../../groups/runGroups.js'
import { seedCurve } from '../../groups/seedStatistics.js'
import { useLooks } from '../../looks/useLooks.js'
import { addRecords, columnsOf, NO_COLUMN, type MetricColumn } from '../../run/metricColumns.js'
import { useRunsStore } from '../../stores/runs.js'
import type { MetricSeries } from '../../charts/MetricChart.vue'

/** Compared runs, kept up to date while they train. */
export interface Comparison {
  records: ComputedRef<RunRecord[]>
  /** Plotted runs and groups, in the order selected. */
  items: ComputedRef<RunListItem[]>
  error: Readonly<ShallowRef<LabError | null>>
  busy: Readonly<ShallowRef<boolean>>
  /** One curve for each item; a group's is its mean with its interval. */
  series(name: MetricName): MetricSeries[]
  /** Colour and dash of each item, by the id of its record. */
  looks: ComputedRef<ReadonlyMap<RunId, Look>>
  /** The metrics that at least one run has. */
  names: ComputedRef<ReadonlySet<MetricName>>
  reload(): Promise<void>
}

/**
 * @param ids - the runs, followed as they change
 * @param together - whether runs of one experiment are drawn as one
 */
export function useCompare(ids: () => readonly RunId[], together: () => boolean): Comparison {
  const link = useLink()
  const runs = useRunsStore()
  const curves = shallowRef(new Map<RunId, Map<MetricName, MetricColumn>>())
  const error = shallowRef<LabError | null>(null)
  const busy = shallowRef(false)
  let opened = 0
  let frame = 0

  const load = async (wanted: readonly RunId[]): Promise<void> => {
    const mine = ++opened
    busy.value = true
    try {
      const answers = await Promise.all(
        wanted.map(async (id) => [id, columnsOf(await link.call('run.metrics', { id, names: null }))] as const),
      )
      if (mine !== opened) return
      const kept = [...curves.value].filter(([id]) => ids().includes(id))
      curves.value = new Map([...kept, ...answers])
      error.value = null
    } catch (thrown) {
      if (mine === opened) error.value = asLabError(thrown)
    } finally {
      if (mine === opened) busy.value = false
    }
  }
  const stop = link.listen(
    'run.metrics',
    ({ id, records }) => {
      const own = curves.value.get(id)
      if (own === undefined) return
      addRecords(own, records)
      if (frame === 0)
        frame = requestAnimationFrame(() => {
          frame = 0
          triggerRef(curves)
        })
    },
    () => void load(ids()),
  )
  onScopeDispose(() => {
    stop()
    cancelAnimationFrame(frame)
  })
  watch(
    () => ids().join(),
    () => {
      for (const id of ids()) runs.wantSpec(id)
      void load(ids().filter((id) => !curves.value.has(id)))
    },
    { immediate: true },
  )

  const records = computed(() => ids().flatMap((id) => runs.records.get(id) ?? []))
  const items = computed<RunListItem[]>(() =>
    together() ? groupedRuns(records.value) : records.value.map((record) => ({ type: 'run', record })),
  )
  const looksOfPage = useLooks()
  const looks = computed(() => looksOfPage.ofItems(items.value))
  const column = (id: RunId, name: MetricName): MetricColumn => curves.value.get(id)?.get(name) ?? NO_COLUMN
  return {
    records,
    items,
    error,
    busy,
    looks,
    names: computed(() => new Set([...curves.value.values()].flatMap((columns) => [...columns.keys()]))),
    reload: () => load(ids()),
    series: (name) =>
      items.value.flatMap((item): MetricSeries[] => {
        if (item.type === 'run') {
          const { epoch, value } = column(item.record.id, name)
          return epoch.length === 0
            ? []
            : [{ name: labelOf(item, items.value), slot: looks.value.get(item.record.id) ?? 0, x: epoch, y: value }]
        }
        // A seed that was run twice is one sample, as in the table; the first run that has the curve counts.
        const recorded = item.group.members.filter(({ id }) => column(id, name).epoch.length > 0)
        const curve = seedCurve(distinctSeeds(recorded).map(({ id }) => column(id, name)))
        return curve.epoch.length === 0
          ? []
          : [
              {
                name: labelOf(item, items.value),
                slot: looks.value.get(item.record.id) ?? 0,
                x: curve.epoch,
                y: curve.mean,
                band: { low: curve.low, high: curve.high },
              },
            ]
      }),
  }
}

/** The name of a curve; runs with the same name are distinguished by seed, or else by id. */
export function labelOf(item: RunListItem, items: readonly RunListItem[]): string {
  const { record } = item
  const namesakes = items.filter((other) => other.record.name === record.name)
  if (namesakes.length < 2) return record.name
  if (item.type === 'group') return `${record.name}, ${item.group.members.length} seeds`
  const seeds = new Set(namesakes.map((other) => other.record.seed))
  return seeds.size === namesakes.length ? `${record.name}, seed ${record.seed}` : `${record.name}, ${record.id}`
}
