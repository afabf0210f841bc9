import { computed, onScopeDispose, shallowRef, triggerRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { asLabError, METRICS, type LabError, type MetricName, type RunId } from '../../../contract/index.js'
import type { MetricSeries } from '../../charts/MetricChart.vue'
import { useLink } from '../../composables/useLink.js'
import { seedCurve } from '../../groups/seedStatistics.js'
import { addRecords, columnOf, columnsOf, NO_COLUMN, type MetricColumn } from '../../run/metricColumns.js'
import type { ShownGroup } from './shownGroups.js'

/** Curves of one measure, kept up to date while runs train. */
export interface CompareCurves {
  /** One curve for each group with its interval, or one for each run. */
  series: ComputedRef<MetricSeries[]>
  /** Groups that have no such curve. */
  missing: ComputedRef<ShownGroup[]>
  error: Readonly<ShallowRef<LabError | null>>
  busy: Readonly<ShallowRef<boolean>>
  reload(): Promise<void>
}

type Columns = Map<string, MetricColumn>

export const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name)

/** A column that values are appended to while a run trains. */
const emptyColumn = (): MetricColumn => ({ epoch: [], value: [] })

/**
 * @param groups - those that are not hidden
 * @param name - the measure; empty for none
 * @param together - whether a group is drawn as its mean
 */
export function useCompareCurves(
  groups: () => readonly ShownGroup[],
  name: () => string,
  together: () => boolean,
): CompareCurves {
  const link = useLink()
  const curves = shallowRef(new Map<RunId, Columns>())
  const error = shallowRef<LabError | null>(null)
  const busy = shallowRef(false)
  let opened = 0
  let frame = 0

  const ids = (): RunId[] => groups().flatMap(({ runs }) => runs.map(({ id }) => id))
  const read = async (id: RunId, measure: string): Promise<MetricColumn> => {
    if (isMetric(measure))
      return columnsOf(await link.call('run.metrics', { id, names: [measure] })).get(measure) ?? emptyColumn()
    const { [measure]: curve } = await link.call('library.curves', { id, names: [measure] })
    return curve === undefined ? emptyColumn() : columnOf(curve)
  }
  const load = async (wanted: readonly RunId[]): Promise<void> => {
    const mine = ++opened
    const measure = name()
    busy.value = true
    try {
      const answers = await Promise.all(wanted.map(async (id) => [id, await read(id, measure)] as const))
      if (mine !== opened) return
      for (const [id, own] of answers) curves.value.set(id, new Map([...(curves.value.get(id) ?? []), [measure, own]]))
      triggerRef(curves)
      error.value = null
    } catch (thrown) {
      if (mine === opened) error.value = asLabError(thrown)
    } finally {
      if (mine === opened) busy.value = false
    }
  }
  const loadMissing = async (): Promise<void> => {
    const measure = name()
    const wanted = measure === '' ? [] : ids().filter((id) => curves.value.get(id)?.has(measure) !== true)
    if (wanted.length > 0) await load(wanted)
  }
  const stop = link.listen(
    'run.metrics',
    ({ id, records }) => {
      const own = curves.value.get(id)
      if (own === undefined) return
      addRecords(
        own,
        records.filter((record) => own.has(record.name)),
      )
      if (frame === 0)
        frame = requestAnimationFrame(() => {
          frame = 0
          triggerRef(curves)
        })
    },
    () => {
      curves.value = new Map()
      void loadMissing()
    },
  )
  onScopeDispose(() => {
    stop()
    cancelAnimationFrame(frame)
  })
  watch(
    () => [name(), ...ids()].join(),
    () => void loadMissing(),
    { immediate: true },
  )

  const column = (id: RunId): MetricColumn => curves.value.get(id)?.get(name()) ?? NO_COLUMN
  const recorded = (group: ShownGroup): ShownGroup['runs'] => group.runs.filter(({ id }) => column(id).epoch.length > 0)
  /** A seed that was run twice is one sample; the first run that has the curve counts. */
  const samples = (group: ShownGroup): ShownGroup['runs'] =>
    recorded(group).filter(
      ({ seed }, place, own) => seed === null || own.findIndex((other) => other.seed === seed) === place,
    )
  const seriesOf = (group: ShownGroup): MetricSeries[] => {
    const own = samples(group)
    if (own.length === 0) return []
    if (!together() || own.length === 1)
      return own.map(({ id, seed }) => {
        const { epoch, value } = column(id)
        const which = seed === null ? id : `seed ${seed}`
        return {
          name: group.runs.length === 1 ? group.name : `${group.name}, ${which}`,
          slot: group.look,
          x: epoch,
          y: value,
        }
      })
    const { epoch, mean, low, high } = seedCurve(own.map(({ id }) => column(id)))
    return [{ name: group.name, slot: group.look, x: epoch, y: mean, band: { low, high } }]
  }
  return {
    series: computed(() => groups().flatMap(seriesOf)),
    missing: computed(() => (busy.value ? [] : groups().filter((group) => recorded(group).length === 0))),
    error,
    busy,
    reload: () => load(ids()),
  }
}
