import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunId, RunRecord } from '../../contract/index.js'
import { runsOfModels } from '../../lab/compare/runOfModel.js'
import type { Lab } from '../../lab/lab.js'
import { codeOf } from './lab/codeOf.js'
import { openTestLab, reachState, smallExperiment, temporaryHome } from './lab/harness.js'
import { sweepRequest, SCENES } from './lab/probeSetup.js'

let lab: Lab
let home: Awaited<ReturnType<typeof temporaryHome>>
/** Three seeds of two sizes. */
let small: RunId[]
let large: RunId[]
/** Fields of 6 x 6 x 1. */
let other: RunRecord

async function seeds(hiddenUnits: number): Promise<RunId[]> {
  const spec = smallExperiment({ name: `${hiddenUnits} units`, hiddenUnits, epochs: 2, spectrumEvery: 2 })
  const first = await lab.call('run.submit', { spec, seeds: 3 })
  const ids = (await lab.call('run.list', null)).filter(({ group }) => group?.id === first.id).map(({ id }) => id)
  for (const id of ids) await reachState(lab, id, 'finished')
  return ids.reverse()
}

beforeAll(async () => {
  home = await temporaryHome()
  lab = await openTestLab(home.folder)
  small = await seeds(12)
  large = await seeds(18)
  const spec = smallExperiment({ name: 'noise', hiddenUnits: 8, epochs: 1 })
  other = await lab.call('run.submit', {
    spec: {
      ...spec,
      dataset: { kind: 'gaussianNoise', imageLimit: 100, mean: 0, standardDeviation: 1, dataSeed: 1, shape: [6, 6, 1] },
    } as typeof spec,
  })
  await reachState(lab, other.id, 'finished')
}, 120_000)
afterAll(async () => {
  await lab.close()
  await home.remove()
})

const groupsOf = (ids: readonly RunId[] | null, groupBy: 'seeds' | 'runs' | string[], query = ''): Promise<RunId[][]> =>
  lab.call('compare.groups', { ids: ids === null ? null : [...ids], query, groupBy })

describe('groups of runs', () => {
  it('are seeds of one specification, single runs, or the values of a column', async () => {
    const mixed = [large[0], small[0], large[1], small[2]].map((id) => id ?? '')
    expect(await groupsOf(mixed, 'seeds')).toEqual([
      [large[0], large[1]],
      [small[0], small[2]],
    ])
    expect(await groupsOf(mixed, 'runs')).toEqual(mixed.map((id) => [id]))
    expect(await groupsOf([...small, ...large], ['seed'])).toEqual(small.map((id, place) => [id, large[place]]))
    expect((await groupsOf(null, ['layer.hiddenUnits'], 'hiddenUnits > 10')).map((ids) => ids.length)).toEqual([3, 3])
  })
  it('of one experiment alone are its runs, and a run that is gone stays by itself', async () => {
    expect(await groupsOf(small, 'seeds')).toEqual(small.map((id) => [id]))
    expect(await groupsOf(['r-0badbad0', small[0] ?? '', large[0] ?? ''], 'seeds')).toEqual([
      ['r-0badbad0'],
      [small[0]],
      [large[0]],
    ])
  })
  it('of a wrong query are refused with its place', async () => {
    expect(await codeOf(groupsOf(null, ['nothing such'], ''))).toBe('query.invalid')
  })
})

