import { createTurns } from '../inTurn.js'
import { close, endEarly, remove, resume, submit, update } from './actions.js'
import type { Board } from './board.js'
import type { JobRecord } from './kind.js'
import { openRecords } from './openRecords.js'
import type { SchedulerOptions } from './schedulerOptions.js'
import { createSessions, type Sessions } from './sessions.js'
import { startNext } from './starting.js'
import { createWaitingList } from './waitingList.js'

/**
 * The jobs of one kind: those that wait, in their order, and those that compute.
 *
 * A change is written to disk first and then made in memory, so that a refused write changes nothing. The record of a job says whether it waits; the
 * file with the order may name jobs that do not, which are ignored.
 */
export interface Scheduler<Job extends JobRecord> {
  readonly ids: readonly string[]
  readonly held: boolean
  readonly sessions: Pick<Sessions<Job>, 'all' | 'find' | 'live'>
  /** Makes jobs and lets them wait, in order; all of them, or none when one cannot be made. @returns the first */
  submit(count: number, create: (index: number, first: Job | null) => Promise<Job>, next: boolean): Promise<Job>
  /** Resolves when the job has ended and is stored. @throws LabError as the kind refuses */
  pause(id: string): Promise<Job>
  stop(id: string): Promise<Job>
  /** @param changes - of the record, stored with its new state */
  resume(id: string, changes?: Partial<Job>): Promise<Job>
  /** @throws LabError as the kind refuses to remove a running job */
  remove(id: string): Promise<void>
  /** Changes a record that may be computing. */
  update(id: string, changes: Partial<Job>): Promise<Job>
  hold(held: boolean): Promise<void>
  /** @throws what `refuse` makes unless `ids` are exactly the waiting jobs */
  reorder(ids: readonly string[], refuse: (waiting: readonly string[]) => Error): Promise<void>
  /** Lets jobs start; before that, none does. */
  begin(): void
  /** Starts what can start: a slot may be free, or a job of another kind has finished. */
  look(): void
  /** Ends all sessions as interrupted; `onLimit` is called when they need longer than `limitMs`. */
  close(limitMs: number, onLimit: () => void): Promise<void>
}

/**
 * Opens the jobs of one kind. A job that was running when the program died is interrupted; the waiting ones keep their order.
 *
 * @throws LabError when the jobs cannot be listed
 */
export async function openScheduler<Job extends JobRecord>(options: SchedulerOptions<Job>): Promise<Scheduler<Job>> {
  const { kind, order } = options
  const { waiting: ids, unsaved } = await openRecords(options)
  const waiting = createWaitingList({
    ids,
    startable: options.startOld ? ids : [],
    held: options.held,
    changed: options.orderChanged,
    write: async (next) => order?.write(next),
  })
  const sessions = createSessions(kind, (_, refused) => {
    // A disk that takes no record would fail one waiting job after the other. Whoever has made room lets the queue go on.
    if (refused && order !== null) waiting.hold(true)
    look()
  })
  unsaved.forEach((job) => sessions.keepUnsaved(job))
  const board: Board<Job> = { options, kind, waiting, sessions, inTurn: createTurns(), closed: true }
  const look = (): void =>
    void board
      .inTurn(() => startNext(board))
      .then((again) => {
        if (again) look()
      })
  return {
    sessions,
    get ids() {
      return waiting.ids
    },
    get held() {
      return waiting.held
    },
    submit: (count, create, next) => board.inTurn(() => submit(board, count, create, next)).finally(look),
    pause: (id) => endEarly(board, id, 'pause'),
    stop: (id) => endEarly(board, id, 'stop'),
    resume: (id, changes = {}) => board.inTurn(() => resume(board, id, changes)).finally(look),
    remove: (id) => board.inTurn(() => remove(board, id)),
    update: (id, changes) => board.inTurn(() => update(board, id, changes)),
    hold: async (held) => {
      await board.inTurn(async () => {
        waiting.hold(held)
        // Whoever lets the queue go on after a failure has made room.
        if (!held) await sessions.saveUnsaved()
      })
      look()
    },
    reorder: (ids, refuse) =>
      board.inTurn(async () => {
        if (ids.length !== waiting.ids.length || !waiting.ids.every((id) => ids.includes(id))) throw refuse(waiting.ids)
        await waiting.set(ids)
      }),
    begin: () => {
      board.closed = false
      look()
    },
    look,
    close: (limitMs, onLimit) => close(board, limitMs, onLimit),
  }
}
