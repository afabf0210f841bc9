import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classifierSpec, type RunId, type SweepRecord } from '../../../contract/index.js'
import { codeOf } from '../lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from '../lab/eachTest.js'
import { reachState, smallExperiment } from '../lab/harness.js'
import { SCENES, sweepRequest } from '../lab/probeSetup.js'

labForEachTest()

const classifier = (seed: number) =>
  classifierSpec.parse({
    version: 1,
    kind: 'classifier',
    name: 'small',
    seed,
    executor: 'wasm',
    dataset: { kind: 'syntheticScenes', imageLimit: 100, dataSeed: 1 },
    model: { kind: 'perceptron', hiddenUnits: 12, activationExponent: 1, batchNorm: false, imageNorm: 3 },
    regularisers: [],
    schedule: { epochs: 2, batchSize: 25, rate: { kind: 'constant', learningRate: 1e-2 } },
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    evaluation: { every: 1, mode: 'corrected', mistakes: 0 },
    probes: { spectrumEvery: 0, spectrumImages: 50, windowStart: 1, windowEnd: 8, fieldsEvery: 1 },
    checkpoints: { every: 1, keep: 1 },
  })
const train = async (seed: number): Promise<RunId> => {
  const { id } = await lab.call('run.submit', { spec: classifier(seed) })
  await reachState(lab, id, 'finished')
  return id
}
const attack = async (model: string): Promise<SweepRecord> => {
  const { id } = await lab.call('robustness.run', sweepRequest({ models: [{ model, label: 'mine' }], resamples: 0 }))
  return new Promise((resolve, reject) => {
    const look = (record: SweepRecord): void => {
      if (record.id !== id || !['finished', 'failed'].includes(record.state)) return
      stop()
      if (record.state === 'finished') resolve(record)
      else reject(new Error(record.error?.message))
    }
    const stop = lab.listen('robustness.changed', ({ record }) => look(record))
    void lab.call('robustness.list', null).then((records) => records.forEach(look))
  })
}
const cell = async (id: RunId, column: string) =>
  (await lab.call('library.cells', { lines: [[id]], columns: [column] })).cells[0]?.[0]?.value

describe('results as columns of the library', { timeout: 120_000 }, () => {
  it('numbers of sweeps and spectra are those of the results, also after a restart without the caches', async () => {
    const id = await train(1)
    const sweep = await attack(id)
    const { series } = await lab.call('robustness.get', { id: sweep.id })
    const spectrum = await lab.call('spectrum.ofModel', {
      model: id,
      source: 'hidden',
      dataset: SCENES,
      split: 'train',
      imageNorm: null,
      executor: 'wasm',
      images: 60,
      units: null,
      window: [2, 8],
      mapSize: 0,
      resamples: 0,
      level: 0.95,
      shuffles: 0,
      crossValidation: null,
      seed: 1,
    })
    const expectAll = async (): Promise<void> => {
      expect(await cell(id, 'robustness.fgsm.linf.cleanAccuracy')).toBe(series[0]?.cleanAccuracy)
      expect(await cell(id, 'robustness.fgsm.linf.epsilonAtHalf')).toBe(series[0]?.epsilonAtHalf)
      expect(await cell(id, 'medianNorm')).toBe(series[0]?.criticalNorm?.median)
      expect(await cell(id, 'spectra.hidden.syntheticScenes.alpha')).toBe(spectrum.fit?.slope)
    }
    expect(series[0]?.criticalNorm?.median).toBeGreaterThan(0)
    await expectAll()
    const { lines } = await lab.call('library.table', { query: 'medianNorm > 0' })
    expect(lines.map(({ ids }) => ids)).toEqual([[id]])
    const { columns } = await lab.call('library.columns', { search: 'medianNorm', count: 10 })
    expect(columns).toMatchObject([{ name: 'robustness.fgsm.linf.medianNorm', section: 'probes', runs: 1 }])
    await lab.close()
    await openAgain()
    await expectAll()
    // A sweep that is removed takes its numbers along.
    await lab.call('robustness.remove', { id: sweep.id })
    expect(await codeOf(cell(id, 'medianNorm'))).toBe('query.invalid')
  })
  it('a mean is shown of results, not of settings and seeds', async () => {
    const ids = [await train(1), await train(2)]
    const { cells } = await lab.call('library.cells', {
      lines: [ids],
      columns: ['seed', 'accuracy', 'model.hiddenUnits'],
    })
    const accuracies = await Promise.all(ids.map((id) => cell(id, 'accuracy')))
    expect(cells[0]).toMatchObject([
      { value: null, halfWidth: null, count: 2, distinct: 2 },
      { value: ((accuracies[0] as number) + (accuracies[1] as number)) / 2, count: 2 },
      { value: 12, halfWidth: null, count: 2, distinct: 1 },
    ])
  })
  it('a curve is thinned to the points that are drawn, with its first and last value', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 9 }) })
    await reachState(lab, id, 'finished')
    const { convergedFraction: measured } = await lab.call('run.metrics', { id, names: null })
    const values = [...(measured?.value ?? [])]
    expect(values.length).toBeGreaterThan(5)
    const [all, few] = [
      await lab.call('library.curves', { ids: [id], name: 'convergedFraction', points: 1000 }),
      await lab.call('library.curves', { ids: [id], name: 'convergedFraction', points: 3 }),
    ]
    expect([...(all[0] ?? [])]).toEqual(values)
    expect([...(few[0] ?? [])]).toEqual([values[0], values[Math.round((values.length - 1) / 2)], values.at(-1)])
    expect(await lab.call('library.curves', { ids: [id], name: 'nothing', points: 3 })).toEqual([new Float64Array()])
  })
})

describe('the trash', { timeout: 60_000 }, () => {
  it('refuses a run that a figure of the archive shows, and names the figure', async () => {
    const id = await train(1)
    const figures = join(home.folder, 'archive', 'figures')
    mkdirSync(figures, { recursive: true })
    writeFileSync(join(figures, 'damaged.provenance.json'), '{')
    writeFileSync(join(figures, 'FigureA2-x.provenance.json'), JSON.stringify({ figure: 'A2', runs: [id] }))
    const trash = () => lab.call('library.edit', { kind: 'trash', ids: [id], trashed: true })
    expect(await codeOf(trash())).toBe('library.needed')
    await expect(trash()).rejects.toThrow(/Figure A2 shows it.*figures\/FigureA2-x/)
    writeFileSync(join(figures, 'FigureA2-x.provenance.json'), JSON.stringify({ figure: 'A2', runs: [] }))
    expect((await trash()).edit?.runs).toBe(1)
  })
  it('hides models of its runs from lists and from the choice of the newest layer, but not from their names', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 1 }) })
    await reachState(lab, id, 'finished')
    const names = async () => (await lab.call('model.list', null)).map(({ name }) => name)
    expect(await names()).toEqual([id])
    const gone: string[] = []
    lab.listen('run.removed', (event) => gone.push(event.id))
    await lab.call('library.edit', { kind: 'trash', ids: [id], trashed: true })
    expect(gone).toEqual([id])
    expect(await names()).toEqual([])
    expect((await lab.call('model.get', { model: id })).entry.name).toBe(id)
    const spec = classifier(1)
    const model = { kind: 'hybrid', activationExponent: 4.5, layer: null, layerForm: 'raw' } as const
    expect(await codeOf(lab.call('run.submit', { spec: { ...spec, model } }))).toBe('run.missing')
    await lab.call('library.undo', { sequence: null })
    expect(await names()).toEqual([id])
  })
})
