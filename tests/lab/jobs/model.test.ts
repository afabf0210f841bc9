import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../contract/index.js'
import { isSettled } from '../../../lab/jobs/execution.js'
import { FakeDisk, FakeProgram, settled, type FakeJob } from './fakeJobs.js'

/** What users know for certain, because it was acknowledged or shown. */
interface Model {
  /** Names of the jobs that exist, in the order in which they were made. */
  names: Map<string, string>
  removed: Set<string>
  /** States that only a command changes. */
  states: Map<string, 'paused' | 'stopped' | 'finished'>
}

/** A program on a disk, closed and opened as the commands say. */
class System {
  readonly disk = new FakeDisk()
  program!: FakeProgram
  private last = 0
  constructor(readonly slots: number) {}
  async open(): Promise<void> {
    this.program = await FakeProgram.open(this.disk, { slots: this.slots, ids: () => `j-${++this.last}` })
  }
}

/** The outcome of a command: refused by the disk or the state of the job, which the user sees, or done. */
async function attempt<Value>(work: Promise<Value>): Promise<Value | null> {
  try {
    return await work
  } catch (error) {
    if (
      error instanceof LabError &&
      (error.code === 'file.diskFull' || error.code === 'run.state' || error.code === 'run.missing')
    )
      return null
    throw error
  }
}

type Action = (model: Model, system: System) => Promise<void>
const at = (model: Model, place: number): string | undefined =>
  [...model.names.keys()][place % Math.max(1, model.names.size)]
const onJob =
  (place: number, work: (id: string, model: Model, system: System) => Promise<void>): Action =>
  async (model, system) => {
    const id = at(model, place)
    if (id !== undefined) await work(id, model, system)
  }
/** Notes what a command has acknowledged. */
function note(model: Model, job: FakeJob | null): void {
  if (job === null || model.removed.has(job.id)) return
  if (job.state === 'paused' || job.state === 'stopped' || job.state === 'finished') model.states.set(job.id, job.state)
  else model.states.delete(job.id)
}

const ACTIONS = {
  submit:
    (count: number, total: number, next: boolean): Action =>
    async (model, { program }) => {
      const made: FakeJob[] = []
      const first = await attempt(
        program.scheduler.submit(
          count,
          async (index) => {
            const job = await program.create(total, `job ${index}`)
            made.push(job)
            return job
          },
          next,
        ),
      )
      // Of a group that was refused, what the disk did not take back stays; users see it.
      for (const job of made) if (first !== null || program.disk.job(job.id) !== null) model.names.set(job.id, job.name)
    },
  step:
    (place: number): Action =>
    async (_, { program }) => {
      const ids = [...program.computing.keys()]
      program.computing.get(ids[place % Math.max(1, ids.length)] ?? '')?.()
    },
  pause: (place: number): Action =>
    onJob(place, async (id, model, { program }) => {
      const job = await attempt(program.scheduler.pause(id))
      if (job !== null) note(model, job)
    }),
  stop: (place: number): Action =>
    onJob(place, async (id, model, { program }) => {
      const job = await attempt(program.scheduler.stop(id))
      if (job !== null) note(model, job)
    }),
  resume: (place: number): Action =>
    onJob(place, async (id, model, { program }) => {
      const known = model.states.get(id)
      model.states.delete(id)
      if ((await attempt(program.scheduler.resume(id))) === null && known !== undefined) model.states.set(id, known)
    }),
  remove: (place: number): Action =>
    onJob(place, async (id, model, { program }) => {
      const gone = await attempt(program.scheduler.remove(id).then(() => true))
      if (gone !== true) return
      model.names.delete(id)
      model.states.delete(id)
      model.removed.add(id)
    }),
  rename: (place: number, name: string): Action =>
    onJob(place, async (id, model, { program }) => {
      if ((await attempt(program.scheduler.update(id, { name }))) !== null && model.names.has(id))
        model.names.set(id, name)
    }),
  hold:
    (held: boolean): Action =>
    async (_, { program }) =>
      program.scheduler.hold(held),
  reverse:
    (): Action =>
    async (_, { program }) => {
      await attempt(
        program.scheduler.reorder(
          [...program.scheduler.ids].reverse(),
          () => new LabError('run.state', 'the queue has changed'),
        ),
      )
    },
  full:
    (full: boolean): Action =>
    async (_, { disk }) =>
      void (disk.full = full),
  refuse:
    (writes: number): Action =>
    async (_, { disk }) =>
      void (disk.refused = writes),
  kill: (): Action => async (_, system) => {
    system.program.kill()
    await system.open()
  },
  close: (): Action => async (_, system) => {
    const reliable = !system.disk.full && system.disk.refused === 0
    await system.program.scheduler.close(60_000, () => undefined)
    expect(system.program.scheduler.sessions.all).toEqual([])
    if (reliable) for (const id of system.disk.files.keys()) expect(system.disk.job(id)?.state).not.toBe('running')
    system.program.kill()
    await system.open()
  },
} as const

