import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError, type RunRecord, type SweepRecord } from '../../contract/index.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { isSettled } from '../../lab/jobs/execution.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { disk, failAfter, mend } from './lab/failingDisk.js'
import { reachState, smallExperiment, weightBytes } from './lab/harness.js'
import { sceneModel, sweepRequest } from './lab/probeSetup.js'

vi.mock('node:fs/promises', async (original) => {
  const { onFailingDisk } = await import('./lab/failingDisk.js')
  return onFailingDisk(await original())
})

labForEachTest()
const archive = (): string => join(home.folder, 'archive')
let model = ''
beforeEach(() => {
  mend()
  model = join(home.folder, 'one.safetensors')
  writeFileSync(model, writeModelFile(sceneModel(1), 'safetensors'))
})

/** What a refused write is refused with, and nothing else. */
function expectDiskError(error: unknown): void {
  if (!(error instanceof LabError)) throw error
  expect(['file.diskFull', 'file.unwritable'], error.message).toContain(error.code)
  expect(error.exitCode).toBeGreaterThan(0)
}

/** The last record that the window was sent, once it has settled. */
function settledRun(id: string): Promise<RunRecord> {
  return new Promise((resolve) => {
    const look = (record: RunRecord): void => {
      if (record.id === id && isSettled(record.state)) {
        stop()
        resolve(record)
      }
    }
    const stop = lab.listen('run.changed', ({ record }) => look(record))
    void lab.call('run.get', { id }).then(({ record }) => look(record))
  })
}

function settledSweep(id: string): Promise<SweepRecord> {
  return new Promise((resolve) => {
    const look = (record: SweepRecord | undefined): void => {
      if (record?.id === id && isSettled(record.state)) {
        stop()
        resolve(record)
      }
    }
    const stop = lab.listen('robustness.changed', ({ record }) => look(record))
    void lab.call('robustness.list', null).then((records) => look(records.find((record) => record.id === id)))
  })
}

const tiny = smallExperiment({ epochs: 1, images: 50, batchSize: 25, checkpointEvery: 1 })
const half = (name: string): boolean => name.endsWith('.writing') || name.endsWith('.unfinished')
const leftovers = (folder: string): string[] => (readdirSync(folder, { recursive: true }) as string[]).filter(half)

/** Fails the next write, then the one after it, and so on until none is left. */
async function eachWrite(staysFull: boolean, attempt: (left: number) => Promise<void>): Promise<number> {
  // A full disk differs from one failure in what follows, not in where it begins.
  for (let left = 0; ; left += staysFull ? 4 : 1) {
    failAfter(archive(), left, staysFull)
    await attempt(left)
    const { failures } = disk
    mend()
    if (failures === 0) return left
    if (left > 500) throw new Error('it writes without end')
  }
}

