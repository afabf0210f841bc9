import { LabError, RESUMABLE_STATES, toWireError, type ArrayName, type ArrayRecord, type ExecutorName, type ExperimentSpec, type RunId, type RunRecord, type RunState } from '../contract/index.js'
import type { RunBeginning } from './archive/archive.js'
import { createTurns } from './inTurn.js'
import { startSitting, type EarlyEnd, type Sitting, type SittingServices } from './runSitting.js'

/** Seeds are whole numbers below this. */
const SEEDS = 2 ** 32

/** The runs that wait, and the one that computes. One at a time: the native library wants the machine for itself. */
export interface Queue {
  readonly ids: RunId[]
  readonly held: boolean
  readonly runningId: RunId | null
  /** The record with what a running sitting knows ahead of the disk. */
  live(record: RunRecord): RunRecord
  latestArray(id: RunId, name: ArrayName): ArrayRecord | null
  /** Makes a run for every seed from the spec's own upwards, waiting in that order. @returns the first */
  submit(spec: ExperimentSpec, next: boolean, seeds: number, layer: RunBeginning['layer']): Promise<RunRecord>
  pause(id: RunId): Promise<RunRecord>
  /** @param executor - computes from here on in place of the specification's; null changes nothing */
  resume(id: RunId, executor: ExecutorName | 'auto' | null): Promise<RunRecord>
  stop(id: RunId): Promise<RunRecord>
  remove(id: RunId): Promise<void>
  renamed(record: RunRecord): RunRecord
  hold(held: boolean): Promise<void>
  /** @throws LabError `run.state` unless `ids` are exactly the waiting runs */
  order(ids: readonly RunId[]): Promise<void>
  /** Lets waiting runs start, once everything else of the lab is open. */
  start(): void
  /** Lets the running run write a checkpoint of this very step and marks it interrupted; within `limitMs`, else its thread is ended. */
  close(limitMs: number): Promise<void>
}

/** How a queue behaves in its host. */
export interface QueueOptions {
  services: SittingServices
  versions: Record<string, string>
  held: boolean
  /** Whether runs left waiting by an earlier session start by themselves: in a window yes, for one command in a terminal no. */
  startOld: boolean
  /** Leaves every record as it is: another workbench may be running. */
  readOnly?: boolean
}

/**
 * Opens the queue of an archive. A run that was running when the program died becomes interrupted; the waiting ones keep their order.
 */
