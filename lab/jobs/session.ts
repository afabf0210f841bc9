import { asLabError, LabError, toWireError } from '../../contract/index.js'
import { nextState, requestedEnd, shownState, type EarlyEnd, type ExecutionEvent, type ExecutionState, type ShownState } from './execution.js'
import { withState, type JobKind, type JobRecord } from './kind.js'
import { createOrderedStore, type OrderedStore } from './orderedStore.js'

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

/** One stretch of computing of one job, from its start or resumption to its end. */
export interface Session<Job extends JobRecord> {
  readonly id: string
  readonly state: ExecutionState
  readonly record: Job
  /** Takes changes that are on disk already. */
  adopt(changes: Partial<Job>): void
  /** Requests an end; the job ends at the next place from which it can go on. */
  request(event: 'pause' | 'stop' | 'interrupt'): void
  /** Resolves when the record says that it runs, or when it has ended. */
  readonly begun: Promise<void>
  /** Resolves when everything is stored, and never rejects: a failure is in the record. `unsaved`: the disk refused the last record. */
  readonly ended: Promise<{ record: Job; unsaved: boolean }>
}

/** No changes; typed for all kinds of records. */
const NONE = {}

/** Errors of a computing that was ended from outside. */
function endedEarly(requested: EarlyEnd | null, { code }: LabError): boolean {
  return (requested !== null && code === 'cancelled') || (requested === 'interrupted' && code === 'executor.failed')
}

/** Carries out a session of a job. */
class JobSession<Job extends JobRecord> implements SessionTools<Job> {
  state: ExecutionState = 'starting'
  record: Job
  readonly begun: Promise<void>
  markBegun: () => void = () => undefined
  private writes: OrderedStore
  private job: ComputeJob<unknown> | null = null
  /** Fields that the disk does not have yet. */
  private unsaved: Partial<Job> = {}
  private savedMs = -Infinity
  // A clock that never goes back: the system's may be set while a job computes.
  private readonly startedMs = performance.now()

  constructor(private readonly kind: JobKind<Job>, readonly first: Job) {
    this.record = first
    this.begun = new Promise((resolve) => (this.markBegun = resolve))
    this.writes = this.openWrites()
  }

  get requested(): EarlyEnd | null {
    return requestedEnd(this.state)
  }
  get msSinceSave(): number {
    return performance.now() - this.savedMs
  }
  get seconds(): number {
    return (performance.now() - this.startedMs) / 1000
  }

  // What cannot be stored must not be computed any further.
  private openWrites(): OrderedStore {
    return createOrderedStore(() => this.job?.request('stop'))
  }
  private apply(event: ExecutionEvent): void {
    const next = nextState(this.state, event)
    if (next === null) throw new LabError('internal', `${this.first.id} is ${this.state} and cannot ${event}`)
    this.state = next
  }
  private set(changes: Partial<Job>): void {
    const all = { ...changes, ...this.kind.stamp?.(this.first, this.seconds) }
    this.record = { ...this.record, ...all }
    this.unsaved = { ...this.unsaved, ...all }
  }
  private async saveNow(): Promise<void> {
    const changes = this.unsaved
    this.unsaved = {}
    this.savedMs = performance.now()
    try {
      await this.kind.store.update(this.first.id, changes)
    } catch (error) {
      this.unsaved = { ...changes, ...this.unsaved }
      throw error
    }
  }
  private forward(): void {
    if (this.writes.failure !== undefined) this.job?.request('stop')
    else if (this.requested !== null) this.job?.request(this.requested === 'stopped' ? 'stop' : 'pause')
  }

  change(changes: Partial<Job>): void {
    this.set(changes)
    this.kind.changed(this.record, false)
  }
  adopt(changes: Partial<Job>): void {
    this.record = { ...this.record, ...changes }
    this.kind.changed(this.record, false)
  }
  pause(): void {
    this.request('pause')
  }
  async begin(changes: Partial<Job>): Promise<void> {
    this.apply('begin')
    this.set(withState(this.kind, 'running', { ...changes, error: null }))
    this.save()
    await this.stored()
    this.markBegun()
    this.kind.changed(this.record, false)
  }
  write(work: () => Promise<unknown>): void {
    this.writes.write(work)
  }
  save(): void {
    this.savedMs = performance.now()
    this.writes.write(() => this.saveNow())
  }
  settled(): Promise<void> {
    return this.writes.settled()
  }
  async stored(): Promise<void> {
    await this.writes.settled()
    if (this.writes.failure !== undefined) throw asLabError(this.writes.failure)
  }
  async run<Output>(start: () => ComputeJob<Output>): Promise<Output> {
    await this.stored()
    const job = start()
    this.job = job
    this.forward()
    try {
      return await job.result
    } finally {
      this.job = null
    }
  }
  request(event: 'pause' | 'stop' | 'interrupt'): void {
    const next = nextState(this.state, event)
    if (next === null) return
    this.state = next
    this.forward()
  }

  private async outcome(): Promise<{ event: ExecutionEvent; failure: LabError | null }> {
    try {
      const event = (await this.kind.compute(this)) === 'finished' ? 'complete' : 'yield'
      await this.stored()
      return { event, failure: null }
    } catch (error) {
      await this.settled()
      const failure = asLabError(this.writes.failure ?? error)
      return { event: this.writes.failure === undefined && endedEarly(this.requested, failure) ? 'yield' : 'fail', failure }
    }
  }
  async execute(): Promise<{ record: Job; unsaved: boolean }> {
    const { event, failure } = await this.outcome()
    this.apply(event)
    const state: ShownState = shownState(this.state)
    // The reason for an end is logged and stored even where an earlier write failed, if the disk takes it.
    this.writes = this.openWrites()
    const error = state === 'failed' && failure !== null ? toWireError(failure) : null
    this.set(withState(this.kind, state, { ...NONE, error, ...this.kind.ending(this, { state, failure: state === 'failed' ? failure : null }) }))
    this.save()
    await this.settled()
    const refused = this.writes.failure
    if (refused !== undefined) this.set(withState(this.kind, 'failed', { ...this.unsaved, error: toWireError(failure ?? refused) }))
    this.kind.changed(this.record, true)
    this.markBegun()
    return { record: this.record, unsaved: refused !== undefined }
  }
}

/**
 * Starts to compute a job.
 *
 * @param first - its record as it is on disk
 */
export function startSession<Job extends JobRecord>(kind: JobKind<Job>, first: Job): Session<Job> {
  const session = new JobSession(kind, first)
  const ended = session.execute()
  return {
    id: first.id, begun: session.begun, ended,
    get state() {
      return session.state
    },
    get record() {
      return session.record
    },
    adopt: (changes) => session.adopt(changes),
    request: (event) => session.request(event),
  }
}