/** What must hold whenever nothing is in progress. */
function check(model: Model, { disk, program, slots }: System): void {
  const { scheduler } = program
  expect(program.violations).toEqual([])
  expect(scheduler.sessions.all.length).toBeLessThanOrEqual(slots)
  expect([...program.computing.keys()].sort()).toEqual(scheduler.sessions.all.map(({ id }) => id).sort())
  // Removed jobs stay removed, and there is none that nobody made.
  expect([...disk.files.keys()].sort()).toEqual([...model.names.keys()].sort())
  for (const [id, name] of model.names) {
    const stored = disk.job(id)
    if (stored === null) throw new Error(`${id} is not on disk`)
    const live = scheduler.sessions.live(stored)
    expect([id, stored.name, live.name]).toEqual([id, name, name])
    const screen = program.screen.get(id)
    if (screen !== undefined) expect([id, screen?.state, screen?.name]).toEqual([id, live.state, name])
    const known = model.states.get(id)
    if (known !== undefined) expect([id, stored.state, live.state]).toEqual([id, known, known])
    // Memory differs from the disk only where the disk refused a record, and then it says so.
    if (live.state !== stored.state)
      expect([id, live.state === 'interrupted' || live.error?.code === 'file.diskFull']).toEqual([id, true])
    // No job leaves the queue silently, and none waits that is not shown.
    expect([id, scheduler.ids.includes(id)]).toEqual([id, live.state === 'queued'])
    expect([id, live.state === 'running']).toEqual([id, program.computing.has(id)])
    if (live.state === 'finished') {
      expect([id, stored.done]).toEqual([id, stored.total])
      model.states.set(id, 'finished')
    }
    if (isSettled(live.state)) expect(program.computing.has(id)).toBe(false)
  }
  expect(program.shownOrder).toEqual(scheduler.ids)
  const order = (JSON.parse(disk.order) as string[]).filter((id) => scheduler.ids.includes(id))
  expect(order.filter((id, index) => order.indexOf(id) !== index)).toEqual([])
  if (!scheduler.held) expect(scheduler.ids.length === 0 || scheduler.sessions.all.length === slots).toBe(true)
}

class Command implements fc.AsyncCommand<Model, System> {
  constructor(private readonly actions: readonly { name: string; act: Action }[]) {}
  check(): boolean {
    return true
  }
  async run(model: Model, system: System): Promise<void> {
    await Promise.all(this.actions.map(({ act }) => act(model, system)))
    // Of commands given at once, only what cannot be undone is certain.
    if (this.actions.length > 1)
      for (const [id, state] of model.states) if (state !== 'finished') model.states.delete(id)
    await settled()
    check(model, system)
  }
  toString(): string {
    return this.actions.map(({ name }) => name).join(' while ')
  }
}

const place = fc.nat({ max: 5 })
const arbitrary = <Args extends unknown[]>(
  name: string,
  make: (...args: Args) => Action,
  ...args: { [Place in keyof Args]: fc.Arbitrary<Args[Place]> }
): fc.Arbitrary<{ name: string; act: Action }> =>
  fc
    .tuple(...args)
    .map((values) => ({ name: `${name}(${values.join(', ')})`, act: make(...(values as unknown as Args)) }))
/** Commands that users give, which may come at the same time. */
const given = fc.oneof(
  arbitrary('submit', ACTIONS.submit, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }), fc.boolean()),
  { arbitrary: arbitrary('step', ACTIONS.step, place), weight: 3 },
  arbitrary('pause', ACTIONS.pause, place),
  arbitrary('stop', ACTIONS.stop, place),
  { arbitrary: arbitrary('resume', ACTIONS.resume, place), weight: 2 },
  arbitrary('remove', ACTIONS.remove, place),
  arbitrary('rename', ACTIONS.rename, place, fc.constantFrom('a', 'b', 'c')),
  arbitrary('hold', ACTIONS.hold, fc.boolean()),
  arbitrary('reverse', ACTIONS.reverse),
  arbitrary('full', ACTIONS.full, fc.boolean()),
  arbitrary('refuse', ACTIONS.refuse, fc.integer({ min: 1, max: 3 })),
)
const ends = fc.oneof(arbitrary('kill', ACTIONS.kill), arbitrary('close', ACTIONS.close))

const run = (slots: number, command: fc.Arbitrary<Command>, runs: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.commands([command], { maxCommands: 40 }), async (commands) => {
      await fc.asyncModelRun(async () => {
        const system = new System(slots)
        await system.open()
        const model: Model = { names: new Map(), removed: new Set(), states: new Map() }
        return { model, real: system }
      }, commands)
    }),
    { numRuns: runs },
  )

describe('jobs under any commands, crashes and refusing disks', () => {
  it.each([1, 2])(
    'nothing acknowledged is lost, nothing runs twice, disk, memory and screens agree (%i slots)',
    async (slots) => {
      await run(
        slots,
        fc.oneof({ arbitrary: given, weight: 8 }, ends).map((action) => new Command([action])),
        700,
      )
    },
    240_000,
  )

  it('and the same while several commands come at once', async () => {
    const together = fc.array(given, { minLength: 1, maxLength: 3 })
    await run(
      2,
      fc
        .oneof(
          { arbitrary: together, weight: 8 },
          ends.map((action) => [action]),
        )
        .map((actions) => new Command(actions)),
      700,
    )
  }, 240_000)
})
