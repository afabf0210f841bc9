import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef } from 'vue'
import {
  asLabError,
  newestRunFirst,
  type ExecutorName,
  type ExperimentSpec,
  type LabError,
  type RunColumns,
  type RunId,
  type RunPlace,
  type RunRecord,
} from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'
import { useLabStore } from './lab.js'

/** Specifications of one question. */
const SPECS_AT_ONCE = 200
/** Runs of one page of the list. */
const RUNS_AT_ONCE = 1000
/** Interval at which changes of many runs are shown together. */
const CHANGES_EVERY_MS = 100

const placeOf = ({ id, createdAt, group }: RunRecord): RunPlace => ({
  id,
  createdAt,
  group: group === null ? null : { index: group.index },
})

/** Records by id; null for a run that was removed while the list was read. */
type RecordList = Map<RunId, RunRecord | null>

/** Ids of runs, newest first. */
const ordered = (records: ReadonlyMap<RunId, RunRecord>): RunId[] =>
  [...records.values()].sort(newestRunFirst).map(({ id }) => id)

/** Every run of the archive, kept up to date, and the queue. */
export const useRunsStore = defineStore('runs', () => {
  const link = useLink()
  const lab = useLabStore()
  const recordMap = new Map<RunId, RunRecord>()
  const records = shallowRef<ReadonlyMap<RunId, RunRecord>>(recordMap)
  /** Newest first; only runs that come or go change it. */
  const order = shallowRef<readonly RunId[]>([])
  const columns = shallowRef<ReadonlyMap<RunId, RunColumns>>(new Map())
  /** Specs never change, so each is requested once. */
  const specs = shallowRef<ReadonlyMap<RunId, ExperimentSpec>>(new Map())
  /** Runs whose specification cannot be read, for example because their folder was deleted. */
  const gone = shallowRef<ReadonlySet<RunId>>(new Set())
  const waitingIds = shallowRef<readonly RunId[]>([])
  const held = shallowRef(lab.settings.queueHeld)
  const loaded = shallowRef(false)
  const error = shallowRef<LabError | null>(null)

  const wanted = new Set<RunId>()
  const asked = new Set<RunId>()
  let asking = false
  let changed = new Map<RunId, RunRecord>()
  let timer = 0
  let toldMs = -Infinity
  /** The list that is being read, with what events have said meanwhile. */
  let reading: RecordList | null = null

  const takeSpec = (id: RunId, spec: ExperimentSpec): void => {
    specs.value = new Map(specs.value).set(id, spec)
  }
  const askSpecs = async (): Promise<void> => {
    asking = true
    await Promise.resolve()
    while (wanted.size > 0) {
      const ids = [...wanted].slice(0, SPECS_AT_ONCE)
      for (const id of ids) wanted.delete(id)
      const answer = await link.call('run.specs', { ids }).catch(() => null)
      if (answer === null) for (const id of ids) asked.delete(id)
      else {
        specs.value = new Map([...specs.value, ...Object.entries(answer)])
        gone.value = new Set([
          ...[...gone.value].filter((id) => !ids.includes(id)),
          ...ids.filter((id) => !(id in answer)),
        ])
      }
    }
    asking = false
  }
  /** @param again - reads it again, to find out whether the folder of the run is still there */
  const wantSpec = (id: RunId, again = false): void => {
    if (asked.has(id) && !again) return
    asked.add(id)
    wanted.add(id)
    if (!asking) void askSpecs()
  }
  /** Dataset and units of one run, requested once. */
  const wantColumns = async (id: RunId): Promise<void> => {
    if (columns.value.has(id)) return
    const answer = await link.call('run.columns', { ids: [id] }).catch(() => null)
    if (answer !== null) columns.value = new Map([...columns.value, ...Object.entries(answer)])
  }
  const put = (next: readonly RunRecord[]): void => {
    const fresh = next.filter(({ id }) => !records.value.has(id))
    for (const record of next) recordMap.set(record.id, record)
    if (fresh.length > 0) order.value = ordered(recordMap)
    triggerRef(records)
  }
  const take = (record: RunRecord): void => {
    reading?.set(record.id, record)
    changed.delete(record.id)
    put([record])
  }
  const report = (): void => {
    timer = 0
    toldMs = performance.now()
    const next = changed
    changed = new Map()
    put([...next.values()])
  }
  /** A single change shows at once; of a stream the newest of each run, a few times a second. */
  const takeSoon = (record: RunRecord): void => {
    reading?.set(record.id, record)
    changed.set(record.id, record)
    if (timer !== 0) return
    const wait = toldMs + CHANGES_EVERY_MS - performance.now()
    if (wait <= 0) report()
    else timer = window.setTimeout(report, wait)
  }
  /** Reads the list page by page, so that other requests are answered in between; shows the first page at once. */
  const readAll = async (): Promise<void> => {
    const list: RecordList = new Map()
    reading = list
    for (let after: RunRecord | null = null, more = true; more && reading === list;) {
      const page: RunRecord[] = await link.call('run.list', {
        after: after === null ? null : placeOf(after),
        count: RUNS_AT_ONCE,
      })
      for (const record of page) if (!list.has(record.id)) list.set(record.id, record)
      after = page.at(-1) ?? null
      more = page.length === RUNS_AT_ONCE
      if (!loaded.value && more && recordMap.size === 0) put(page)
    }
    // A later refresh has begun.
    if (reading !== list) return
    reading = null
    recordMap.clear()
    changed.clear()
    for (const [id, record] of list) if (record !== null) recordMap.set(id, record)
    order.value = ordered(recordMap)
    triggerRef(records)
  }
  const refresh = async (): Promise<void> => {
    try {
      const [queue] = await Promise.all([link.call('queue.get', null), readAll()])
      waitingIds.value = queue.ids
      held.value = queue.held
      error.value = null
      loaded.value = true
    } catch (thrown) {
      error.value = asLabError(thrown)
    }
  }
  const list = computed(() => order.value.flatMap((id) => records.value.get(id) ?? []))

  return {
    records,
    specs,
    gone,
    columns,
    waitingIds,
    held,
    loaded,
    error,
    list,
    refresh,
    wantSpec,
    wantColumns,
    running: computed(() => list.value.find(({ state }) => state === 'running') ?? null),
    waiting: computed(() => waitingIds.value.flatMap((id) => records.value.get(id) ?? [])),
    start: (): void => {
      const again = (): void => void refresh()
      link.listen('run.changed', ({ record }) => takeSoon(record), again)
      link.listen(
        'run.removed',
        ({ id }) => {
          reading?.set(id, null)
          changed.delete(id)
          recordMap.delete(id)
          order.value = order.value.filter((each) => each !== id)
          triggerRef(records)
        },
        again,
      )
      link.listen(
        'queue.changed',
        (queue) => {
          waitingIds.value = queue.ids
          held.value = queue.held
        },
        again,
      )
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
    resume: async (id: RunId, executor?: ExecutorName | 'auto') =>
      take(await link.call('run.resume', { id, ...(executor === undefined ? {} : { executor }) })),
    stop: async (id: RunId) => take(await link.call('run.stop', { id })),
    /** Deletes a run and its files; what is left of it where the folder is gone. */
    remove: async (id: RunId) => void (await link.call('run.remove', { id })),
    /** Moves a run to the trash, which the library can undo. */
    trash: async (id: RunId) => void (await link.call('library.edit', { kind: 'trash', ids: [id], trashed: true })),
    hold: async (next: boolean): Promise<void> => {
      await link.call('queue.hold', { held: next })
      held.value = next
    },
    /** Shown immediately, and reverted if the lab refuses. */
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
