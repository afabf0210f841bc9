import { setFlagsFromString } from 'node:v8'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createWorkerThread,
  type JobOptions,
  type RunningJob,
  type WorkerThread,
} from '../../lab/compute/workerThread.js'

let thread: WorkerThread | null = null
afterEach(async () => {
  await thread?.terminate()
})

/** A job that ends when its gate is opened, and not before, whatever is requested. */
function gatedJob(
  on: WorkerThread,
  name: string,
  options: JobOptions<'spectrumFits'> = {},
): RunningJob<'spectrumFits'> & { open(): void } {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const job = on.start('spectrumFits', { name, gate } as never, options)
  job.result.catch(() => undefined)
  return {
    ...job,
    open: () => {
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
    },
  }
}
const gatedThread = (): WorkerThread =>
  (thread = createWorkerThread(new URL('./lab/gatedThread.mjs', import.meta.url), 'analysis'))

describe('a worker thread', () => {
  it('counts a cancelled job until the thread is free of it', async () => {
    const cancel = new AbortController()
    const on = gatedThread()
    let begin = (): void => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const first = gatedJob(on, 'first', { signal: cancel.signal, onEvent: () => begin() })
    await begun
    cancel.abort()
    await expect(first.result).rejects.toMatchObject({ code: 'cancelled' })
    expect(on.load).toBe(1)
    const second = gatedJob(on, 'second')
    expect(on.load).toBe(2)
    first.open()
    second.open()
    expect(await second.result).toBe('second')
    expect(on.load).toBe(0)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no room for this event')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no room for this event'))],
  ])('fails the job whose listener %s, and goes on with the next', async (_, onEvent) => {
    const on = gatedThread()
    const failing = gatedJob(on, 'failing', { onEvent })
    const next = gatedJob(on, 'next')
    await expect(failing.result).rejects.toThrow('no room for this event')
    expect(on.load).toBe(2)
    failing.open()
    next.open()
    expect(await next.result).toBe('next')
  })

  it('fails the job with that reason when it runs out of memory', async () => {
    // Threads started from here on get little memory, so that it is used up soon.
    setFlagsFromString('--max-old-space-size=64')
    const on = (thread = createWorkerThread(new URL('./lab/hungryThread.mjs', import.meta.url), 'analysis'))
    await expect(
      on.ask('spectrumFits', { eigenvalues: new Float64Array(3), window: [1, 3], rank: 3 }),
    ).rejects.toMatchObject({
      code: 'executor.memory',
      message: expect.stringMatching(/the analysis thread stopped during spectrumFits: .*memory/) as string,
    })
    expect(on.load).toBe(0)
  })
})