describe('a comparison', () => {
  it('reads settings and measures of finished runs and pairs them by seed', async () => {
    const found = await lab.call('compare.runs', { groups: [small, large], measures: [], baseline: 0 })
    expect(found.groups.map(({ name }) => name)).toEqual(['hidden units 12', 'hidden units 18'])
    expect(found.settings.differing.map(({ path }) => path)).toEqual(['layer.hiddenUnits'])
    expect(found.settings.equal.length).toBeGreaterThan(15)
    expect(found.measures.map(({ name }) => name)).toContain('alpha')
    const alpha = found.measures.find(({ name }) => name === 'alpha')
    const records = new Map((await lab.call('run.list', null)).map((record) => [record.id, record]))
    const slope = (id: RunId | undefined): number => records.get(id ?? '')?.spectrumSlope ?? NaN
    expect(alpha?.cells[1]?.samples.map(({ value }) => value)).toEqual(large.map(slope))
    expect(alpha?.differences[1]?.pairs.map(({ difference }) => difference)).toEqual(
      large.map((id, place) => slope(id) - slope(small[place])),
    )
    expect(alpha?.differences[1]?.kind).toBe('paired')
    expect(found.tests.pairedT).toBeGreaterThan(0)
  })
  it('takes reduced measures and values at an epoch, and names those that no run has', async () => {
    const measures = ['max(meanWeightChange)', 'at(meanWeightChange, 1)', 'foo']
    const found = await lab.call('compare.runs', { groups: [small, large], measures, baseline: 1 })
    expect(found.unknown).toEqual(['foo'])
    expect(found.measures.map(({ label }) => label)).toEqual([
      'Mean weight change, largest',
      'Mean weight change, epoch 1',
    ])
    const curve = await lab.call('run.metrics', { id: small[0] ?? '', names: ['meanWeightChange'] })
    expect(found.measures[1]?.cells[0]?.samples[0]?.value).toBe(curve.meanWeightChange?.value[0])
    expect(found.measures[0]?.differences[1]?.kind).toBe('baseline')
  })
  it('refuses texts, nine groups and runs that are all gone', async () => {
    const one = [small[0] ?? '']
    expect(await codeOf(lab.call('compare.runs', { groups: [one], measures: ['name'], baseline: 0 }))).toBe(
      'value.range',
    )
    const nine = Array.from({ length: 9 }, () => one)
    expect(await codeOf(lab.call('compare.runs', { groups: nine, measures: [], baseline: 0 }))).toBe('value.range')
    const gone = lab.call('compare.runs', { groups: [['r-0badbad0']], measures: [], baseline: 0 })
    expect(await codeOf(gone)).toBe('run.missing')
  })
  it('goes on without a run whose folder was deleted by hand', async () => {
    const spec = smallExperiment({ name: 'lost', epochs: 1 })
    const { id } = await lab.call('run.submit', { spec })
    await reachState(lab, id, 'finished')
    await rm(join(home.folder, 'archive', 'runs', id), { recursive: true })
    const found = await lab.call('compare.runs', { groups: [[id], small, large], measures: [], baseline: 1 })
    expect(found.gone).toEqual([id])
    expect(found.groups).toHaveLength(2)
    // The baseline is still the group that was asked for.
    expect(found.groups[found.baseline]?.name).toBe('hidden units 12')
    expect(found.notes).toEqual([expect.stringContaining(id)])
  })
})

describe('results of probes', () => {
  it('are the recorded spectra of the runs and the sweeps that attacked them', async () => {
    const before = await lab.call('compare.probes', { groups: [small, large] })
    expect(before.attacks).toEqual([])
    const [recorded] = before.spectra
    expect(recorded?.label).toContain('as recorded by the runs')
    expect(recorded?.groups.map((own) => own.length)).toEqual([3, 3])
    expect(recorded?.groups[0]?.[0]?.fit?.window).toBeDefined()
    await lab.call('spectrum.ofModel', {
      model: small[1] ?? '',
      source: 'hidden',
      dataset: SCENES,
      split: 'train',
      imageNorm: null,
      executor: 'wasm',
      images: 100,
      units: null,
      window: null,
      mapSize: 0,
      resamples: 0,
      level: 0.95,
      shuffles: 0,
      crossValidation: null,
      seed: 1,
    })
    const after = await lab.call('compare.probes', { groups: [small, large] })
    expect(after.spectra.map(({ groups }) => groups.map((own) => own.map(({ run }) => run)))).toEqual([
      [small, large],
      [[small[1]], []],
    ])
  })
  it('of a model are found by its id, and by a name that one run alone has', () => {
    const runOf = runsOfModels([
      { id: 'r-00000001', name: 'one' },
      { id: 'r-00000002', name: 'two' },
      { id: 'r-00000003', name: 'two' },
    ])
    expect(runOf('r-00000002/pruned')).toEqual({ id: 'r-00000002', form: 'pruned' })
    expect(runOf('one')).toEqual({ id: 'r-00000001', form: 'raw' })
    expect(runOf('two')).toBeNull()
    expect(runOf('/tmp/model.pty')).toBeNull()
  })
})

