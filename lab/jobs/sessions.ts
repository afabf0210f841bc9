import type { JobKind, JobRecord } from './kind.js'
import { startSession, type Session } from './session.js'

/** The sessions of one kind of job that are in progress, and records that the disk refused. */
export interface Sessions<Job extends JobRecord> {
  /** In the order in which they started. */
  readonly all: readonly Session<Job>[]
  find(id: string): Session<Job> | null
  /** The record as it is now, which may be ahead of the stored one. */
  live(stored: Job): Job
  /** Starts a session; it stays in the list until everything is stored. */
  start(job: Job): Session<Job>
  /** The disk has taken a record of this job again, or the job is gone. */
  forget(id: string): void
  /** Keeps a record that could not be stored, until the next one is. */
  keepUnsaved(job: Job): void
  /** Tries again to store the records that the disk refused; never rejects. */
  saveUnsaved(): Promise<void>
  /** Requests all sessions to end, and resolves when they have; `onLimit` is called when one needs longer than `limitMs`. */
  interrupt(limitMs: number, onLimit: () => void): Promise<void>
}

/** @param onEnd - called when a session has ended; `unsaved`: the disk refused its last record, which memory keeps */
export function createSessions<Job extends JobRecord>(
  kind: JobKind<Job>,
  onEnd: (job: Job, unsaved: boolean) => void,
): Sessions<Job> {
  const sessions = new Map<string, Session<Job>>()
  const unsaved = new Map<string, Job>()
  return {
    get all() {
      return [...sessions.values()]
    },
    find: (id) => sessions.get(id) ?? null,
    live: (stored) => sessions.get(stored.id)?.record ?? unsaved.get(stored.id) ?? stored,
    start: (job) => {
      const session = startSession(kind, job)
      sessions.set(job.id, session)
      unsaved.delete(job.id)
      void session.ended.then((end) => {
        sessions.delete(job.id)
        if (end.unsaved) unsaved.set(job.id, end.record)
        onEnd(end.record, end.unsaved)
      })
      return session
    },
    forget: (id) => void unsaved.delete(id),
    keepUnsaved: (job) => void unsaved.set(job.id, job),
    saveUnsaved: async () => {
      for (const job of unsaved.values())
        await kind.store.update(job.id, job).then(
          () => unsaved.delete(job.id),
          () => undefined,
        )
    },
    interrupt: async (limitMs, onLimit) => {
      for (const session of sessions.values()) session.request('interrupt')
      const timer = setTimeout(onLimit, limitMs)
      await Promise.all([...sessions.values()].map(({ ended }) => ended))
      clearTimeout(timer)
    },
  }
}
