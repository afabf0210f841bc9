import { describe, expect, it } from 'vitest'
import { openTestLab, reachState, smallExperiment, temporaryHome } from './lab/harness.js'

describe('a compute thread that dies', () => {
  it('fails its run with the reason, and the next run starts in a new thread', async () => {
    const home = await temporaryHome()
    const lab = await openTestLab(home.folder, { computeThread: new URL('./lab/crashingThread.mjs', import.meta.url) })
    try {
      const doomed = await lab.call('run.submit', { spec: smallExperiment({ name: 'crash', epochs: 100_000, checkpointEvery: 1 }) })
      const next = await lab.call('run.submit', { spec: smallExperiment({ name: 'next', epochs: 2 }) })
      const failed = await reachState(lab, doomed.id, 'failed')
      expect(failed.error).toMatchObject({ code: 'executor.failed', message: expect.stringContaining('exit code 7') })
      expect((await lab.call('run.notices', { id: doomed.id })).at(-1)).toMatchObject({ level: 'error', text: expect.stringContaining('exit code 7') })
      expect((await reachState(lab, next.id, 'finished')).error).toBeNull()
      expect((await lab.call('run.resume', { id: doomed.id })).state).toBe('queued')
    } finally {
      await lab.close()
      await home.remove()
    }
  })
})
