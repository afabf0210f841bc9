import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { asLabError, type ExecutorName, type ExperimentSpec, type LabError, type RunId, type RunRecord } from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'
import { useLabStore } from './lab.js'

/** Specs asked for at the same time: the table fills quickly and the link stays free. */
const SPECS_AT_ONCE = 4

/** Every run of the archive, kept up to date, and the queue. */
export const useRunsStore = defineStore('runs', () => {
  const link = useLink()
  const lab = useLabStore()
  const records = shallowRef<ReadonlyMap<RunId, RunRecord>>(new Map())
  /** Specs never change, so each is asked for once. */
  const specs = shallowRef<ReadonlyMap<RunId, ExperimentSpec>>(new Map())
  const waitingIds = shallowRef<readonly RunId[]>([])
  const held = shallowRef(lab.settings.queueHeld)
  const loaded = shallowRef(false)
  const error = shallowRef<LabError | null>(null)

  const wanted: RunId[] = []
  const asked = new Set<RunId>()
  let asking = 0

  const takeSpec = (id: RunId, spec: ExperimentSpec): void => {
    specs.value = new Map(specs.value).set(id, spec)
  }
  const askSpecs = (): void => {
    while (asking < SPECS_AT_ONCE) {
      const id = wanted.shift()
      if (id === undefined) return
      asking++
      link.call('run.get', { id }).then(({ spec }) => takeSpec(id, spec), () => asked.delete(id)).finally(() => {
        asking--
        askSpecs()
      })
    }
  }
  const wantSpec = (id: RunId): void => {
    if (asked.has(id)) return
    asked.add(id)
    wanted.push(id)
    askSpecs()
  }
  const take = (record: RunRecord): void => {
    records.value = new Map(records.value).set(record.id, record)
  }
  const refresh = async (): Promise<void> => {
    try {
      const [list, queue] = await Promise.all([link.call('run.list', null), link.call('queue.get', null)])
      records.value = new Map(list.map((record) => [record.id, record]))
      waitingIds.value = queue.ids
      held.value = queue.held
      error.value = null
      loaded.value = true
    } catch (thrown) {
      error.value = asLabError(thrown)
    }
  }
  const list = computed(() => [...records.value.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)))

  return {
    records, specs, waitingIds, held, loaded, error, list, refresh, wantSpec,
    running: computed(() => list.value.find(({ state }) => state === 'running') ?? null),
    waiting: computed(() => waitingIds.value.flatMap((id) => records.value.get(id) ?? [])),
    start: (): void => {
      const again = (): void => void refresh()
      link.listen('run.changed', ({ record }) => take(record), again)
      link.listen('run.removed', ({ id }) => {
        const rest = new Map(records.value)
        rest.delete(id)
        records.value = rest
      }, again)
      link.listen('queue.changed', (queue) => {
        waitingIds.value = queue.ids
        held.value = queue.held
      }, again)
      lab.onMended(again)
      again()
    },
    /** @returns the run, or of several seeds the first one; the others come as events */
    submit: async (spec: ExperimentSpec, next: boolean, seeds = 1): Promise<RunRecord> => {
      const record = await link.call('run.submit', seeds > 1 ? { spec, next, seeds } : { spec, next })
      take(record)
      takeSpec(record.id, spec)
      asked.add(record.id)
      return record
    },
    pause: async (id: RunId) => take(await link.call('run.pause', { id })),
    resume: async (id: RunId, executor?: ExecutorName | 'auto') => take(await link.call('run.resume', { id, ...(executor === undefined ? {} : { executor }) })),
    stop: async (id: RunId) => take(await link.call('run.stop', { id })),
    remove: async (id: RunId) => void (await link.call('run.remove', { id })),
    rename: async (id: RunId, name: string) => take(await link.call('run.rename', { id, name })),
    hold: async (next: boolean): Promise<void> => {
      await link.call('queue.hold', { held: next })
      held.value = next
    },
    /** Shown at once, and taken back if the lab refuses. */
    order: async (ids: readonly RunId[]): Promise<void> => {
      const before = waitingIds.value
      waitingIds.value = ids
      try {
        await link.call('queue.order', { ids: [...ids] })
      } catch (thrown) {
        waitingIds.value = before
        throw thrown
      }
    },
  }
})
