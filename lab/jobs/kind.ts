import { LabError, toWireError, type WireError } from '../../contract/index.js'
import type { EarlyEnd, ShownState } from './execution.js'

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

/** Work in a computing slot, or anything else that can be asked to end early. */
export interface ComputeJob<Output> {
  readonly result: Promise<Output>
  request(request: 'pause' | 'stop'): void
}

/** What the computing of a job works with. */
export interface SessionTools<Job extends JobRecord> {
  /** The record as it is now, ahead of the one on disk. */
  readonly record: Job
  /** The record with which the session started. */
  readonly first: Job
  readonly requested: EarlyEnd | null
  /** Milliseconds since the record was last written. */
  readonly msSinceSave: number
  /** Seconds since the session started. */
  readonly seconds: number
  /** Changes the record in memory and on screens; it goes to disk with the next `save`. */
  change(changes: Partial<Job>): void
  /** Requests the job itself to pause, because what it waits for was paused. */
  pause(): void
  /** Stores that the job runs. @throws LabError when that cannot be stored */
  begin(changes: Partial<Job>): Promise<void>
  /** Writes in the order of the calls. The first write that fails is the last, and stops the job. */
  write(work: () => Promise<unknown>): void
  /** Writes the record as it is when its turn comes. */
  save(): void
  /** Resolves when everything is written or has failed; never rejects. */
  settled(): Promise<void>
  /** Resolves when everything is written. @throws LabError what a write failed with */
  stored(): Promise<void>
  /** Starts work once everything so far is stored, passes requests on to it, and stops it when a write fails. @throws LabError as the work, or as a write */
  run<Output>(start: () => ComputeJob<Output>): Promise<Output>
}

/** How a session ended. */
export interface SessionEnd {
  state: ShownState
  /** What it failed with. */
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

/** Changes of a record whose session has ended; `changes` count. */
export function endedAs<Job extends JobRecord>(
  kind: Pick<JobKind<Job>, 'states'>,
  { state, failure }: SessionEnd,
  changes: Partial<Job>,
): Partial<Job> {
  const none: Partial<Job> = {}
  return withState(kind, state, { ...none, error: failure === null ? null : toWireError(failure), ...changes })
}

/** Changes with a state. @throws LabError `internal` for a state that the kind does not have */
export function withState<Job extends JobRecord>(
  { states }: Pick<JobKind<Job>, 'states'>,
  state: ShownState,
  changes: Partial<Job> = {},
): Partial<Job> {
  const own = states.find((each) => each === state)
  if (own === undefined) throw new LabError('internal', `this kind of job has no state ${state}`)
  return { ...changes, state: own }
}
