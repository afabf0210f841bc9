import {
  LabError,
  type ArrayName,
  type ArrayRecord,
  type ExecutorName,
  type ExperimentSpec,
  type RunId,
  type RunRecord,
} from '../../../contract/index.js'
import type { RunBeginning } from '../../archive/archive.js'
import { openScheduler, type Scheduler } from '../scheduler.js'
import { runKind } from './runKind.js'
import type { RunServices } from './runSession.js'

/** Seeds are whole numbers below this. */
const SEEDS = 2 ** 32

/** The runs that wait, and those that compute. */
export interface Queue extends Pick<
  Scheduler<RunRecord>,
  'ids' | 'held' | 'pause' | 'stop' | 'remove' | 'hold' | 'begin' | 'look'
> {
  /** Runs that compute, in the order in which they started. */
  readonly runningIds: readonly RunId[]
  /** The record with what memory knows ahead of the disk. */
  live(record: RunRecord): RunRecord
  latestArray(id: RunId, name: ArrayName): ArrayRecord | null
  /** Makes a run for every seed from the spec's own upwards, waiting in that order; all of them or none. @returns the first */
  submit(spec: ExperimentSpec, next: boolean, seeds: number, layer: RunBeginning['layer']): Promise<RunRecord>
  /** @param executor - computes from here on in place of the specification's; null changes nothing */
  resume(id: RunId, executor: ExecutorName | 'auto' | null): Promise<RunRecord>
  /** @throws LabError `run.state` unless `ids` are exactly the waiting runs */
  order(ids: readonly RunId[]): Promise<void>
  /** Lets the running runs write a checkpoint of this very step and marks them as interrupted; within `limitMs`, else their thread is terminated. */
  close(limitMs: number): Promise<void>
}

/** How a queue behaves in its host. */
export interface QueueOptions {
  services: RunServices
  versions: Record<string, string>
  held: boolean
  /** Number of runs that compute at once. */
  slots: () => number
  /** Whether runs left waiting by an earlier session start by themselves: in a window yes, for one command in a terminal no. */
  startOld: boolean
  /** Leaves every record as it is: another workbench may be running. */
  readOnly?: boolean
}

/** Opens the queue of an archive. A run that was running when the program died becomes interrupted; the waiting ones keep their order. */
export async function openQueue({
  services,
  versions,
  held,
  slots,
  startOld,
  readOnly = false,
}: QueueOptions): Promise<Queue> {
  const { archive, bus, compute } = services
  const kind = runKind(services)
  const scheduler = await openScheduler<RunRecord>({
    kind,
    slots,
    held,
    startOld,
    resumed: 'first',
    readOnly,
    order: { read: () => archive.readQueue(), write: (ids) => archive.writeQueue(ids) },
    orderChanged: (ids, nowHeld) => bus.emit('queue.changed', { ids: [...ids], held: nowHeld }),
    removed: (id) => bus.emit('run.removed', { id }),
  })
  return {
    get ids() {
      return scheduler.ids
    },
    get held() {
      return scheduler.held
    },
    get runningIds() {
      return scheduler.sessions.all.map(({ id }) => id)
    },
    live: scheduler.sessions.live,
    latestArray: kind.latestArray,
    submit: (spec, next, seeds, layer = null) => {
      const specs = Array.from({ length: seeds }, (_, index) => ({ ...spec, seed: (spec.seed + index) % SEEDS }))
      // All of them at once: a crash leaves the whole group or nothing.
      let group: Promise<RunRecord[]> | null = null
      return scheduler.submit(
        seeds,
        async (index) => {
          group ??= archive.createGroup(specs, versions, { layer })
          const record = (await group)[index]
          if (record === undefined) throw new LabError('internal', `the group of ${seeds} runs has no number ${index}`)
          return record
        },
        next,
      )
    },
    pause: scheduler.pause,
    stop: scheduler.stop,
    resume: (id, executor) => scheduler.resume(id, executor === null ? {} : { executorAsked: executor }),
    remove: scheduler.remove,
    hold: scheduler.hold,
    order: (ids) =>
      scheduler.reorder(
        ids,
        (waiting) =>
          new LabError(
            'run.state',
            `expected the queued runs ${waiting.join(' ') || '(none)'} in any order, got ${ids.join(' ')}`,
          ),
      ),
    begin: scheduler.begin,
    look: scheduler.look,
    close: (limitMs) => scheduler.close(limitMs, () => void compute.terminate()),
  }
}
