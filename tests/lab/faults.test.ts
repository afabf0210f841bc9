import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { reachEpoch, reachState, smallExperiment, weightBytes } from './lab/harness.js'

labForEachTest({ computeThread: new URL('./lab/faultyThread.mjs', import.meta.url) })

describe('a compute thread that dies', () => {
  it('fails its run with the reason, and the next run starts in a new thread', async () => {
    const doomed = await lab.call('run.submit', {
      spec: smallExperiment({ name: 'crash', epochs: 100_000, checkpointEvery: 1 }),
    })
    const next = await lab.call('run.submit', { spec: smallExperiment({ name: 'next', epochs: 2 }) })
    const failed = await reachState(lab, doomed.id, 'failed')
    expect(failed.error).toMatchObject({ code: 'executor.failed', message: expect.stringContaining('exit code 7') })
    expect((await lab.call('run.notices', { id: doomed.id })).at(-1)).toMatchObject({
      level: 'error',
      text: expect.stringContaining('exit code 7'),
    })
    expect((await reachState(lab, next.id, 'finished')).error).toBeNull()
    expect((await lab.call('run.resume', { id: doomed.id })).state).toBe('queued')
  })
})

describe('a run that meets NaN', () => {
  it('fails, keeps its last good checkpoint, and goes on from it to the right bytes', async () => {
    const sizes = { epochs: 30, checkpointEvery: 1 }
    const straight = await lab.call('run.submit', { spec: smallExperiment(sizes) })
    await reachState(lab, straight.id, 'finished')
    const expected = await weightBytes(lab, straight.id)
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ ...sizes, name: 'poison' }) })
    await reachEpoch(lab, id, 3)
    const paused = await lab.call('run.pause', { id })
    await lab.call('run.resume', { id })
    const failed = await reachState(lab, id, 'failed')
    expect(failed.error).toMatchObject({
      code: 'run.notANumber',
      message: expect.stringMatching(/step \d+ of epoch \d+/),
    })
    expect(failed.checkpoints).toEqual(paused.checkpoints)

    await lab.close()
    await openAgain()
    await lab.call('run.resume', { id })
    await reachState(lab, id, 'finished')
    expect(await weightBytes(lab, id)).toEqual(expected)
  })
})

describe('a disk that takes nothing more', () => {
  it('ends the run with the reason, keeps what was stored, and the queue goes on', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 100_000, checkpointEvery: 1 }) })
    await reachEpoch(lab, id, 2)
    const arrays = join(home.folder, 'archive', 'runs', id, 'arrays')
    await rm(arrays, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    await writeFile(arrays, 'not a folder').catch(() =>
      rm(arrays, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }).then(() =>
        writeFile(arrays, 'not a folder'),
      ),
    )
    const failed = await reachState(lab, id, 'failed')
    expect(failed.error?.code).toMatch(/^file\./)
    expect(failed.checkpoints.length).toBeGreaterThan(0)
    const next = await lab.call('run.submit', { spec: smallExperiment({ epochs: 2 }) })
    await reachState(lab, next.id, 'finished')

    await rm(arrays)
    await lab.call('run.resume', { id })
    await reachEpoch(lab, id, failed.epoch + 1)
  })
})