describe.each([
  ['one write fails', false],
  ['the disk is full from one write on', true],
])('%s', { timeout: 240_000 }, (_, staysFull) => {
  it('a run stops and says so, keeps what it has, and resumes to the same bytes', async () => {
    const straight = await lab.call('run.submit', { spec: tiny })
    await reachState(lab, straight.id, 'finished')
    const expected = await weightBytes(lab, straight.id)
    const writes = await eachWrite(staysFull, async () => {
      const before = await lab.call('run.list', null)
      const made = await lab.call('run.submit', { spec: tiny }).catch((error: unknown) => {
        expectDiskError(error)
        return null
      })
      if (made === null) {
        mend()
        // What such a disk does not let go of either waits in the queue, where it can be seen and removed.
        const known = new Set(before.map(({ id }) => id))
        const left = (await lab.call('run.list', null)).filter(({ id }) => !known.has(id))
        if (!staysFull) expect(left).toEqual([])
        for (const { id } of left) {
          await settledRun(id)
          await lab.call('run.remove', { id })
        }
        return
      }
      const ended = await settledRun(made.id)
      const { failures } = disk
      mend()
      if (ended.state !== 'finished') {
        expect(ended.state).toBe('failed')
        expectDiskError(new LabError(ended.error?.code ?? 'internal', ended.error?.message ?? ''))
        await lab.call('queue.hold', { held: false })
        await lab.call('run.resume', { id: made.id })
        await reachState(lab, made.id, 'finished')
      }
      expect(await weightBytes(lab, made.id), `after ${failures} failures`).toEqual(expected)
      await lab.call('run.remove', { id: made.id })
    })
    expect(writes).toBeGreaterThan(10)
    await lab.close()
    await openAgain()
    expect((await lab.call('run.list', null)).filter(({ error }) => error !== null)).toEqual([])
    expect(leftovers(archive())).toEqual([])
  })

  it('a sweep stops and says so, and resumes to the same numbers', async () => {
    const request = sweepRequest({ models: [{ model, label: 'A' }], resamples: 0 })
    const first = await lab.call('robustness.run', request)
    await settledSweep(first.id)
    const expected = (await lab.call('robustness.get', { id: first.id })).passes
    await lab.call('robustness.remove', { id: first.id })
    const writes = await eachWrite(staysFull, async () => {
      const made = await lab.call('robustness.run', request).catch((error: unknown) => {
        expectDiskError(error)
        return null
      })
      if (made === null) {
        mend()
        expect(await lab.call('robustness.list', null)).toEqual([])
        return
      }
      const ended = await settledSweep(made.id)
      mend()
      if (ended.state !== 'finished') {
        expect(ended.state).toBe('failed')
        expectDiskError(new LabError(ended.error?.code ?? 'internal', ended.error?.message ?? ''))
        await lab.call('robustness.resume', { id: made.id })
        expect((await settledSweep(made.id)).state).toBe('finished')
      }
      expect((await lab.call('robustness.get', { id: made.id })).passes).toEqual(expected)
      await lab.call('robustness.remove', { id: made.id })
    })
    expect(writes).toBeGreaterThan(5)
    await lab.close()
    await openAgain()
    expect(await lab.call('robustness.list', null)).toEqual([])
    expect(leftovers(archive())).toEqual([])
  })

  it('a command is refused, changes nothing in memory or on disk, and succeeds afterwards', async () => {
    const finished = await lab.call('run.submit', { spec: tiny })
    await reachState(lab, finished.id, 'finished')
    await lab.call('queue.hold', { held: true })
    const waiting = [await lab.call('run.submit', { spec: tiny }), await lab.call('run.submit', { spec: tiny })]
    const { variances } = await lab.call('prune.plan', { id: finished.id, mode: 'corrected', cutoff: 1 })
    const cutoff = [...variances].sort()[8] ?? 1
    const stored = async (): Promise<unknown> => ({
      runs: (await lab.call('run.list', null)).map(({ id, name, pruning }) => [id, name, pruning !== null]),
      queue: await lab.call('queue.get', null),
      settings: await lab.call('settings.get', null),
      models: (await lab.call('model.list', null)).map(({ name }) => name),
      planes: await lab.call('plane.list', null),
      spectra: await lab.call('spectrum.list', null),
    })
    const [one, two] = waiting.map(({ id }) => id)
    const commands: (() => Promise<unknown>)[] = [
      () => lab.call('settings.set', { theme: 'dark' }),
      () => lab.call('run.rename', { id: finished.id, name: 'renamed' }),
      () => lab.call('queue.order', { ids: [two ?? '', one ?? ''] }),
      () => lab.call('queue.hold', { held: false }),
      () => lab.call('model.import', { source: { path: model }, name: 'imported' }),
      () => lab.call('model.remove', { model: 'imported' }),
      () => lab.call('prune.apply', { id: finished.id, mode: 'corrected', cutoff }),
      () => lab.call('run.remove', { id: one ?? '' }),
    ]
    for (const [place, command] of commands.entries()) {
      // A queue that goes on would change by itself.
      if (place === 3) await Promise.all(waiting.map(({ id }) => lab.call('run.pause', { id })))
      const before = await stored()
      const writes = await eachWrite(staysFull, async () => {
        await command().then(
          () => expect(disk.failures, `command ${place}`).toBe(0),
          async (error: unknown) => {
            mend()
            expectDiskError(error)
            expect(await stored(), `command ${place}`).toEqual(before)
          },
        )
      })
      // A removal only changes a name, which a full disk allows.
      if (!staysFull) expect(writes, `command ${place}`).toBeGreaterThan(0)
    }
    const after = await stored()
    await lab.close()
    await openAgain()
    expect(await stored()).toEqual(after)
    expect(leftovers(archive())).toEqual([])
  })

  it('an export is refused, leaves older files whole and nothing half written', async () => {
    const { id } = await lab.call('run.submit', { spec: tiny })
    await reachState(lab, id, 'finished')
    const folder = join(home.folder, 'out')
    mkdirSync(folder)
    const path = join(folder, 'model.npz')
    writeFileSync(path, 'older')
    for (const command of [() => lab.call('model.export', { model: id, format: 'npz', path, overwrite: true })]) {
      for (let left = 0; ; left++) {
        failAfter(folder, left, staysFull)
        const error = await command().then(
          () => null,
          (thrown: unknown) => thrown,
        )
        const { failures } = disk
        mend()
        expect(readdirSync(folder).filter(half)).toEqual([])
        if (failures === 0) break
        expectDiskError(error)
        expect(readFileSync(path, 'utf8')).toBe('older')
      }
    }
    expect(existsSync(path)).toBe(true)
    expect(readFileSync(path, 'utf8')).not.toBe('older')
  })
})
