import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { LabError, type LabSettings } from '../../contract/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { openTestLab, reachState, smallExperiment } from './lab/harness.js'

/** What the last part of opening does first. */
let beforeReplays = (): Promise<void> => Promise.resolve()
vi.mock('../../lab/repro/replayStore.js', async (original) => {
  const real = await original<typeof import('../../lab/repro/replayStore.js')>()
  return {
    ...real,
    openReplayStore: async (...options: Parameters<typeof real.openReplayStore>) => {
      await beforeReplays()
      return real.openReplayStore(...options)
    },
  }
})
labForEachTest()

it('a lab that cannot be opened starts no run and releases the archive', async () => {
  const archive = join(home.folder, 'archive')
  await lab.call('queue.hold', { held: true })
  const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 2 }) })
  const settings: LabSettings = await lab.call('settings.get', null)
  await lab.close()
  await writeFile(join(archive, 'settings.json'), JSON.stringify({ ...settings, queueHeld: false }))
  const stored = (): unknown => JSON.parse(readFileSync(join(archive, 'runs', id, 'run.json'), 'utf8'))
  beforeReplays = async () => {
    // Time in which a queue that is open already would start its run.
    await passed(500)
    throw new LabError('file.diskFull', 'no space left')
  }
  expect(await codeOf(openTestLab(home.folder, { host: 'browser' }))).toBe('file.diskFull')
  expect(existsSync(join(archive, 'lock.json'))).toBe(false)
  expect(stored()).toMatchObject({ state: 'queued', startedAt: null })

  beforeReplays = () => Promise.resolve()
  await openAgain({ host: 'browser' })
  await reachState(lab, id, 'finished')
})
