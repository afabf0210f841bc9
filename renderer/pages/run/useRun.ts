import { computed, onScopeDispose, shallowRef, triggerRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import {
  asLabError,
  type ArrayName,
  type ArrayRecord,
  type ExperimentKind,
  type ExperimentSpec,
  type LabError,
  type MetricName,
  type RunId,
  type RunNotice,
  type RunRecord,
} from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import { useRunsStore } from '../../stores/runs.js'
import { addRecords, columnsOf, NO_COLUMN, type MetricColumn } from '../../run/metricColumns.js'

/** A spectrum of one epoch. */
export interface EpochSpectrum {
  epoch: number
  values: Float64Array
}

/** Everything that the page of a run shows, kept up to date while it learns. */
export interface OpenRun {
  record: ComputedRef<RunRecord | null>
  spec: Readonly<ShallowRef<ExperimentSpec | null>>
  error: Readonly<ShallowRef<LabError | null>>
  metrics: Readonly<ShallowRef<ReadonlyMap<MetricName, MetricColumn>>>
  /** The newest array of each name. */
  arrays: Readonly<ShallowRef<ReadonlyMap<ArrayName, ArrayRecord>>>
  /** Oldest first, at most seven: enough to see the law settle. */
  spectra: Readonly<ShallowRef<readonly EpochSpectrum[]>>
  notices: Readonly<ShallowRef<readonly RunNotice[]>>
  column(name: MetricName): MetricColumn
  last(name: MetricName): number | null
  reload(): Promise<void>
}

/** Arrays of each kind of run of which the page shows the newest. */
const ARRAYS_OF = {
  localLearning: ['norms', 'wins', 'weights'],
  classifier: ['weights', 'confusion', 'mistakes'],
} as const satisfies Record<ExperimentKind, readonly ArrayName[]>

const keyOf = ({ wall, topic, text }: RunNotice): string => `${wall} ${topic} ${text}`
const MOST_SPECTRA = 7

/** Epochs spread over a history: the first, the last, and some between, denser at the start where most happens. */
export function chosenEpochs(epochs: readonly number[], most: number): number[] {
  if (epochs.length <= most) return [...epochs]
  const places = new Set(
    Array.from({ length: most }, (_, index) => Math.round((epochs.length - 1) * (index / (most - 1)) ** 1.6)),
  )
  return [...places].sort((a, b) => a - b).flatMap((place) => epochs[place] ?? [])
}

/**
 * Opens a run for a page: asks for what is stored and listens to what comes.
 *
 * @param id - the run, followed as it changes
 */
export function useRun(id: () => RunId): OpenRun {
  const link = useLink()
  const runs = useRunsStore()
  const spec = shallowRef<ExperimentSpec | null>(null)
  const error = shallowRef<LabError | null>(null)
  const metrics = shallowRef(new Map<MetricName, MetricColumn>())
  const arrays = shallowRef(new Map<ArrayName, ArrayRecord>())
  const spectra = shallowRef<EpochSpectrum[]>([])
  const notices = shallowRef<RunNotice[]>([])
  let opened = 0
  let frame = 0

  // Many measures of an epoch come one by one; the page redraws once per frame.
  const announce = (): void => {
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      triggerRef(metrics)
    })
  }
  const takeArray = (array: ArrayRecord): void => {
    arrays.value = new Map(arrays.value).set(array.name, array)
    if (array.name !== 'spectrum' || !(array.data instanceof Float64Array)) return
    const rest = spectra.value.filter(({ epoch }) => epoch < array.epoch)
    const all = [...rest, { epoch: array.epoch, values: array.data }]
    const kept = new Set(
      chosenEpochs(
        all.map(({ epoch }) => epoch),
        MOST_SPECTRA,
      ),
    )
    spectra.value = all.filter(({ epoch }) => kept.has(epoch))
  }

  const loadSpectra = async (mine: number): Promise<void> => {
    const epochs = chosenEpochs(await link.call('run.arrayEpochs', { id: id(), name: 'spectrum' }), MOST_SPECTRA)
    const stored = await Promise.all(
      epochs.map((epoch) => link.call('run.array', { id: id(), name: 'spectrum', epoch })),
    )
    if (mine === opened)
      spectra.value = stored.flatMap(({ epoch, data }) =>
        data instanceof Float64Array ? [{ epoch, values: data }] : [],
      )
  }
  const loadArray = async (mine: number, name: ArrayName): Promise<void> => {
    const array = await link.call('run.array', { id: id(), name, epoch: null }).catch(() => null)
    if (array !== null && mine === opened && (arrays.value.get(name)?.epoch ?? -1) <= array.epoch)
      arrays.value = new Map(arrays.value).set(name, array)
  }
  const reload = async (): Promise<void> => {
    const mine = ++opened
    try {
      const answer = await link.call('run.get', { id: id() })
      if (mine !== opened) return
      spec.value = answer.spec
      error.value = null
      const [columns, log] = await Promise.all([
        link.call('run.metrics', { id: id(), names: null }),
        link.call('run.notices', { id: id() }),
      ])
      if (mine !== opened) return
      metrics.value = columnsOf(columns)
      // Events that arrived meanwhile may be missing from the stored log.
      const logged = new Set(log.map(keyOf))
      notices.value = [...log, ...notices.value.filter((notice) => !logged.has(keyOf(notice)))]
      await Promise.all([loadSpectra(mine), ...ARRAYS_OF[answer.spec.kind].map((name) => loadArray(mine, name))])
    } catch (thrown) {
      if (mine === opened) error.value = asLabError(thrown)
    }
  }

  const again = (): void => void reload()
  /** Follows this run alone: the arrays of the others are never sent to this page. */
  const followRun = (of: RunId): (() => void)[] => [
    link.listen(
      'run.metrics',
      ({ records }) => {
        addRecords(metrics.value, records)
        announce()
      },
      again,
      of,
    ),
    link.listen('run.array', ({ array }) => takeArray(array), again, of),
    link.listen(
      'run.notice',
      ({ notice }) => {
        notices.value = [...notices.value, notice]
      },
      again,
      of,
    ),
  ]
  let stops: (() => void)[] = []
  const unfollow = (): void => {
    for (const stop of stops) stop()
  }
  onScopeDispose(() => {
    cancelAnimationFrame(frame)
    unfollow()
  })
  watch(
    id,
    (now) => {
      unfollow()
      stops = followRun(now)
      metrics.value = new Map()
      arrays.value = new Map()
      spectra.value = []
      notices.value = []
      spec.value = null
      void reload()
    },
    { immediate: true },
  )

  return {
    record: computed(() => runs.records.get(id()) ?? null),
    spec,
    error,
    metrics,
    arrays,
    spectra,
    notices,
    reload,
    column: (name) => metrics.value.get(name) ?? NO_COLUMN,
    last: (name) => metrics.value.get(name)?.value.at(-1) ?? null,
  }
}