export async function openQueue({ services, versions, held: heldAtStart, startOld, readOnly = false }: QueueOptions): Promise<Queue> {
  const { archive, bus, compute, meter } = services
  const records = await archive.list()
  if (!readOnly) for (const record of records.filter(({ state }) => state === 'running')) await markInterrupted(services, record)
  const queued = records.filter(({ state }) => state === 'queued').map(({ id }) => id)
  const kept = (await archive.readQueue()).filter((id) => queued.includes(id))
  let waiting = [...kept, ...queued.filter((id) => !kept.includes(id)).reverse()]
  const startable = new Set<RunId>(startOld ? waiting : [])
  let held = heldAtStart
  let sitting: Sitting | null = null
  let closed = true
  // Two commands at once would each see the queue half changed by the other.
  const inTurn = createTurns()

  const announce = async (): Promise<void> => {
    await archive.writeQueue(waiting)
    bus.emit('queue.changed', { ids: [...waiting], held })
  }
  const setState = async (id: RunId, state: RunState): Promise<RunRecord> => {
    const record = await archive.update(id, { state })
    bus.emit('run.changed', { record })
    return record
  }
  /** Takes the next run that may start. @returns whether another look is worth while */
  const startNext = async (): Promise<boolean> => {
    const id = waiting.find((candidate) => startable.has(candidate))
    if (closed || held || sitting !== null || id === undefined) return false
    waiting = waiting.filter((other) => other !== id)
    await announce()
    try {
      const { record, spec } = await archive.read(id)
      sitting = startSitting(services, record, spec)
    } catch (error) {
      await archive.update(id, { state: 'failed', error: toWireError(error) }).then((record) => bus.emit('run.changed', { record }), () => undefined)
      return true
    }
    void sitting.ended.then(() => {
      sitting = null
      advance()
    })
    return false
  }
  const advance = (): void => {
    void inTurn(startNext).then((again) => {
      if (again) advance()
    }, () => undefined)
  }
  const running = (id: RunId): Sitting | null => (sitting?.id === id ? sitting : null)
  const endEarly = async (id: RunId, state: EarlyEnd): Promise<RunRecord> => {
    const own = await inTurn(async () => ({ sitting: running(id), record: running(id) === null ? await leaveQueue(id, state) : null }))
    own.sitting?.end(state)
    return own.record ?? own.sitting?.ended ?? (await archive.read(id)).record
  }
  const leaveQueue = async (id: RunId, state: EarlyEnd): Promise<RunRecord> => {
    const { record } = await archive.read(id)
    const allowed: RunState[] = state === 'paused' ? ['queued'] : ['queued', 'paused', 'interrupted', 'failed']
    if (!allowed.includes(record.state)) throw new LabError('run.state', `${id} is ${record.state} and cannot be ${state}`, { run: id, state: record.state })
    waiting = waiting.filter((other) => other !== id)
    await announce()
    return setState(id, state)
  }

  const queue: Queue = {
    get ids() {
      return [...waiting]
    },
    get held() {
      return held
    },
    get runningId() {
      return sitting?.id ?? null
    },
    live: (record) => running(record.id)?.record ?? record,
    latestArray: (id, name) => running(id)?.latestArray(name) ?? null,
    submit: (spec, next, seeds, layer = null) => inTurn(async () => {
      const records: RunRecord[] = []
      for (let index = 0; index < seeds; index++) {
        const group = seeds === 1 ? null : { id: records[0]?.id ?? '', index, count: seeds }
        const record = await archive.create({ ...spec, seed: (spec.seed + index) % SEEDS }, versions, { group, layer })
        startable.add(record.id)
        records.push(record)
        bus.emit('run.changed', { record })
      }
      const ids = records.map(({ id }) => id)
      waiting = next ? [...ids, ...waiting] : [...waiting, ...ids]
      await announce()
      advance()
      return records[0] as RunRecord
    }),
    pause: (id) => endEarly(id, 'paused'),
    stop: (id) => endEarly(id, 'stopped'),
    resume: (id, executor) => inTurn(async () => {
      const { record } = await archive.read(id)
      const { state } = queue.live(record)
      const forgotten = state === 'queued' && !startable.has(id)
      if (!forgotten && !RESUMABLE_STATES.includes(state)) throw new LabError('run.state', `${id} is ${state} and cannot be resumed`, { run: id, state })
      if (executor !== null) await archive.update(id, { executorAsked: executor })
      startable.add(id)
      waiting = [id, ...waiting.filter((other) => other !== id)]
      const resumed = await setState(id, 'queued')
      await announce()
      advance()
      return resumed
    }),
    remove: (id) => inTurn(async () => {
      if (running(id) !== null) throw new LabError('run.state', `${id} is running and cannot be deleted; stop it first`, { run: id, state: 'running' })
      waiting = waiting.filter((other) => other !== id)
      await archive.remove(id)
      bus.emit('run.removed', { id })
      await announce()
    }),
    renamed: (record) => {
      running(record.id)?.rename(record.name, record.tags)
      const now = queue.live(record)
      meter.record(now)
      return now
    },
    hold: (next) => inTurn(async () => {
      held = next
      await announce()
      advance()
    }),
    order: (ids) => inTurn(async () => {
      if (ids.length !== waiting.length || !waiting.every((id) => ids.includes(id))) {
        throw new LabError('run.state', `expected the queued runs ${waiting.join(' ') || '(none)'} in any order, got ${ids.join(' ')}`)
      }
      waiting = [...ids]
      await announce()
    }),
    start: () => {
      closed = false
      advance()
    },
    close: async (limitMs) => {
      closed = true
      const own = await inTurn(async () => sitting)
      if (own === null) return
      own.end('interrupted')
      const timer = setTimeout(() => void compute.terminate(), limitMs)
      await own.ended
      clearTimeout(timer)
    },
  }
  return queue
}

async function markInterrupted({ archive }: SittingServices, record: RunRecord): Promise<void> {
  const text = `the program ended in epoch ${record.epoch} of ${record.epochs}`
  await archive.update(record.id, { state: 'interrupted', secondsLeft: null, error: { code: 'run.interrupted', message: text, details: { run: record.id }, stack: null } })
  await archive.appendNotice(record.id, { wall: Date.now(), level: 'warning', topic: 'interrupted', text, epoch: record.epoch })
}
