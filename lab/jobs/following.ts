import {
  asLabError,
  LabError,
  type RunId,
  type RunRecord,
  type SweepId,
  type SweepRecord,
} from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { isSettled } from './execution.js'

/** How a caller follows work that the lab carries out. */
export interface Following<Record> {
  /** Called with the record as it is, and with every change. */
  changed?(record: Record): void
  /** Pauses the work; the wait ends when it has settled. */
  pause?: AbortSignal
  /** Ends the wait at once and leaves the work as it is. */
  leave?: AbortSignal
}

/** A run or a sweep as something to wait for. */
interface Followed<Record> {
  read(): Promise<Record>
  listen(look: (record: Record) => void, fail: (error: unknown) => void): (() => void)[]
  isSettled(record: Record): boolean
  pause(): Promise<unknown>
}

function untilSettled<Record>(
  { read, listen, isSettled: hasSettled, pause }: Followed<Record>,
  { changed, pause: pausing, leave }: Following<Record>,
): Promise<Record> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    let over = false
    const end = (finish: () => void): void => {
      over = true
      for (const stop of stops.splice(0)) stop()
      finish()
    }
    const fail = (error: unknown): void => end(() => reject(asLabError(error)))
    const look = (record: Record): void => {
      if (over) return
      changed?.(record)
      if (hasSettled(record)) end(() => resolve(record))
    }
    const onAbort = (signal: AbortSignal | undefined, work: () => void): void => {
      if (signal?.aborted === true) return work()
      signal?.addEventListener('abort', work)
      stops.push(() => signal?.removeEventListener('abort', work))
    }
    stops.push(...listen(look, fail))
    onAbort(leave, () => fail(new LabError('cancelled', 'the wait was cancelled')))
    if (over) return
    // It may have ended before the request arrived; then its record says so.
    onAbort(
      pausing,
      () =>
        void pause().catch((error: unknown) =>
          read().then((record) => (hasSettled(record) ? look(record) : fail(error)), fail),
        ),
    )
    read().then(look, fail)
  })
}

/**
 * Waits until a run has settled: finished, failed, stopped, interrupted or paused.
 *
 * @returns its record
 * @throws LabError `run.interrupted` when it would wait in a queue that is held (the run is then paused), `run.missing` when it is removed, `cancelled` after `leave`
 */
export function followedRun(lab: LabCore, id: RunId, following: Following<RunRecord> = {}): Promise<RunRecord> {
  const pause = (): Promise<RunRecord> => lab.call('run.pause', { id })
  let refusal: Promise<never> | null = null
  const refuse = (): Promise<never> =>
    (refusal ??= pause().then((): never => {
      throw new LabError(
        'run.interrupted',
        `${id} cannot start because the queue is paused; resume the queue, then resume the run`,
        { run: id },
      )
    }))
  return untilSettled<RunRecord>(
    {
      pause,
      read: async () => {
        const { record } = await lab.call('run.get', { id })
        if (record.state !== 'queued') return record
        const { ids, held } = await lab.call('queue.get', null)
        return held && ids.includes(id) ? refuse() : record
      },
      isSettled: ({ state }) => isSettled(state),
      listen: (look, fail) => [
        lab.listen('run.changed', ({ record }) => {
          // Paused by the refusal, whose reason comes after.
          if (record.id === id && refusal === null) look(record)
        }),
        lab.listen('run.removed', ({ id: removed }) => {
          if (removed === id) fail(new LabError('run.missing', `${id} was deleted`, { run: id }))
        }),
        lab.listen('queue.changed', ({ ids, held }) => {
          if (held && ids.includes(id)) refuse().catch(fail)
        }),
      ],
    },
    following,
  )
}

/**
 * Waits until a sweep has settled: finished, failed, interrupted or paused.
 *
 * @returns its record
 * @throws LabError `probe.missing` when it is removed or not there, `cancelled` after `leave`
 */
export function followedSweep(lab: LabCore, id: SweepId, following: Following<SweepRecord> = {}): Promise<SweepRecord> {
  const missing = (): LabError => new LabError('probe.missing', `no sweep has the id ${id}`, { id })
  return untilSettled<SweepRecord>(
    {
      pause: () => lab.call('robustness.pause', { id }),
      read: async () => {
        const found = (await lab.call('robustness.list', null)).find((record) => record.id === id)
        if (found === undefined) throw missing()
        return found
      },
      isSettled: ({ state }) => isSettled(state),
      listen: (look, fail) => [
        lab.listen('robustness.changed', ({ record }) => {
          if (record.id === id) look(record)
        }),
        lab.listen('robustness.removed', ({ id: removed }) => {
          if (removed === id) fail(missing())
        }),
      ],
    },
    following,
  )
}
