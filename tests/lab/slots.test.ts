import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ExperimentSpec, RunId, RunRecord, SweepRecord } from '../../contract/index.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { reachEpoch, reachState, smallExperiment, weightBytes } from './lab/harness.js'
import { sceneModel, sweepRequest } from './lab/probeSetup.js'

labForEachTest()

const spec = (name: string, changes: Parameters<typeof smallExperiment>[0] = {}): ExperimentSpec => ({
  ...smallExperiment({ name, epochs: 12, checkpointEvery: 1, ...changes }),
  executor: 'onnx-cpu',
})
const submit = (what: ExperimentSpec): Promise<RunRecord> => lab.call('run.submit', { spec: what })
const bytesOf = async (id: RunId): Promise<Buffer> => {
  await reachState(lab, id, 'finished')
  return weightBytes(lab, id)
}
/** Compute processes that this test process has started, by the operating system's own list. */
const computeProcesses = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
        return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('computeProcess')
      } catch {
        return false
      }
    })
/** Resolves when this run computes in a compute process, with the process. */
async function processOf(id: RunId): Promise<number> {
  await reachEpoch(lab, id, 2)
  const [pid] = computeProcesses()
  if (pid === undefined) throw new Error('no compute process runs')
  return pid
}

describe.runIf(process.platform === 'linux')('two slots', { timeout: 240_000 }, () => {
  it('compute two runs at once, to the same bytes as one after the other', async () => {
    const [first, second] = [spec('a'), { ...spec('b'), seed: 8 }]
    const alone = [await bytesOf((await submit(first)).id), await bytesOf((await submit(second)).id)]
    expect(computeProcesses()).toEqual([])
    await lab.call('settings.set', { slots: 2 })
    await lab.call('queue.hold', { held: true })
    const pair = [await submit(first), await submit(second)]
    const together = new Set<number>()
    const running = new Set<RunId>()
    lab.listen('run.changed', ({ record }) => {
      if (record.state === 'running') running.add(record.id)
      else running.delete(record.id)
      together.add(running.size)
    })
    await lab.call('queue.hold', { held: false })
    const beside = await Promise.all(pair.map(({ id }) => bytesOf(id)))
    expect(together.has(2)).toBe(true)
    expect(beside.map((bytes, index) => bytes.equals(alone[index] ?? Buffer.alloc(0)))).toEqual([true, true])
    expect((await lab.call('run.get', { id: pair[1]?.id ?? '' })).record.executor).toBe('onnx-cpu')
    await lab.close()
    expect(computeProcesses()).toEqual([])
    await openAgain()
    expect(await lab.call('settings.get', null)).toMatchObject({ slots: 2, threadsPerSlot: null })
  })

  it('a compute process that is killed costs its run nothing but time, and its neighbour nothing', async () => {
    const straight = await bytesOf((await submit(spec('straight', { epochs: 40 }))).id)
    await lab.call('settings.set', { slots: 2, threadsPerSlot: 1 })
    const neighbour = await submit(spec('neighbour', { epochs: 100_000 }))
    await reachState(lab, neighbour.id, 'running')
    const { id } = await submit(spec('killed', { epochs: 40 }))
    process.kill(await processOf(id), 'SIGKILL')
    expect((await bytesOf(id)).equals(straight)).toBe(true)
    const { record } = await lab.call('run.get', { id })
    expect(record).toMatchObject({ state: 'finished', error: null })
    expect(record.resumedAt).toHaveLength(1)
    const warnings = (await lab.call('run.notices', { id }))
      .filter(({ level, topic }) => level === 'warning' && topic === 'executor')
      .map(({ text }) => text)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the compute process failed in epoch \d+: the compute process stopped during experiment: signal SIGKILL$/,
      ),
      expect.stringMatching(
        /^the run resumes from its checkpoint in epoch \d+, step \d+, in a new process \(1 of at most 3\)$/,
      ),
    ])
    expect((await lab.call('run.get', { id: neighbour.id })).record).toMatchObject({ state: 'running', resumedAt: [] })
    await lab.call('run.stop', { id: neighbour.id })
  })

  it('the only slot is a process where the settings say so, and its crash costs a run only time', async () => {
    const straight = await bytesOf((await submit(spec('straight', { epochs: 40 }))).id)
    expect(computeProcesses()).toEqual([])
    await lab.call('settings.set', { slotKind: 'process' })
    await lab.close()
    await openAgain()
    expect(await lab.call('settings.get', null)).toMatchObject({ slots: 1, slotKind: 'process' })
    const { id } = await submit(spec('killed', { epochs: 40 }))
    // As a native library ends a process: the same as process.abort() in it.
    process.kill(await processOf(id), 'SIGABRT')
    expect((await bytesOf(id)).equals(straight)).toBe(true)
    const notices = await lab.call('run.notices', { id })
    expect(notices.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^the run resumes from its checkpoint .+ in a new process \(1 of at most 3\)$/),
    )
  })

  it('a sweep goes on from its stored progress when its process is killed', async () => {
    const model = join(home.folder, 'one.safetensors')
    writeFileSync(model, writeModelFile(sceneModel(1), 'safetensors'))
    const request = sweepRequest({
      models: [{ model, label: 'A' }],
      attack: {
        kind: 'pgd',
        norm: 'linf',
        target: null,
        steps: 12,
        stepSize: 1e-2,
        stepSizeRatio: 0.1,
        randomStart: false,
      },
      grid: { from: 1e-4, to: 0.1, count: 24, spacing: 'log' },
    })
    const sweep = async (onProgress: (record: SweepRecord) => void): Promise<{ passes: unknown; texts: string[] }> => {
      const texts: string[] = []
      const { id } = await lab.call('robustness.run', request)
      const ended = await new Promise<SweepRecord>((resolve) => {
        const stop = lab.listen('robustness.changed', ({ record }) => {
          if (record.id !== id) return
          texts.push(record.text)
          onProgress(record)
          if (record.state === 'queued' || record.state === 'running') return
          stop()
          resolve(record)
        })
      })
      expect(ended).toMatchObject({ state: 'finished', error: null })
      const { passes } = await lab.call('robustness.get', { id })
      await lab.call('robustness.remove', { id })
      return { passes: passes.map(({ model: _, ...pass }) => pass), texts }
    }
    const straight = await sweep(() => undefined)
    await lab.call('settings.set', { slots: 2 })
    const neighbour = await submit(spec('neighbour', { epochs: 100_000 }))
    await reachState(lab, neighbour.id, 'running')
    let killed = false
    const killedSweep = await sweep(({ done }) => {
      if (done === 0 || killed) return
      killed = true
      process.kill(computeProcesses()[0] ?? 0, 'SIGKILL')
    })
    expect(killedSweep.passes).toEqual(straight.passes)
    expect(killedSweep.texts).toContainEqual('A, seed 1, in a new compute process (1 of at most 3)')
    await lab.call('run.stop', { id: neighbour.id })
  })

  it('a run whose process is lost four times fails with its checkpoint', async () => {
    await lab.call('settings.set', { slots: 2 })
    const neighbour = await submit(spec('neighbour', { epochs: 100_000 }))
    await reachState(lab, neighbour.id, 'running')
    const { id } = await submit(spec('killed', { epochs: 100_000 }))
    let epoch = 0
    for (let kills = 0; kills < 4; kills++) {
      epoch = (await reachEpoch(lab, id, epoch + 2)).epoch
      process.kill(computeProcesses()[0] ?? 0, 'SIGKILL')
    }
    const failed = await reachState(lab, id, 'failed')
    expect(failed).toMatchObject({
      error: { code: 'executor.failed', message: expect.stringContaining('signal SIGKILL') as string },
    })
    expect(failed.checkpoints.length).toBeGreaterThan(0)
    expect(failed.resumedAt).toHaveLength(3)
    await lab.call('run.stop', { id: neighbour.id })
  })

  it('fewer slots let what runs go on, and start no more', async () => {
    await lab.call('settings.set', { slots: 2 })
    const runs = [
      await submit(spec('a', { epochs: 100_000 })),
      await submit(spec('b', { epochs: 100_000 })),
      await submit(spec('c')),
    ]
    await Promise.all(runs.slice(0, 2).map(({ id }) => reachState(lab, id, 'running')))
    await lab.call('settings.set', { slots: 1 })
    await lab.call('run.stop', { id: runs[0]?.id ?? '' })
    expect((await lab.call('run.get', { id: runs[2]?.id ?? '' })).record.state).toBe('queued')
    await lab.call('run.stop', { id: runs[1]?.id ?? '' })
    await reachState(lab, runs[2]?.id ?? '', 'finished')
  })
})
