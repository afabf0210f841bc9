import { LabError, type WireError } from '../../../contract/index.js'
import { createTurns } from '../../../lab/inTurn.js'
import type { ShownState } from '../../../lab/jobs/execution.js'
import type { JobKind, JobStore } from '../../../lab/jobs/kind.js'
import { openScheduler, type Scheduler } from '../../../lab/jobs/scheduler.js'

/** A job that takes a number of steps. */
export interface FakeJob {
  id: string
  state: ShownState
  error: WireError | null
  name: string
  done: number
  total: number
  /** Jobs that must have finished before. */
  after: string[]
}

/** A disk that outlives programs, and that refuses writes on demand. */
export class FakeDisk {
  readonly files = new Map<string, string>()
  order = '[]'
  full = false
  /** Number of writes that are refused from now on. */
  refused = 0

  /** @throws LabError `file.diskFull` */
  accept(): void {
    if (this.refused > 0) this.refused--
    else if (!this.full) return
    throw new LabError('file.diskFull', 'no space left on the disk')
  }
  job(id: string): FakeJob | null {
    const text = this.files.get(id)
    return text === undefined ? null : (JSON.parse(text) as FakeJob)
  }
}

/** Lets everything happen that needs no further command. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A program with a scheduler of fake jobs on a disk. */
export class FakeProgram {
  scheduler!: Scheduler<FakeJob>
  /** The last record of each job that screens have seen; null once it was removed. */
  readonly screen = new Map<string, FakeJob | null>()
  shownOrder: readonly string[] = []
  /** Jobs that compute now, with the function that lets them take a step. */
  readonly computing = new Map<string, () => void>()
  /** What must never happen and did. */
  readonly violations: string[] = []
  /** `id step` of everything computed. */
  readonly steps: string[] = []
  private alive = true
  private readonly inTurn = createTurns()
  private readonly memory = new Map<string, FakeJob>()

  private constructor(readonly disk: FakeDisk) {
    for (const [id, text] of disk.files) this.memory.set(id, JSON.parse(text) as FakeJob)
  }

  static async open(
    disk: FakeDisk,
    { slots = 1, held = false, ids = () => '' }: { slots?: number; held?: boolean; ids?: () => string } = {},
  ): Promise<FakeProgram> {
    const program = new FakeProgram(disk)
    program.newId = ids
    program.scheduler = await openScheduler<FakeJob>({
      kind: program.kind,
      slots: () => slots,
      held,
      startOld: true,
      resumed: 'first',
      dependencies: ({ after }) => after,
      stateOf: async (id) => {
        const stored = program.memory.get(id)
        return stored === undefined ? null : program.scheduler.sessions.live(stored).state
      },
      order: {
        read: async () => JSON.parse(disk.order) as string[],
        write: (order) => program.write(() => (disk.order = JSON.stringify(order))),
      },
      orderChanged: (order) => (program.shownOrder = order),
      removed: (id) => program.screen.set(id, null),
    })
    program.shownOrder = program.scheduler.ids
    program.scheduler.begin()
    return program
  }

  private newId: () => string = () => ''

  /** The program is killed: nothing of it reaches the disk any more. */
  kill(): void {
    this.alive = false
  }
  /** A write as disks do it: later, whole or not at all. */
  private async write(work: () => void): Promise<void> {
    await Promise.resolve()
    if (!this.alive) return new Promise(() => undefined)
    this.disk.accept()
    work()
  }
  private put(job: FakeJob): Promise<void> {
    return this.write(() => {
      this.disk.files.set(job.id, JSON.stringify(job))
      this.memory.set(job.id, job)
    })
  }
  private known(id: string): FakeJob {
    const job = this.memory.get(id)
    if (job === undefined) throw new LabError('run.missing', `no job has the id ${id}`)
    return job
  }

  readonly store: JobStore<FakeJob> = {
    list: async () => [...this.memory.values()].reverse(),
    read: async (id) => this.known(id),
    update: (id, changes) =>
      this.inTurn(async () => {
        const job = { ...this.known(id), ...changes }
        await this.put(job)
        return job
      }),
    remove: (id) =>
      this.inTurn(async () => {
        this.known(id)
        await this.write(() => {
          this.disk.files.delete(id)
          this.memory.delete(id)
        })
      }),
  }

  async create(total: number, name: string, after: string[] = []): Promise<FakeJob> {
    const job: FakeJob = { id: this.newId(), state: 'queued', error: null, name, done: 0, total, after }
    await this.put(job)
    return job
  }

  readonly kind: JobKind<FakeJob> = {
    store: this.store,
    states: ['queued', 'running', 'paused', 'interrupted', 'stopped', 'finished', 'failed'],
    resumable: ['paused', 'interrupted', 'stopped', 'failed'],
    refusal: ({ id, state }, action) => new LabError('run.state', `${id} is ${state} and cannot be ${action}`),
    changed: (job) => {
      if (this.screen.get(job.id) === null) this.violations.push(`${job.id} was shown after it was removed`)
      this.screen.set(job.id, job)
    },
    compute: async (tools) => {
      await tools.begin({})
      if (tools.record.done >= tools.record.total) return 'finished'
      return tools.run(() => {
        let end: (how: 'finished' | 'yielded') => void = () => undefined
        const { id } = tools.record
        if (this.computing.has(id)) this.violations.push(`${id} computes twice at once`)
        const finish = (how: 'finished' | 'yielded'): void => {
          this.computing.delete(id)
          end(how)
        }
        this.computing.set(id, () => {
          const done = tools.record.done + 1
          this.steps.push(`${id} ${done}`)
          tools.change({ done })
          tools.save()
          if (done >= tools.record.total) finish('finished')
        })
        return {
          result: new Promise<'finished' | 'yielded'>((resolve) => (end = resolve)),
          request: () => finish('yielded'),
        }
      })
    },
    ending: () => ({}),
    lost: () => ({}),
  }
}
