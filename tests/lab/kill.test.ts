import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestLab, reachState, smallExperiment, temporaryHome, weightBytes } from './lab/harness.js'
import { aLine, killedProcess } from './lab/killedProcess.js'

const holder = new URL('./lab/holder.ts', import.meta.url).pathname
const EPOCHS = 24

/** Starts a run in a process of its own and kills the process without warning once it has learnt for some epochs. */
async function killInMidRun(folder: string, epoch: number): Promise<string> {
  return (await killedProcess(holder, [folder, String(epoch), String(EPOCHS)], aLine)).trim()
}

describe('a process killed in mid-run', () => {
  let home: Awaited<ReturnType<typeof temporaryHome>>
  beforeEach(async () => {
    home = await temporaryHome()
  })
  afterEach(() => home.remove())

  it.each([1, 7])('leaves an interrupted run that goes on to the same bytes (killed after epoch %i)', async (epoch) => {
    const id = await killInMidRun(home.folder, epoch)
    const lab = await openTestLab(home.folder)
    try {
      expect((await lab.call('run.get', { id })).record).toMatchObject({
        state: 'interrupted',
        error: { code: 'run.interrupted' },
      })
      await lab.call('run.resume', { id })
      await reachState(lab, id, 'finished')
      const straight = await lab.call('run.submit', { spec: smallExperiment({ epochs: EPOCHS }) })
      await reachState(lab, straight.id, 'finished')
      expect(await weightBytes(lab, id)).toEqual(await weightBytes(lab, straight.id))
      const metrics = await Promise.all(
        [id, straight.id].map((run) => lab.call('run.metrics', { id: run, names: ['meanWeightChange'] })),
      )
      expect(metrics[0]).toEqual(metrics[1])
    } finally {
      await lab.close()
    }
  })
})
