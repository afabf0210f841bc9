import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ExperimentSpec, RunId, RunNotice, RunRecord } from '../../contract/index.js'
import type { Lab } from '../../lab/lab.js'
import { readInstallation, tensorflowFolder } from '../../lab/tensorflow/installation.js'
import { openTestLab, reachState, smallExperiment, temporaryHome, weightBytes, type Sizes } from './lab/harness.js'

/** Six epochs of four steps, with a checkpoint after the second and the fourth. */
const SIZES: Sizes = { epochs: 6, checkpointEvery: 2 }
const asking = (executor: ExperimentSpec['executor'], name: string): ExperimentSpec => ({
  ...smallExperiment({ ...SIZES, name }),
  executor,
})

const tensorflow = tensorflowFolder()
const hasTensorflow = await readInstallation(tensorflow).then(
  (found) => found?.manifest.build === 'cpu',
  () => false,
)

let home: Awaited<ReturnType<typeof temporaryHome>>
let lab: Lab
beforeEach(async () => {
  home = await temporaryHome()
  // What takes over must not depend on what this machine has beside npm's packages.
  vi.stubEnv('LOCALLEARNING_TENSORFLOW', join(home.folder, 'no-tensorflow'))
  lab = await openTestLab(home.folder, { computeThread: new URL('./lab/losingThread.mjs', import.meta.url) })
})
afterEach(async () => {
  await lab.close()
  await home.remove()
  vi.unstubAllEnvs()
})

const warnings = async (id: RunId): Promise<string[]> =>
  (await lab.call('run.notices', { id }))
    .filter(({ topic, level }) => topic === 'executor' && level === 'warning')
    .map(({ text }) => text)
const all = async (id: RunId): Promise<RunNotice[]> => lab.call('run.notices', { id })
const weightsOf = async (id: RunId): Promise<Float32Array> =>
  (await lab.call('run.array', { id, name: 'weights', epoch: null })).data as Float32Array
const run = async (spec: ExperimentSpec, end: 'finished' | 'failed' = 'finished'): Promise<RunRecord> =>
  reachState(lab, (await lab.call('run.submit', { spec })).id, end)

