import { describe, expect, it } from 'vitest'
import type { Events, RunRecord } from '../../contract/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { openTestLab, reachEpoch, reachState, smallExperiment, weightBytes } from './lab/harness.js'

labForEachTest()

describe('a run through the real worker', () => {
  it('goes from the queue to a verdict, a model file and stored measures', async () => {
    const metrics: Events['run.metrics'][] = []
    lab.listen('run.metrics', (event) => metrics.push(event))
    const submitted = await lab.call('run.submit', { spec: smallExperiment({ spectrumEvery: 3 }) })
    expect(submitted.state).toBe('queued')
    const { id } = submitted
    const finished = await reachState(lab, id, 'finished')
    expect(finished).toMatchObject({ epoch: 6, epochs: 6, executor: 'wasm', error: null, stepsPerEpoch: 4 })
    expect(finished.verdict?.text).toMatch(/\w/)
    expect(finished.computeSeconds).toBeGreaterThan(0)
    expect(Object.keys(finished.datasetHashes).length).toBeGreaterThan(0)
    expect(Number.isFinite(finished.spectrumSlope)).toBe(true)

    const columns = await lab.call('run.metrics', { id, names: null })
    expect([...(columns.learningRate?.epoch ?? [])]).toEqual([1, 2, 3, 4, 5, 6])
    // Every stored metric went to the screen too, in its order.
    const shown = metrics
      .flatMap(({ records }) => records)
      .filter(({ name }) => name === 'meanWeightChange')
      .map(({ value }) => value)
    expect(shown).toEqual([...(columns.meanWeightChange?.value ?? [])])

    const files = (await lab.call('run.files', { id })).map(({ path }) => path)
    expect(files).toEqual(
      expect.arrayContaining(['model.pty', 'model.safetensors', 'spec.json', 'run.json', 'metrics.jsonl']),
    )
    expect((await lab.call('run.array', { id, name: 'weights', epoch: null })).shape).toEqual([16, 3072])
    const units = await lab.call('run.units', { id })
    expect([units.norms.length, units.means.length, units.variances.length, units.wins.length]).toEqual([
      16, 16, 16, 16,
    ])
    const images = await lab.call('run.unitImages', { id, unit: 3, count: 5, split: 'train' })
    expect([images.indices.length, images.pixels.length]).toEqual([5, 5 * 3072])
    expect([...images.overlaps]).toEqual([...images.overlaps].sort((a, b) => b - a))
  })

  it('learns the same bytes when it is paused and resumed on the way', async () => {
    const spec = smallExperiment({ epochs: 20 })
    const straight = await lab.call('run.submit', { spec })
    await reachState(lab, straight.id, 'finished')
    const broken = await lab.call('run.submit', { spec })
    await reachEpoch(lab, broken.id, 5)
    const paused = await lab.call('run.pause', { id: broken.id })
    expect(paused.state).toBe('paused')
    expect(paused.epoch).toBeLessThan(20)
    expect((await lab.call('run.resume', { id: broken.id })).state).toBe('queued')
    const finished = await reachState(lab, broken.id, 'finished')
    expect(finished.resumedAt).toHaveLength(1)
    expect(await weightBytes(lab, broken.id)).toEqual(await weightBytes(lab, straight.id))
    const [joined, whole] = await Promise.all(
      [broken.id, straight.id].map((id) => lab.call('run.metrics', { id, names: ['winningOverlap'] })),
    )
    expect(joined?.winningOverlap?.value).toEqual(whole?.winningOverlap?.value)
  })

  it('stops early, keeps what it has, and can go on', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 400 }) })
    await reachEpoch(lab, id, 2)
    const stopped = await lab.call('run.stop', { id })
    expect(stopped).toMatchObject({ state: 'stopped', error: null })
    expect(stopped.checkpoints.length).toBeGreaterThan(0)
    expect((await weightBytes(lab, id)).length).toBe(16 * 3072 * 4)
    expect(await codeOf(lab.call('run.pause', { id }))).toBe('run.state')
    await lab.call('run.resume', { id })
    await reachState(lab, id, 'running')
  })
})

