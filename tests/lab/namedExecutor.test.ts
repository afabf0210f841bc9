import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EvaluationRequest, ExecutorName, PlaneRequest, SpectrumRequest } from '../../contract/index.js'
import { openWorkerResources } from '../../lab/compute/workerResources.js'
import { threadFor } from '../../lab/compute/interactiveThread.js'
import type { WorkerThread } from '../../lab/compute/workerThread.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { reachEpoch, smallExperiment } from './lab/harness.js'
import { SCENES, sceneModel } from './lab/probeSetup.js'

describe('the thread of a computation that a page waits for', () => {
  const threads = (load: number, job: string | null) => ({
    compute: { name: 'compute', load } as unknown as WorkerThread,
    analysis: { name: 'analysis', load: 0 } as unknown as WorkerThread,
    computing: () => job,
  })
  const nameFor = (load: number, job: string | null, executor: ExecutorName | 'auto'): unknown =>
    (threadFor(threads(load, job), executor) as unknown as { name: string }).name
  it('is the compute thread while that is idle, for any executor', () => {
    for (const executor of ['auto', 'wasm', 'cpu', 'onnx-cpu', 'tensorflow'] as const)
      expect(nameFor(0, null, executor)).toBe('compute')
  })
  it('is the other one behind something else for what both have, and never for a named native executor', () => {
    for (const executor of ['auto', 'wasm', 'cpu'] as const) expect(nameFor(1, 'r-1', executor)).toBe('analysis')
    expect(nameFor(1, null, 'onnx-cpu')).toBe('compute')
    expect(() => nameFor(1, 'r-1', 'onnx-cpu')).toThrow(
      expect.objectContaining({
        code: 'executor.busy',
        message: 'onnx-cpu cannot be used while r-1 computes',
      }) as Error,
    )
  })
  it('replaces no executor itself', async () => {
    const bench = openWorkerResources({ role: 'analysis', threads: null, entry: 'file:///none' })
    await expect(bench.executor({ asked: 'onnx-cpu', preferred: 'auto', avoid: [] })).rejects.toMatchObject({
      code: 'internal',
    })
  })
})

describe('while a run computes', { timeout: 120_000 }, () => {
  labForEachTest()
  let model: string
  beforeEach(() => {
    model = join(home.folder, 'one.safetensors')
    writeFileSync(model, writeModelFile(sceneModel(1), 'safetensors'))
  })
  const spectrum = (executor: ExecutorName | 'auto'): SpectrumRequest => ({
    model,
    source: 'hidden',
    dataset: SCENES,
    split: 'test',
    imageNorm: null,
    executor,
    images: 50,
    units: null,
    window: [1, 8],
    mapSize: 0,
    resamples: 0,
    level: 0.95,
    shuffles: 0,
    crossValidation: null,
    seed: 1,
  })
  const plane = (executor: ExecutorName | 'auto'): PlaneRequest => ({
    models: [{ model, label: 'A' }],
    dataset: SCENES,
    split: 'test',
    imageNorm: null,
    executor,
    plane: { kind: 'random', image: 0, seed: 1 },
    first: [-1, 1],
    second: [-1, 1],
    size: 5,
    jacobian: 'corrected',
    ticket: null,
  })
  const evaluation = (executor: ExecutorName | 'auto'): EvaluationRequest => ({
    model,
    dataset: SCENES,
    split: 'test',
    images: 20,
    lebesgueNorm: null,
    executor,
    logits: 0,
  })

  it('a named executor is refused with what has it, auto computes on WebAssembly and says so', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 5000 }) })
    await reachEpoch(lab, id, 1)
    const asked = [
      () => lab.call('plane.compute', plane('onnx-cpu')),
      () => lab.call('model.evaluate', evaluation('onnx-cpu')),
      () =>
        lab.call('robustness.card', {
          model,
          dataset: SCENES,
          split: 'test',
          imageNorm: null,
          executor: 'onnx-cpu',
          images: 10,
          seed: 1,
        }),
    ]
    for (const ask of asked) expect(await codeOf(ask())).toBe('executor.busy')
    expect((await lab.call('plane.compute', plane('auto'))).origin.executor).toBe('wasm')
    expect((await lab.call('model.evaluate', evaluation('wasm'))).executor).toBe('wasm')
    await lab.call('run.stop', { id })
    const named = await lab.call('plane.compute', plane('onnx-cpu'))
    expect(named.origin.executor).toBe('onnx-cpu')
    expect((await lab.call('plane.compute', plane('onnx-cpu'))).id).toBe(named.id)
  })

  it('results of another version of the program are computed again', async () => {
    const first = await lab.call('spectrum.ofModel', spectrum('wasm'))
    expect((await lab.call('spectrum.ofModel', spectrum('wasm'))).origin.createdAt).toBe(first.origin.createdAt)
    const folder = join(home.folder, 'archive', 'probes', 'spectra')
    await lab.close()
    for (const id of readdirSync(folder))
      expect(readFileSync(join(folder, id, 'result.json'), 'utf8')).toContain('0.0.0-test')
    await openAgain({ version: '0.0.1-test' })
    const again = await lab.call('spectrum.ofModel', spectrum('wasm'))
    expect(again.id).not.toBe(first.id)
    expect(again.origin.versions['workbench']).toBe('0.0.1-test')
    expect([...again.eigenvalues]).toEqual([...first.eigenvalues])
  })
})
