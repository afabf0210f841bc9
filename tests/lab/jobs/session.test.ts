import { expect, it } from 'vitest'
import { LabError } from '../../../contract/index.js'
import type { JobKind } from '../../../lab/jobs/kind.js'
import { startSession } from '../../../lab/jobs/session.js'
import type { FakeJob } from './fakeJobs.js'

const JOB: FakeJob = { id: 'j-1', state: 'queued', error: null, name: 'a job', done: 0, total: 1, after: [] }

/** A kind whose records are kept in memory; `refuse` says which writes fail. */
function kindOf(
  compute: JobKind<FakeJob>['compute'],
  { log = () => Promise.resolve() }: { log?: () => Promise<void> } = {},
): { kind: JobKind<FakeJob>; stored: FakeJob[]; shown: string[] } {
  const stored: FakeJob[] = [JOB]
  const shown: string[] = []
  const kind: JobKind<FakeJob> = {
    states: ['queued', 'running', 'paused', 'interrupted', 'stopped', 'finished', 'failed'],
    resumable: [],
    compute,
    store: {
      list: async () => [],
      read: async () => JOB,
      remove: async () => undefined,
      update: async (_, changes) => {
        const next = { ...(stored.at(-1) ?? JOB), ...changes }
        stored.push(next)
        return next
      },
    },
    refusal: () => new LabError('run.state', 'refused'),
    changed: ({ state }) => shown.push(state),
    lost: () => ({}),
    ending: (tools) => {
      tools.write(log)
      return {}
    },
  }
  return { kind, stored, shown }
}
const refused = (): Promise<never> => Promise.reject(new LabError('file.diskFull', 'no space left'))

it('a write that fails before the work starts keeps it from starting', async () => {
  let started = false
  const { kind, stored } = kindOf(async (tools) => {
    await tools.begin({})
    tools.write(refused)
    return tools.run(() => {
      started = true
      return { result: Promise.resolve('finished' as const), request: () => undefined }
    })
  })
  const { record, unsaved } = await startSession(kind, JOB).ended
  expect([started, unsaved, record.state, record.error?.code, stored.at(-1)?.state]).toEqual([
    false,
    false,
    'failed',
    'file.diskFull',
    'failed',
  ])
})

it('a write that fails while the work runs stops it, and nothing is written after it but the end', async () => {
  const requests: string[] = []
  const written: string[] = []
  const { kind, stored } = kindOf(async (tools) => {
    await tools.begin({})
    return tools.run(() => {
      let end: (how: 'yielded') => void = () => undefined
      tools.write(refused)
      tools.write(async () => void written.push('later'))
      return {
        result: new Promise<'yielded'>((resolve) => (end = resolve)),
        request: (request) => {
          requests.push(request)
          end('yielded')
        },
      }
    })
  })
  const { record } = await startSession(kind, JOB).ended
  expect([requests, written, record.state, stored.at(-1)?.error?.code]).toEqual([
    ['stop'],
    [],
    'failed',
    'file.diskFull',
  ])
})

it('an end that cannot be logged is stored all the same', async () => {
  const { kind, stored, shown } = kindOf(
    async (tools) => {
      await tools.begin({})
      return 'finished'
    },
    { log: refused },
  )
  expect((await startSession(kind, JOB).ended).unsaved).toBe(false)
  expect([stored.at(-1)?.state, shown.at(-1)]).toEqual(['finished', 'finished'])
})

it('a request made before the work starts reaches it', async () => {
  const { kind } = kindOf(async (tools) => {
    await tools.begin({})
    return tools.run(() => {
      let end: (how: 'yielded') => void = () => undefined
      return { result: new Promise<'yielded'>((resolve) => (end = resolve)), request: () => end('yielded') }
    })
  })
  const session = startSession(kind, JOB)
  session.request('stop')
  expect((await session.ended).record.state).toBe('stopped')
})

it.each([
  ['pause', 'cancelled', 'paused'],
  ['interrupt', 'executor.failed', 'interrupted'],
  ['pause', 'executor.failed', 'failed'],
] as const)('requested to %s, work that fails with %s ends as %s', async (request, code, state) => {
  const { kind } = kindOf(async (tools) => {
    await tools.begin({})
    return tools.run(() => {
      let fail: (error: LabError) => void = () => undefined
      return {
        result: new Promise<'finished'>((_, reject) => (fail = reject)),
        request: () => fail(new LabError(code, 'ended from outside')),
      }
    })
  })
  const session = startSession(kind, JOB)
  await session.begun
  session.request(request)
  expect((await session.ended).record).toMatchObject({ state, error: state === 'failed' ? { code } : null })
})

it('stores every change with the next save, and shows no end before it is stored', async () => {
  let seen: string[] = []
  const { kind, stored } = kindOf(async (tools) => {
    await tools.begin({})
    tools.change({ name: 'changed' })
    tools.change({ done: 1 })
    return 'finished'
  })
  const update = kind.store.update
  const session = startSession(
    {
      ...kind,
      store: {
        ...kind.store,
        update: async (id, changes) => {
          seen = [...seen, session.record.state]
          return update(id, changes)
        },
      },
    },
    JOB,
  )
  await session.ended
  expect(stored.at(-1)).toMatchObject({ name: 'changed', done: 1, state: 'finished' })
  expect(seen).toEqual(['running', 'running'])
})