describe('receptive fields of two layers', () => {
  it('are matched one to one in a thread of their own', async () => {
    const [a = '', b = ''] = [small[0], large[0]]
    const match = await lab.call('compare.fields', {
      a: { run: a, form: 'raw' },
      b: { run: b, form: 'raw' },
      null: 'turned',
      seed: 1,
    })
    expect(match.a.units).toBe(12)
    expect(match.b.units).toBe(18)
    expect(match.unitsOfA).toHaveLength(12)
    expect(new Set(match.unitsOfB).size).toBe(12)
    expect(match.unmatchedOfB).toHaveLength(6)
    expect(match.shape).toEqual([32, 32, 3])
    const self = await lab.call('compare.fields', {
      a: { run: a, form: 'raw' },
      b: { run: a, form: 'raw' },
      null: 'shuffled',
      seed: 1,
    })
    expect([...self.unitsOfA]).toEqual([...self.unitsOfB])
    for (const cosine of self.cosines) expect(cosine).toBeCloseTo(1, 10)
  })
  it('of images of another size are refused with both names', async () => {
    const call = lab.call('compare.fields', {
      a: { run: small[0] ?? '', form: 'raw' },
      b: { run: other.id, form: 'raw' },
      null: 'turned',
      seed: 1,
    })
    await expect(call).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: expect.stringMatching(/32 x 32 x 3 \(12 units.*6 x 6 x 1 \(noise/),
    })
  })
  it('end when they are cancelled', async () => {
    const ending = new AbortController()
    const call = lab.call(
      'compare.fields',
      { a: { run: small[0] ?? '', form: 'raw' }, b: { run: large[0] ?? '', form: 'raw' }, null: 'turned', seed: 1 },
      { signal: ending.signal },
    )
    ending.abort()
    expect(await codeOf(call)).toBe('cancelled')
  })
})

it('numbers under an attack are measures of the runs that were attacked', async () => {
  const spec = { ...JSON.parse(JSON.stringify(await quickClassifier())) }
  const first = await lab.call('run.submit', { spec, seeds: 3 })
  const ids = (await lab.call('run.list', null)).filter(({ group }) => group?.id === first.id).map(({ id }) => id)
  for (const id of ids) await reachState(lab, id, 'finished')
  const models = ids.map((id) => ({ model: id, label: id }))
  const sweep = await lab.call('robustness.run', sweepRequest({ models }))
  for (let record = sweep; record.state !== 'finished';) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    record = (await lab.call('robustness.list', null)).find(({ id }) => id === sweep.id) ?? sweep
  }
  const groups = [ids, small]
  const { attacks } = await lab.call('compare.probes', { groups })
  expect(attacks.map(({ sweeps }) => sweeps)).toEqual([[sweep.id]])
  expect(attacks[0]?.groups[1]).toBeNull()
  const result = await lab.call('robustness.get', { id: sweep.id })
  const kept = result.series.reduce((sum, { keptImages }) => sum + keptImages, 0)
  expect(attacks[0]?.groups[0]?.keptImages).toBe(kept)
  const name = `criticalNorm:${attacks[0]?.key ?? ''}`
  const compared = await lab.call('compare.runs', { groups, measures: [name], baseline: 0 })
  expect(compared.available.map((measure) => measure.name)).toContain(name)
  const medians = ids.flatMap((id) => result.series.find(({ label }) => label === id)?.criticalNorm?.median ?? [])
  expect(compared.measures[0]?.cells[0]?.samples.map(({ value }) => value)).toEqual(medians)
  // A model that no size fooled has no median.
  expect(compared.measures[0]?.cells[0]?.missing).toBe(3 - medians.length)
  expect(compared.measures[0]?.cells[1]?.missing).toBe(3)
}, 60_000)

async function quickClassifier(): Promise<unknown> {
  const presets = await lab.call('preset.list', null)
  const spec = presets.find(({ id }) => id === 'quick-classifier')?.spec
  if (spec?.kind !== 'classifier') throw new Error('there is no quick classifier')
  return {
    ...spec,
    executor: 'wasm',
    dataset: SCENES,
    model: { ...spec.model, hiddenUnits: 10 },
    schedule: { ...spec.schedule, epochs: 2 },
    probes: { ...spec.probes, spectrumEvery: 0, spectrumImages: 100, windowEnd: 8 },
  }
}
