import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classifierSpec, seedStatistics, type ClassifierSpec } from '../../contract/index.js'
import { fileRows } from '../../lab/compute/rowStore.js'
import { readModelFile } from '../../lab/formats/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest } from './lab/eachTest.js'
import { reachEpoch, reachState, smallExperiment } from './lab/harness.js'

labForEachTest()

function smallClassifier(changes: { model?: object; epochs?: number; kind?: string } = {}): ClassifierSpec {
  return classifierSpec.parse({
    version: 1,
    kind: 'classifier',
    name: 'small',
    seed: 7,
    executor: 'wasm',
    dataset: {
      kind: changes.kind ?? 'syntheticScenes',
      imageLimit: 100,
      ...(changes.kind === 'mnist' ? {} : { dataSeed: 1 }),
    },
    model: changes.model ?? {
      kind: 'perceptron',
      hiddenUnits: 12,
      activationExponent: 1,
      batchNorm: true,
      imageNorm: 3,
    },
    regularisers: [{ kind: 'jacobian', strength: 1e-3, estimator: 'corrected', projections: 2 }],
    schedule: { epochs: changes.epochs ?? 4, batchSize: 25, rate: { kind: 'constant', learningRate: 1e-3 } },
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    evaluation: { every: 2, mode: 'corrected', mistakes: 6 },
    probes: { spectrumEvery: 0, spectrumImages: 50, windowStart: 1, windowEnd: 8, fieldsEvery: 1 },
    checkpoints: { every: 2, keep: 2 },
  })
}
const hybrid = (changes: object = {}): ClassifierSpec =>
  smallClassifier({ model: { kind: 'hybrid', activationExponent: 4.5, layer: null, layerForm: 'raw', ...changes } })
const modelOf = async (id: string): Promise<Uint8Array> => lab.call('run.readFile', { id, path: 'model.pty' })

describe('a classifier through the real worker', () => {
  it('goes from the queue to accuracies, curves, a confusion matrix and a model', async () => {
    const { id } = await lab.call('run.submit', { spec: smallClassifier() })
    const finished = await reachState(lab, id, 'finished')
    expect(finished).toMatchObject({
      kind: 'classifier',
      epoch: 4,
      verdict: null,
      error: null,
      group: null,
      layer: null,
      stepsPerEpoch: 4,
    })
    const metrics = await lab.call('run.metrics', { id, names: null })
    expect([...(metrics.loss?.epoch ?? [])]).toEqual([1, 2, 3, 4])
    expect([...(metrics.testAccuracy?.epoch ?? [])]).toEqual([2, 4])
    expect(finished.testAccuracy).toBe(metrics.testAccuracy?.value.at(-1))
    const confusion = await lab.call('run.array', { id, name: 'confusion', epoch: null })
    expect([...confusion.data].reduce((sum, count) => sum + count, 0)).toBe(2000)
    const mistakes = await lab.call('run.array', { id, name: 'mistakes', epoch: null })
    const images = await lab.call('dataset.images', {
      dataset: smallClassifier().dataset,
      split: 'test',
      indices: Int32Array.from({ length: 6 }, (_, row) => mistakes.data[row * 4] ?? -1),
    })
    expect([...images.labels]).toEqual(Array.from({ length: 6 }, (_, row) => mistakes.data[row * 4 + 1]))
    const model = readModelFile(await modelOf(id))
    expect(model.facts).toEqual({
      type: 'SHLP',
      inputSize: 3072,
      hiddenUnits: 12,
      classes: 10,
      activationExponent: 1,
      batchNorm: true,
      batchesSeen: 16,
    })
  })

  it('trains the same bytes when it is paused and resumed on the way', async () => {
    const spec = smallClassifier({ epochs: 30 })
    const straight = await lab.call('run.submit', { spec })
    await reachState(lab, straight.id, 'finished')
    const broken = await lab.call('run.submit', { spec })
    await reachEpoch(lab, broken.id, 5)
    expect((await lab.call('run.pause', { id: broken.id })).state).toBe('paused')
    await lab.call('run.resume', { id: broken.id })
    expect((await reachState(lab, broken.id, 'finished')).resumedAt).toHaveLength(1)
    expect(await modelOf(broken.id)).toEqual(await modelOf(straight.id))
    const [joined, whole] = await Promise.all(
      [broken.id, straight.id].map((id) =>
        lab.call('run.metrics', { id, names: ['loss', 'testAccuracy', 'penalty1'] }),
      ),
    )
    expect(joined).toEqual(whole)
  })

  it('makes a group of seeds, each a run of its own', async () => {
    const first = await lab.call('run.submit', { spec: smallClassifier({ epochs: 2 }), seeds: 3 })
    const group = (await lab.call('run.list', null))
      .filter((run) => run.group?.id === first.id)
      .sort((a, b) => (a.group?.index ?? 0) - (b.group?.index ?? 0))
    expect(group.map(({ seed, group: place }) => [seed, place?.index, place?.count])).toEqual([
      [7, 0, 3],
      [8, 1, 3],
      [9, 2, 3],
    ])
    const accuracies: number[] = []
    for (const { id } of group) accuracies.push((await reachState(lab, id, 'finished')).testAccuracy ?? NaN)
    expect(seedStatistics(accuracies)?.count).toBe(3)
    expect(
      new Set(await Promise.all(group.map(async ({ id }) => Buffer.from(await modelOf(id)).toString('base64')))).size,
    ).toBe(3)
  })
})

