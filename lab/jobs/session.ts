import { asLabError, LabError } from '../../contract/index.js'
import {
  endedByRequest,
  nextState,
  requestedEnd,
  shownState,
  type EarlyEnd,
  type ExecutionEvent,
  type ExecutionState,
} from './execution.js'
import { endedAs, withState, type ComputeJob, type JobKind, type JobRecord, type SessionTools } from './kind.js'
import { createOrderedStore, type OrderedStore } from './orderedStore.js'

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

  constructor(
    private readonly kind: JobKind<Job>,
    readonly first: Job,
  ) {
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

  /** What cannot be stored must not be computed any further. */
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
  pause = (): void => this.request('pause')
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
      return this.writes.failure === undefined && endedByRequest(this.requested, failure.code)
        ? { event: 'yield', failure: null }
        : { event: 'fail', failure }
    }
  }
  async execute(): Promise<{ record: Job; unsaved: boolean }> {
    const { event, failure } = await this.outcome()
    this.apply(event)
    const state = shownState(this.state)
    // The end is logged and stored even where an earlier write failed, and stored where it cannot be logged, if the disk takes it.
    this.writes = this.openWrites()
    const last = {
      ...endedAs(this.kind, { state, failure }, this.kind.ending(this, { state, failure })),
      ...this.kind.stamp?.(this.first, this.seconds),
    }
    this.unsaved = { ...this.unsaved, ...last }
    await this.settled()
    const refused = await this.saveNow().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    // Nobody sees an end that is not stored.
    this.record = { ...this.record, ...last }
    if (refused !== undefined)
      this.set(endedAs(this.kind, { state: 'failed', failure: failure ?? asLabError(refused) }, {}))
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
    id: first.id,
    begun: session.begun,
    ended,
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