describe('the queue', () => {
  const order = async (): Promise<string[]> =>
    (await lab.call('run.list', null))
      .filter(({ state }) => state === 'finished')
      .sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''))
      .map(({ name }) => name)
  const submit = (name: string, next = false): Promise<RunRecord> =>
    lab.call('run.submit', { spec: smallExperiment({ name, epochs: 2 }), next })

  it('runs one at a time in the order of the queue, and holds', async () => {
    await lab.call('queue.hold', { held: true })
    const [a, b, c] = [await submit('a'), await submit('b'), await submit('c', true)]
    expect((await lab.call('settings.get', null)).queueHeld).toBe(true)
    await lab.call('queue.order', { ids: [b.id, c.id, a.id] })
    expect(await codeOf(lab.call('queue.order', { ids: [b.id, c.id] }))).toBe('run.state')
    expect((await lab.call('run.get', { id: b.id })).record.state).toBe('queued')
    const states: string[] = []
    lab.listen('run.changed', ({ record }) => states.push(`${record.name} ${record.state}`))
    await lab.call('queue.hold', { held: false })
    await reachState(lab, a.id, 'finished')
    expect(await order()).toEqual(['b', 'c', 'a'])
    const running = states
      .map((text, index) => (text.endsWith('running') ? text : states[index - 1]))
      .filter((text) => text?.endsWith('running'))
    expect([...new Set(running)]).toEqual(['b running', 'c running', 'a running'])
  })

  it('removes waiting runs, not the running one', async () => {
    const first = await lab.call('run.submit', { spec: smallExperiment({ epochs: 400 }) })
    const second = await submit('b')
    await reachState(lab, first.id, 'running')
    expect(await codeOf(lab.call('run.remove', { id: first.id }))).toBe('run.state')
    await lab.call('run.remove', { id: second.id })
    expect(await codeOf(lab.call('run.get', { id: second.id }))).toBe('run.missing')
    await lab.call('run.rename', { id: first.id, name: 'better', tags: ['x'] })
    expect((await lab.call('run.get', { id: first.id })).record).toMatchObject({
      name: 'better',
      tags: ['x'],
      state: 'running',
    })
    expect(await lab.call('run.pause', { id: first.id })).toMatchObject({
      name: 'better',
      tags: ['x'],
      state: 'paused',
    })
  })
})

describe('closing and opening', () => {
  it('lets one lab at a time have an archive', async () => {
    expect(await codeOf(openTestLab(home.folder))).toBe('archive.busy')
  })

  it('closes within seconds with a checkpoint of this very step, and goes on to the same bytes', async () => {
    const spec = smallExperiment({ epochs: 24 })
    const straight = await lab.call('run.submit', { spec })
    await reachState(lab, straight.id, 'finished')
    const expected = await weightBytes(lab, straight.id)
    const { id } = await lab.call('run.submit', { spec })
    await reachEpoch(lab, id, 3)
    await lab.close()
    expect(await codeOf(lab.call('run.list', null))).toBe('link.lost')

    await openAgain()
    const { record } = await lab.call('run.get', { id })
    expect(record).toMatchObject({ state: 'interrupted', error: { code: 'run.interrupted' } })
    expect(record.epoch).toBeLessThan(24)
    await lab.call('run.resume', { id })
    await reachState(lab, id, 'finished')
    expect(await weightBytes(lab, id)).toEqual(expected)
  })
})

