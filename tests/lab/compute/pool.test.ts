import { describe, expect, it } from 'vitest'
import { LabError } from '../../../contract/index.js'
import { createComputePool, type ComputePool } from '../../../lab/compute/computePool.js'
import type { WorkerThread } from '../../../lab/compute/workerThread.js'
import { codeOf } from '../lab/codeOf.js'

/** Slots whose jobs end when the test says so. */
function fakePool(slots: () => number): {
  pool: ComputePool
  started: string[]
  finish(name: string): void
  requests: string[]
} {
  const started: string[] = []
  const requests: string[] = []
  const running = new Map<string, () => void>()
  const open = (index: number): WorkerThread => {
    let load = 0
    const start = (_name: string, input: unknown) => {
      const name = String(input)
      load++
      started.push(`${name} on ${index}`)
      const result = new Promise((resolve) =>
        running.set(name, () => {
          load--
          resolve(name)
          pool.look()
        }),
      )
      return { result, request: (request: string) => requests.push(`${name} ${request}`) }
    }
    return {
      start,
      ask: (name: string, input: unknown) => start(name, input).result,
      get load() {
        return load
      },
      terminate: async () => undefined,
    } as unknown as WorkerThread
  }
  const pool = createComputePool(open, slots)
  return { pool, started, requests, finish: (name) => running.get(name)?.() }
}
const start = (pool: ComputePool, name: string, signal?: AbortSignal): ReturnType<ComputePool['start']> =>
  pool.start('spectrumFits', name as never, signal === undefined ? {} : { signal })

describe('a pool of slots', () => {
  it('gives jobs to the first free slot, and lets others wait in their order', async () => {
    const { pool, started, finish } = fakePool(() => 2)
    const jobs = ['a', 'b', 'c', 'd'].map((name) => start(pool, name))
    expect([started, pool.load]).toEqual([['a on 0', 'b on 1'], 4])
    finish('b')
    expect(await jobs[1]?.result).toBe('b')
    finish('a')
    expect(started).toEqual(['a on 0', 'b on 1', 'c on 1', 'd on 0'])
    finish('d')
    finish('c')
    expect([await jobs[2]?.result, await jobs[3]?.result, pool.load]).toEqual(['c', 'd', 0])
  })

  it('keeps a request until its job starts, and cancels a waiting job at once', async () => {
    const { pool, started, finish, requests } = fakePool(() => 1)
    start(pool, 'a')
    const cancel = new AbortController()
    const cancelled = start(pool, 'b', cancel.signal)
    const paused = start(pool, 'c')
    paused.request('pause')
    cancel.abort()
    expect(await codeOf(cancelled.result)).toBe('cancelled')
    expect([requests, pool.load]).toEqual([[], 2])
    finish('a')
    expect([started, requests]).toEqual([['a on 0', 'c on 0'], ['c pause']])
  })

  it('starts waiting jobs when there are more slots, and none beyond fewer', async () => {
    let slots = 1
    const { pool, started, finish } = fakePool(() => slots)
    for (const name of ['a', 'b', 'c']) start(pool, name)
    slots = 2
    pool.look()
    expect(started).toEqual(['a on 0', 'b on 1'])
    slots = 1
    finish('b')
    expect(started).toHaveLength(2)
    finish('a')
    expect(started.at(-1)).toBe('c on 0')
  })

  it('fails what waits when it is terminated', async () => {
    const { pool, started } = fakePool(() => 1)
    start(pool, 'a')
    const waiting = start(pool, 'b').result.catch((error: unknown) => error)
    await pool.terminate()
    expect(await waiting).toBeInstanceOf(LabError)
    expect(started).toEqual(['a on 0'])
  })
})
