import { LabError, type WireError } from '../../contract/index.js'
import type { ComputeJob, SessionTools } from './session.js'
import type { ShownState } from './execution.js'

export type { ComputeJob, SessionTools }

/** What the record of every job has. */
export interface JobRecord {
  readonly id: string
  readonly state: ShownState
  readonly error: WireError | null
}

/** Where the records of one kind of job are stored; writes of one job are carried out one after the other. */
export interface JobStore<Job extends JobRecord> {
  /** Every job, also those whose record cannot be read: they are shown as such. */
  list(): Promise<Job[]>
  /** @throws LabError when there is none of this id, or its record cannot be read */
  read(id: string): Promise<Job>
  /** Writes the record with these fields changed. @throws LabError for a record that cannot be read: it is never written over */
  update(id: string, changes: Partial<Job>): Promise<Job>
  /** Removes the job, whole or not at all. */
  remove(id: string): Promise<void>
}

/** How a session ended. */
export interface SessionEnd {
  state: ShownState
  /** What it failed with, or what ended it early. */
  failure: LabError | null
}

/** A kind of job: what its records are, how it computes, what it stores and how it goes on. */
export interface JobKind<Job extends JobRecord> {
  readonly store: JobStore<Job>
  /** States that its records may have. */
  readonly states: readonly Job['state'][]
  /** States from which it can be resumed. */
  readonly resumable: readonly Job['state'][]
  /** The error for an action that the state of a job does not allow. @param action - `paused`, `resumed`, `stopped`, `removed` */
  refusal(job: Job, action: string): LabError
  /** Called with every change of a record; `last` when its session has ended and screens must miss nothing. */
  changed(job: Job, last: boolean): void
  /** Fields that follow from the time that a session has taken. */
  stamp?(first: Job, seconds: number): Partial<Job>
  /**
   * Computes the job from where its files are to its end. It calls `begin` once it is prepared, and everything that it stores goes through `tools`.
   *
   * @returns `yielded` when it ended early, as requested
   * @throws what the job fails with
   */
  compute(tools: SessionTools<Job>): Promise<'finished' | 'yielded'>
  /** The last fields of a session, and what is to be logged of its end. */
  ending(tools: SessionTools<Job>, end: SessionEnd): Partial<Job>
  /** Fields of a job that ran when the program ended without closing. */
  lost(job: Job): Partial<Job>
  /** What is to be logged of it. */
  logLost?(job: Job): Promise<void>
}

/** Changes with a state. @throws LabError `internal` for a state that the kind does not have */
export function withState<Job extends JobRecord>({ states }: Pick<JobKind<Job>, 'states'>, state: ShownState, changes: Partial<Job> = {}): Partial<Job> {
  const own = states.find((each) => each === state)
  if (own === undefined) throw new LabError('internal', `this kind of job has no state ${state}`)
  return { ...changes, state: own }
}