describe('a hybrid', () => {
  it('uses the newest layer, keeps a copy of it, and goes on when its source is gone', async () => {
    const layer = await lab.call('run.submit', { spec: smallExperiment() })
    await reachState(lab, layer.id, 'finished')
    const { id } = await lab.call('run.submit', { spec: hybrid() })
    const { spec, record } = await lab.call('run.get', { id })
    expect(spec.kind === 'classifier' && spec.model.kind === 'hybrid' ? spec.model.layer : null).toBe(layer.id)
    expect(record.layer).toMatchObject({ name: layer.id, form: 'raw', hiddenUnits: 16, lebesgueNorm: 3 })
    await reachState(lab, id, 'finished')
    await lab.call('run.remove', { id: layer.id })
    const model = readModelFile(await modelOf(id))
    expect(model.facts).toMatchObject({
      type: 'KHModel',
      hiddenUnits: 16,
      inputSize: 3072,
      classes: 10,
      activationExponent: 4.5,
      rank: 2,
      antiHebbianStrength: 0.4,
    })
    expect(model.tensors.weights).toEqual(
      readModelFile(await lab.call('run.readFile', { id, path: 'inputs/layer.pty' })).tensors.weights,
    )
    // The layer is that of the model, so a model serves as well as a layer.
    const again = await lab.call('run.submit', { spec: hybrid({ layer: id }) })
    expect((await lab.call('run.get', { id: again.id })).record.layer?.sha256).toBe(record.layer?.sha256)
  })

  it('refuses what is no layer for it', async () => {
    expect(await codeOf(lab.call('run.submit', { spec: hybrid() }))).toBe('run.missing')
    expect(await codeOf(lab.call('run.submit', { spec: hybrid({ layer: '/nowhere/at/all.pty' }) }))).toBe(
      'model.missing',
    )
    await writeFile(join(home.folder, 'nonsense.pty'), 'this is no model')
    expect(await codeOf(lab.call('run.submit', { spec: hybrid({ layer: join(home.folder, 'nonsense.pty') }) }))).toBe(
      'model.foreign',
    )
    const layer = await lab.call('run.submit', { spec: smallExperiment() })
    expect(await codeOf(lab.call('run.submit', { spec: hybrid({ layer: layer.id }) }))).toBe('model.missing')
    await reachState(lab, layer.id, 'finished')
    expect(await codeOf(lab.call('run.submit', { spec: hybrid({ layer: layer.id, layerForm: 'pruned' }) }))).toBe(
      'run.nothingToShow',
    )
    const perceptron = await lab.call('run.submit', { spec: smallClassifier({ epochs: 1 }) })
    await reachState(lab, perceptron.id, 'finished')
    expect(await codeOf(lab.call('run.submit', { spec: hybrid({ layer: perceptron.id }) }))).toBe('model.foreign')
    expect(await codeOf(lab.call('prune.plan', { id: perceptron.id, mode: 'corrected', cutoff: null }))).toBe(
      'run.kind',
    )
  })
})

describe('rows in a file', () => {
  it('come back in any order, and the file goes', () => {
    const rows = fileRows(join(home.folder, 'scratch'), 'test', 3)
    rows.write(2, Float32Array.of(7, 8, 9))
    rows.write(0, Float32Array.of(1, 2, 3, 4, 5, 6))
    const target = new Float32Array(9)
    rows.read(Int32Array.of(2, 0, 1), target)
    expect([...target]).toEqual([7, 8, 9, 1, 2, 3, 4, 5, 6])
    rows.close()
  })
})

describe('means over seeds', () => {
  it.each([
    [[0.5], 0.5, null],
    [[1, 2, 3], 2, 4.3027 / Math.sqrt(3)],
    [[0, 0, 0, 0], 0, 0],
  ] as [number[], number, number | null][])('%j', (values, mean, halfWidth) => {
    const found = seedStatistics(values)
    expect(found?.mean).toBe(mean)
    if (halfWidth === null) expect(found?.halfWidth).toBeNull()
    else expect(found?.halfWidth).toBeCloseTo(halfWidth, 3)
  })
  it('joins the table of t to its expansion', () => {
    const of = (count: number): number =>
      seedStatistics(Array.from({ length: count }, (_, index) => (index % 2 === 0 ? -1 : 1)))?.halfWidth ?? NaN
    // 41 degrees: 2.0195; with s² = 42/41 and n = 42.
    expect(of(42) / Math.sqrt(1 / 41)).toBeCloseTo(2.0195, 3)
  })
})