describe('a run whose executor is lost', () => {
  it('goes on from its last checkpoint with the next one, says so, and its curves have every epoch once', async () => {
    const expected = await run(asking('wasm', 'straight'))
    // Step 11 lies in the third epoch, behind the checkpoint of the second.
    const record = await run(asking('auto', 'onnx-cpu@11'))
    expect(record).toMatchObject({ epoch: 6, executor: 'wasm', resumedAt: [2], checkpoints: [4, 6], error: null })
    expect(record.executorNote).toContain('onnx-cpu failed earlier in this run')
    expect(await warnings(record.id)).toEqual([
      'onnx-cpu failed in epoch 3: the GPU was lost during a learning step: WebGPU device has been lost: reason 1',
      'the run resumes from its checkpoint in epoch 2, step 8, without onnx-cpu',
    ])
    const metrics = await lab.call('run.metrics', { id: record.id, names: ['convergedFraction', 'learningRate'] })
    for (const column of Object.values(metrics)) expect([...column.epoch]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...(metrics.learningRate?.value ?? [])]).toEqual([
      ...((await lab.call('run.metrics', { id: expected.id, names: ['learningRate'] })).learningRate?.value ?? []),
    ])
    // Two epochs came from the other executor, whose sums are rounded otherwise.
    const [got, wanted] = [await weightsOf(record.id), await weightsOf(expected.id)]
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    got.forEach((value, index) => expect(Math.abs(value - (wanted[index] ?? NaN))).toBeLessThan(1e-4 * largest))
  })

  it.runIf(hasTensorflow)('goes on with TensorFlow where that is installed', async () => {
    vi.stubEnv('LOCALLEARNING_TENSORFLOW', tensorflow)
    const record = await run(asking('auto', 'onnx-cpu@11'))
    expect(record).toMatchObject({ epoch: 6, executor: 'tensorflow', resumedAt: [2], error: null })
    expect(record.executorNote).toBe('the fastest available; onnx-cpu failed earlier in this run')
  })

  it('begins again, visibly, when no checkpoint was written yet, and ends at the bytes of the executor that took over', async () => {
    const expected = await run(asking('wasm', 'straight'))
    const record = await run(asking('auto', 'onnx-cpu@6'))
    expect(record).toMatchObject({ executor: 'wasm', resumedAt: [0] })
    expect((await warnings(record.id)).at(-1)).toBe(
      'the run restarts from the beginning, because no checkpoint had been written, without onnx-cpu',
    )
    expect(await weightBytes(lab, record.id)).toEqual(await weightBytes(lab, expected.id))
  })

  it('goes on in a new thread when the old one died with it', async () => {
    const record = await run(asking('auto', 'crash onnx-cpu@11'))
    expect(record).toMatchObject({ executor: 'wasm', resumedAt: [2] })
    expect((await warnings(record.id))[0]).toMatch(
      /^onnx-cpu failed in epoch 3: the compute thread stopped during experiment: exit code 7/,
    )
  })

  it('stops with what was lost first when no other is left', async () => {
    const record = await run(asking('auto', 'onnx-cpu@11 wasm@2 cpu@1'), 'failed')
    expect(record).toMatchObject({ state: 'failed', checkpoints: [2], resumedAt: [2, 2, 2] })
    expect(record.error?.code).toBe('executor.deviceLost')
    expect(record.error?.message).toMatch(/onnx-cpu failed; wasm failed; cpu failed/)
    expect((await warnings(record.id)).filter((text) => text.includes('resumes from'))).toHaveLength(3)
  })

  it('settles, with its checkpoint, when it names its executor; a resumption may name another', async () => {
    const failed = await run(asking('onnx-cpu', 'onnx-cpu@11'), 'failed')
    expect(failed).toMatchObject({ checkpoints: [2], executor: 'onnx-cpu' })
    expect(failed.error).toMatchObject({
      code: 'executor.deviceLost',
      message: expect.stringContaining(
        `the run selects onnx-cpu explicitly; resume it on the fastest available backend with \`lab resume ${failed.id} --executor auto\``,
      ) as string,
    })
    await lab.call('run.resume', { id: failed.id, executor: 'wasm' })
    expect(await reachState(lab, failed.id, 'finished')).toMatchObject({
      executor: 'wasm',
      executorAsked: 'wasm',
      executorNote: 'selected explicitly',
      resumedAt: [2],
    })
    expect((await lab.call('run.get', { id: failed.id })).spec.executor).toBe('onnx-cpu')
  })

  it('leaves a processor that ran out of memory alone, and moves off a graphics processor that did', async () => {
    const processor = await run(asking('auto', 'memory onnx-cpu@11'), 'failed')
    expect(processor.error?.code).toBe('executor.memory')
    const graphics = await run(asking('auto', 'memory onnx-cpu@11; onnx-cpu on NVIDIA H100;'))
    expect(graphics).toMatchObject({ executor: 'wasm' })
    expect((await all(graphics.id)).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('using onnx-cpu on NVIDIA H100, 80 GiB (the fastest available'),
    )
  })
})

describe('an executor that does not start', () => {
  it('is named with what is missing, and the next one is taken', async () => {
    const record = await run(asking('auto', 'onnx-cpu@start'))
    expect(record).toMatchObject({
      executor: 'wasm',
      executorNote: 'the fastest available; onnx-cpu failed to start: libcudart.so.12: cannot open shared object file',
    })
    expect(await warnings(record.id)).toEqual([
      'onnx-cpu failed to start: libcudart.so.12: cannot open shared object file',
    ])
    expect(record.device).toMatchObject({ kind: 'processor' })
  })

  it('is reported when it is half-installed', async () => {
    await mkdir(join(home.folder, 'no-tensorflow'))
    const record = await run(asking('auto', 'onnx-cpu@start'))
    expect(record.executor).toBe('wasm')
    expect(await warnings(record.id)).toContainEqual(
      expect.stringMatching(
        /^tensorflow-gpu, tensorflow failed to start: TensorFlow in .* is not completely installed: tensorflow\.json is missing$/,
      ),
    )
  })

  it('is passed over with a warning when only the settings prefer it, and fails a run that names it', async () => {
    await lab.call('settings.set', { executor: 'cpu' })
    expect(await run(asking('auto', 'quiet'))).toMatchObject({
      executor: 'cpu',
      executorNote: 'preferred in the settings',
    })
    expect((await lab.call('lab.info', null)).executor).toBe('cpu')
    const passed = await run(asking('auto', 'cpu@start'))
    expect(passed.executor).toBe('onnx-cpu')
    expect(await warnings(passed.id)).toEqual([
      'cpu is the preferred backend, but cpu failed to start: libcudart.so.12: cannot open shared object file',
    ])
    const named = await run(asking('cpu', 'cpu@start'), 'failed')
    expect(named.error).toMatchObject({
      code: 'executor.unavailable',
      message: expect.stringContaining('cpu failed to start: libcudart.so.12') as string,
    })
  })
})
