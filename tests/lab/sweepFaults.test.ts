import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AttackSpec, SweepRecord } from '../../contract/index.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { sceneModel, sweepRequest } from './lab/probeSetup.js'

const LONG: AttackSpec = {
  kind: 'pgd',
  norm: 'linf',
  target: null,
  steps: 20,
  stepSize: 1e-2,
  stepSizeRatio: 0.1,
  randomStart: false,
}

labForEachTest()
let model: string
beforeEach(() => {
  model = join(home.folder, 'one.safetensors')
  writeFileSync(model, writeModelFile(sceneModel(1), 'safetensors'))
})
const folderOf = (id: string): string => join(home.folder, 'archive', 'probes', 'robustness', id)

/** Resolves with the first change of a sweep that fits. */
function reach(id: string, fits: (record: SweepRecord) => boolean): Promise<SweepRecord> {
  return new Promise((resolve, reject) => {
    const stop = lab.listen('robustness.changed', ({ record }) => look(record))
    const look = (record: SweepRecord | undefined): void => {
      if (record?.id !== id || !fits(record)) return
      stop()
      resolve(record)
    }
    lab.call('robustness.list', null).then((records) => look(records.find((record) => record.id === id)), reject)
  })
}
const settled = ({ state }: SweepRecord): boolean => state !== 'queued' && state !== 'running'

describe('sweeps and a disk that fails', { timeout: 240_000 }, () => {
  it('stops at its next step with the reason when nothing can be stored, and goes on once that is possible', async () => {
    const { id } = await lab.call(
      'robustness.run',
      sweepRequest({
        models: [{ model, label: 'A' }],
        attack: LONG,
        grid: { from: 1e-4, to: 0.1, count: 80, spacing: 'log' },
      }),
    )
    await reach(id, ({ done }) => done > 0)
    const progress = join(folderOf(id), 'progress')
    for (let made = false; !made;) {
      await rm(progress, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
      made = await writeFile(progress, 'not a folder').then(
        () => true,
        () => false,
      )
    }
    const failed = await reach(id, settled)
    expect(failed).toMatchObject({ state: 'failed', error: { code: expect.stringMatching(/^file\./) as string } })
    expect(failed.done).toBeLessThan(failed.total)
    expect(JSON.parse(readFileSync(join(folderOf(id), 'sweep.json'), 'utf8'))).toMatchObject({
      state: 'failed',
      error: { code: failed.error?.code },
    })
    await rm(progress)
    await lab.call('robustness.resume', { id })
    await reach(id, ({ state, done }) => state === 'running' && done > 0)
    await lab.call('robustness.pause', { id })
  })

  it('removed while its last record is written, it stays removed', async () => {
    for (let round = 0; round < 3; round++) {
      const { id } = await lab.call(
        'robustness.run',
        sweepRequest({ models: [{ model, label: 'A' }], seeds: [1], resamples: round }),
      )
      await reach(id, settled)
      await lab.call('robustness.remove', { id })
      await lab.call('robustness.list', null)
      expect(existsSync(folderOf(id))).toBe(false)
    }
    await lab.close()
    await openAgain()
    expect(await lab.call('robustness.list', null)).toEqual([])
  })

  it('a record that cannot be read, or of a newer version, is shown with the reason, kept as it is, and hides no other', async () => {
    const ids = await Promise.all(
      ['first', 'second', 'third'].map(
        async (name) => (await lab.call('robustness.run', sweepRequest({ name, models: [{ model, label: 'A' }] }))).id,
      ),
    )
    const [damaged = '', newer = '', whole = ''] = ids
    await Promise.all(ids.map((id) => reach(id, settled)))
    await lab.close()
    const path = (id: string): string => join(folderOf(id), 'sweep.json')
    const future = JSON.stringify({
      ...(JSON.parse(readFileSync(path(newer), 'utf8')) as SweepRecord),
      version: 2,
      more: true,
    })
    writeFileSync(path(damaged), 'not what it was')
    writeFileSync(path(newer), future)
    await openAgain()
    const records = new Map((await lab.call('robustness.list', null)).map((record) => [record.id, record]))
    expect(records.get(damaged)).toMatchObject({ state: 'failed', error: { code: 'file.damaged' } })
    expect(records.get(newer)).toMatchObject({ state: 'failed', error: { code: 'archive.newerVersion' } })
    expect(records.get(whole)).toMatchObject({ state: 'finished', error: null })
    expect(await codeOf(lab.call('robustness.resume', { id: damaged }))).toBe('file.damaged')
    expect(await codeOf(lab.call('robustness.resume', { id: newer }))).toBe('archive.newerVersion')
    expect((await lab.call('robustness.get', { id: newer })).passes).toEqual([])
    expect([readFileSync(path(damaged), 'utf8'), readFileSync(path(newer), 'utf8')]).toEqual([
      'not what it was',
      future,
    ])
    await lab.call('robustness.remove', { id: damaged })
    expect((await lab.call('robustness.list', null)).map(({ id }) => id).sort()).toEqual([newer, whole].sort())
  })
})
