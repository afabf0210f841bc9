import { setFlagsFromString } from 'node:v8'
import { expect, it } from 'vitest'
import { createWorkerThread } from '../../lab/compute/workerThread.js'

it('a thread that runs out of memory fails its job with that reason', async () => {
  // Threads started from here on get little memory, so that it is gone soon.
  setFlagsFromString('--max-old-space-size=64')
  const thread = createWorkerThread(new URL('./lab/hungryThread.mjs', import.meta.url), 'analysis')
  await expect(thread.ask('spectrumFits', { eigenvalues: new Float64Array(3), window: [1, 3], rank: 3 })).rejects.toMatchObject({ code: 'executor.memory', message: expect.stringMatching(/the analysis thread stopped during spectrumFits: .*memory/) as string })
  expect(thread.load).toBe(0)
})