describe('after learning', () => {
  it('measures spectra, prunes and draws Figure A1', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ hiddenUnits: 40, epochs: 10 }) })
    await reachState(lab, id, 'finished')
    const spectrum = await lab.call('spectrum.measure', {
      id,
      layer: 'raw',
      source: 'dataset',
      images: 150,
      window: [1, 20],
    })
    expect(spectrum.eigenvalues).toHaveLength(40)
    expect(spectrum.fit?.window).toEqual([1, 20])
    expect(spectrum.images).toBe(150)
    const again = await lab.call('spectrum.measure', {
      id,
      layer: 'raw',
      source: 'dataset',
      images: 150,
      window: [1, 10],
    })
    expect(again.eigenvalues).toEqual(spectrum.eigenvalues)
    expect(
      await codeOf(
        lab.call('spectrum.measure', { id, layer: 'pruned', source: 'dataset', images: 150, window: [1, 20] }),
      ),
    ).toBe('run.nothingToShow')

    const { variances } = await lab.call('prune.plan', { id, mode: 'corrected', cutoff: null })
    const cutoff = [...variances].sort((a, b) => a - b)[35]!
    const pruning = await lab.call('prune.apply', { id, mode: 'corrected', cutoff })
    expect(pruning).toMatchObject({ removedCount: 5, manual: true, model: 'model_pruned.pty' })
    expect((await lab.call('run.get', { id })).record.pruning).toEqual(pruning)
    const pruned = await lab.call('spectrum.measure', {
      id,
      layer: 'pruned',
      source: 'dataset',
      images: 150,
      window: [1, 20],
    })
    expect([...pruned.eigenvalues].filter((value) => value > 1e-12).length).toBeLessThanOrEqual(35)

    const figure = await lab.call('figure.render', { figure: 'A1', source: { kind: 'run', run: id }, style: 'IJoCV' })
    expect(figure.svg).toMatch(/^<svg|^<\?xml/)
    const withUnits = (units: number[]): Promise<unknown> =>
      lab.call('figure.render', { figure: 'A1', source: { kind: 'run', run: id, units }, style: 'IJoCV' })
    for (const units of [[40], [3, 3], [], Array.from({ length: 17 }, (_, unit) => unit), [-1], [1.5]])
      expect([units, await codeOf(withUnits(units))]).toEqual([units, 'value.range'])
    await expect(withUnits([40])).rejects.toThrow('expected units from 0 to 39, got 40')
    await expect(withUnits([3, 3])).rejects.toThrow('got 3 twice')
    await expect(withUnits([39, 0])).resolves.toBeDefined()
    const files = await lab.call('figure.export', {
      figure: 'A1',
      source: { kind: 'run', run: id },
      style: 'IJoCV',
      formats: ['eps', 'png'],
      folder: null,
      dpi: 100,
    })
    expect(files.map(({ format }) => format)).toEqual(['eps', 'png'])
    const eps = await lab.call('run.readFile', { id, path: `figures/${files[0]!.fileName}` })
    expect(new TextDecoder().decode(eps.subarray(0, 23))).toBe('%!PS-Adobe-3.0 EPSF-3.0')
  })

  it('estimates what a run will cost', async () => {
    const estimate = await lab.call('run.estimate', { spec: smallExperiment() })
    expect(estimate).toMatchObject({ steps: 24, stepsPerEpoch: 4, checkpointCount: 2 })
    expect(estimate.seconds).toBeGreaterThan(0)
    expect(estimate.secondsNote).toMatch(/benchmarked on this machine/)
  })
})

describe('the check list', () => {
  it('names executors, processors, datasets, hosts, archive and system, with one remedy for what is missing', async () => {
    const { checks, executor } = await lab.call('lab.doctor', null)
    expect(new Set(checks.map(({ group }) => group))).toEqual(
      new Set(['executors', 'gpu', 'datasets', 'hosts', 'archive', 'system']),
    )
    expect(checks.find(({ id }) => id === 'executor.wasm')?.state).toBe('good')
    expect(checks.find(({ id }) => id === 'dataset.syntheticScenes')?.state).toBe('good')
    for (const check of checks)
      if (check.state === 'missing' || check.state === 'bad') expect(check.remedy, check.id).toMatch(/\w/)
    expect((await lab.call('lab.info', null)).executor).toBe(executor)
  })
})
