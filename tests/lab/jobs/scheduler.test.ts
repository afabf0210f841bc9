import { beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../lab/codeOf.js'
import { FakeDisk, FakeProgram, settled, type FakeJob } from './fakeJobs.js'

let disk: FakeDisk
let program: FakeProgram
let last: number
const open = async (options: { slots?: number; held?: boolean } = {}): Promise<void> =>
  void (program = await FakeProgram.open(disk, { ...options, ids: () => `j-${++last}` }))
beforeEach(async () => {
  disk = new FakeDisk()
  last = 0
  await open()
})
const submit = (count = 1, { total = 3, next = false, after = [] as string[] } = {}): Promise<FakeJob> =>
  program.scheduler.submit(count, (index) => program.create(total, `job ${index}`, after), next)
const step = async (id: string): Promise<void> => {
  program.computing.get(id)?.()
  await settled()
}
const states = (): string[] => [...disk.files.keys()].map((id) => `${id} ${disk.job(id)?.state}`)
const shown = (id: string): string => program.screen.get(id)?.state ?? 'nothing'

describe('a scheduler', () => {
  it('computes one job after the other in their order, and reports when they leave the queue', async () => {
    await submit(3)
    await settled()
    expect([...program.computing.keys()]).toEqual(['j-1'])
    expect(program.shownOrder).toEqual(['j-2', 'j-3'])
    await program.scheduler.reorder(['j-3', 'j-2'], () => new Error('refused'))
    for (let count = 0; count < 3; count++) await step('j-1')
    expect([...program.computing.keys()]).toEqual(['j-3'])
    expect(states()).toEqual(['j-1 finished', 'j-2 queued', 'j-3 running'])
  })

  it('computes as many at once as it has slots', async () => {
    await open({ slots: 2 })
    await submit(3)
    await settled()
    expect([...program.computing.keys()]).toEqual(['j-1', 'j-2'])
    await program.scheduler.pause('j-1')
    await settled()
    expect([...program.computing.keys()]).toEqual(['j-2', 'j-3'])
  })

  it('lets a job wait for others, beyond their failures, and fails it when one of them is removed', async () => {
    const first = await submit()
    await settled()
    const second = await submit(1, { after: [first.id] })
    const third = await submit(1, { total: 1 })
    await program.scheduler.stop(first.id)
    await settled()
    expect([...program.computing.keys()]).toEqual([third.id])
    await step(third.id)
    expect(disk.job(second.id)?.state).toBe('queued')
    await program.scheduler.remove(first.id)
    program.scheduler.look()
    await settled()
    expect(disk.job(second.id)).toMatchObject({ state: 'failed', error: { code: 'run.missing' } })
    expect([program.shownOrder, shown(second.id)]).toEqual([[], 'failed'])
  })

  it('starts a job once those that it needs have finished', async () => {
    const first = await submit(1, { total: 1 })
    const second = await submit(1, { after: [first.id] })
    await settled()
    await step(first.id)
    expect([...program.computing.keys()]).toEqual([second.id])
  })
})

describe('a disk that refuses', () => {
  it('a part of a group: none of it is there', async () => {
    await program.scheduler.hold(true)
    disk.refused = 0
    const create = (index: number): Promise<FakeJob> => {
      if (index === 2) disk.refused = 1
      return program.create(3, `job ${index}`)
    }
    expect(await codeOf(program.scheduler.submit(3, create, false))).toBe('file.diskFull')
    expect([disk.files.size, program.scheduler.ids, program.screen.size]).toEqual([0, [], 0])
  })

  it('the order of a group: none of it is there', async () => {
    const create = (index: number): Promise<FakeJob> =>
      program.create(3, `job ${index}`).finally(() => (disk.refused = index))
    expect(await codeOf(program.scheduler.submit(2, create, false))).toBe('file.diskFull')
    expect([disk.files.size, program.scheduler.ids]).toEqual([0, []])
  })

  it('a group and its removal: what is on disk waits visibly', async () => {
    await program.scheduler.hold(true)
    const create = (index: number): Promise<FakeJob> => {
      disk.full = index === 1
      return program.create(3, `job ${index}`)
    }
    expect(await codeOf(program.scheduler.submit(2, create, false))).toBe('file.diskFull')
    expect([states(), program.shownOrder, shown('j-1')]).toEqual([['j-1 queued'], ['j-1'], 'queued'])
  })

  it('a new order: the old one stays', async () => {
    await program.scheduler.hold(true)
    await submit(2)
    disk.full = true
    expect(await codeOf(program.scheduler.reorder(['j-2', 'j-1'], () => new Error('refused')))).toBe('file.diskFull')
    expect([program.scheduler.ids, program.shownOrder]).toEqual([
      ['j-1', 'j-2'],
      ['j-1', 'j-2'],
    ])
  })

  it.each(['pause', 'stop', 'remove'] as const)('to %s a waiting job: it still waits', async (action) => {
    await program.scheduler.hold(true)
    await submit()
    disk.full = true
    expect(await codeOf(program.scheduler[action]('j-1'))).toBe('file.diskFull')
    disk.full = false
    expect([program.scheduler.ids, disk.job('j-1')?.state, shown('j-1')]).toEqual([['j-1'], 'queued', 'queued'])
    await program.scheduler.hold(false)
    await settled()
    expect([...program.computing.keys()]).toEqual(['j-1'])
  })

  it.each([0, 1])('to resume a job, at its write %i: it stays paused', async (writes) => {
    await program.scheduler.hold(true)
    await submit(2)
    await program.scheduler.pause('j-1')
    const accept = disk.accept.bind(disk)
    let seen = 0
    disk.accept = () => {
      if (seen++ === writes) disk.refused = 1
      accept()
    }
    expect(await codeOf(program.scheduler.resume('j-1'))).toBe('file.diskFull')
    expect([program.scheduler.ids, disk.job('j-1')?.state, shown('j-1'), JSON.parse(disk.order)]).toEqual([
      ['j-2'],
      'paused',
      'paused',
      ['j-2'],
    ])
  })

  it('the order when a job starts: the job runs', async () => {
    await program.scheduler.hold(true)
    await submit(2)
    const accept = disk.accept.bind(disk)
    let seen = 0
    disk.accept = () => {
      if (seen++ === 1) disk.refused = 1
      accept()
    }
    await program.scheduler.hold(false)
    await settled()
    expect([[...program.computing.keys()], program.shownOrder, states()]).toEqual([
      ['j-1'],
      ['j-2'],
      ['j-1 running', 'j-2 queued'],
    ])
    program.kill()
    await open({ held: true })
    expect([program.scheduler.ids, states()]).toEqual([['j-2'], ['j-1 interrupted', 'j-2 queued']])
  })

  it('the first write of a session: nothing is computed, the failure is shown, and the queue is held', async () => {
    await program.scheduler.hold(true)
    await submit(2)
    disk.full = true
    await program.scheduler.hold(false)
    await settled()
    expect(program.steps).toEqual([])
    expect(program.computing.size).toBe(0)
    expect(program.screen.get('j-1')).toMatchObject({ state: 'failed', error: { code: 'file.diskFull' } })
    expect(program.scheduler.sessions.live(disk.job('j-1') as FakeJob)).toMatchObject({ state: 'failed' })
    expect([program.scheduler.held, program.shownOrder]).toEqual([true, ['j-2']])
    disk.full = false
    await program.scheduler.resume('j-1')
    await program.scheduler.hold(false)
    await settled()
    expect([[...program.computing.keys()], states()]).toEqual([['j-1'], ['j-1 running', 'j-2 queued']])
  })

  it('a later write: the job stops at its next step with the failure in its record', async () => {
    await submit(2, { total: 5 })
    await settled()
    await step('j-1')
    disk.refused = 1
    await step('j-1')
    expect(program.steps).toEqual(['j-1 1', 'j-1 2'])
    expect(disk.job('j-1')).toMatchObject({ state: 'failed', error: { code: 'file.diskFull' } })
    expect([...program.computing.keys()]).toEqual(['j-2'])
    await program.scheduler.resume('j-1')
    expect(disk.job('j-1')?.state).toBe('queued')
  })

  it('to mark a job that was lost: the lab opens, shows it as interrupted, and resumes it', async () => {
    await submit()
    await settled()
    await step('j-1')
    program.kill()
    disk.full = true
    await open()
    expect(program.scheduler.sessions.live(disk.job('j-1') as FakeJob)).toMatchObject({ state: 'interrupted', done: 1 })
    disk.full = false
    await program.scheduler.resume('j-1')
    await settled()
    expect([...program.computing.keys()]).toEqual(['j-1'])
  })
})

describe('a job that has just ended', () => {
  it('can be removed while its last record is written, and stays removed', async () => {
    await submit(1, { total: 1 })
    await settled()
    program.computing.get('j-1')?.()
    const removed = program.scheduler.remove('j-1').catch(() => settled().then(() => program.scheduler.remove('j-1')))
    await removed
    await settled()
    expect([disk.files.size, shown('j-1'), program.violations]).toEqual([0, 'nothing', []])
  })
})
