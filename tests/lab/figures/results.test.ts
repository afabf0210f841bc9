import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FIGURE_FACTS,
  LabError,
  labelIdentities,
  LOOK_COLOURS,
  parseFigureFile,
  slotOfLook,
  type AttackSpec,
  type FigureModel,
  type FigureName,
  type FigureProvenance,
  type Look,
  type FigureResults,
  type ModelSpectrum,
  type PlaneResult,
  type ResultName,
  type RobustnessResult,
  type SweepRecord,
} from '../../../contract/index.js'
import { writeModelFile } from '../../../lab/formats/index.js'
import type { Lab } from '../../../lab/lab.js'
import { openTestLab, temporaryHome } from '../lab/harness.js'
import { SCENES, sceneModel, sweepRequest } from '../lab/probeSetup.js'

const PGD: AttackSpec = {
  kind: 'pgd',
  norm: 'linf',
  target: null,
  steps: 2,
  stepSize: 1e-2,
  stepSizeRatio: 0.4,
  randomStart: false,
}
const FGSM: AttackSpec = { kind: 'fgsm', norm: 'linf', target: null }
let home: Awaited<ReturnType<typeof temporaryHome>>
let lab: Lab
const files: Record<'KH' | 'BP', string> = { KH: '', BP: '' }
const sweeps: Record<string, RobustnessResult> = {}
const spectra: Record<string, ModelSpectrum> = {}
const planes: Record<string, PlaneResult> = {}

async function sweep(
  name: string,
  attack: AttackSpec,
  labels: readonly ('KH' | 'BP')[],
  criticalOnly = false,
): Promise<void> {
  const { id } = await lab.call(
    'robustness.run',
    sweepRequest({
      name,
      attack,
      models: labels.map((label) => ({ label, model: files[label] })),
      images: 10,
      grid: { from: 1e-3, to: 0.3, count: 6, spacing: 'log' },
      criticalOnly,
    }),
  )
  await new Promise<void>((resolve, reject) => {
    const look = (record: SweepRecord | undefined): void => {
      if (record?.id !== id || (record.state !== 'finished' && record.state !== 'failed')) return
      stop()
      if (record.state === 'failed') reject(new Error(record.error?.message))
      else resolve()
    }
    const stop = lab.listen('robustness.changed', ({ record }) => look(record))
    lab.call('robustness.list', null).then((records) => look(records.find((record) => record.id === id)), reject)
  })
  sweeps[name] = await lab.call('robustness.get', { id })
}
beforeAll(async () => {
  home = await temporaryHome()
  lab = await openTestLab(home.folder)
  for (const [label, seed] of [
    ['KH', 1],
    ['BP', 2],
  ] as const) {
    files[label] = join(home.folder, `${label}.safetensors`)
    writeFileSync(files[label], writeModelFile(sceneModel(seed), 'safetensors'))
  }
  await sweep('noise', { kind: 'random' }, ['BP', 'KH'])
  await sweep('one step', FGSM, ['BP', 'KH'])
  await sweep('steps, KH', PGD, ['KH'])
  await sweep('steps, BP', PGD, ['BP'])
  await sweep('quick', FGSM, ['KH'], true)
  for (const label of ['KH', 'BP'] as const) {
    const request = {
      model: files[label],
      source: 'hidden',
      split: 'test',
      imageNorm: null,
      executor: 'wasm',
      images: 60,
      units: [4, 12],
      window: [2, 10],
      mapSize: 0,
      resamples: 0,
      level: 0.95,
      shuffles: 0,
      crossValidation: null,
      seed: 1,
    } as const
    for (const [side, dataset] of [
      ['dataset', SCENES],
      ['noise', { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 1 }],
    ] as const) {
      spectra[`${label} ${side}`] = await lab.call('spectrum.ofModel', {
        ...request,
        units: [4, 12],
        window: [2, 10],
        dataset,
      })
    }
    planes[label] = await lab.call('plane.compute', {
      models: [{ model: files[label], label }],
      dataset: SCENES,
      split: 'test',
      imageNorm: null,
      executor: 'wasm',
      plane: { kind: 'random', image: 3, seed: 5 },
      first: [-4, 4],
      second: [-4, 4],
      size: 6,
      jacobian: 'corrected',
      ticket: null,
    })
  }
}, 240_000)
afterAll(async () => {
  await lab.close()
  await home.remove()
})

const results = (names: readonly (string | ResultName)[], changes: Partial<FigureResults> = {}): FigureResults => ({
  kind: 'results',
  names: names.map((name) => (typeof name === 'string' ? { name, label: null } : name)),
  windows: null,
  withPublished: false,
  ...changes,
})
const sweepId = (name: string): string => sweeps[name]!.record.id
const ALL_SWEEPS = ['noise', 'one step', 'steps, KH', 'steps, BP']

/** Exports a figure; what lies beside it. */
async function exported(
  figure: FigureName,
  source: FigureResults,
): Promise<{
  content: ReturnType<typeof parseFigureFile>
  provenance: FigureProvenance & { findings: { text: string }[] }
  svg: string
}> {
  const folder = join(home.folder, 'out', figure)
  await lab.call('figure.export', {
    figure,
    source,
    style: FIGURE_FACTS[figure].style,
    formats: ['svg'],
    folder,
    dpi: 100,
  })
  const read = (ending: string): string =>
    readFileSync(join(folder, `${FIGURE_FACTS[figure].fileStem}.${ending}`), 'utf8')
  return {
    content: parseFigureFile(JSON.parse(read('data.json'))),
    provenance: JSON.parse(read('provenance.json')) as FigureProvenance & { findings: { text: string }[] },
    svg: read('svg'),
  }
}
const refusal = (figure: FigureName, source: FigureResults): Promise<[string, string]> =>
  lab.call('figure.render', { figure, source, style: 'IJoCV' }).then(
    () => ['', 'drawn'],
    (error: unknown) => (error instanceof LabError ? [error.code, error.message] : ['', String(error)]),
  )

describe('figures from results of the archive', { timeout: 60_000 }, () => {
  it('Figure 1 of sweeps by name and by id, several models from one sweep or each from its own, with their origin', async () => {
    const { content, provenance, svg } = await exported(
      '1',
      results(['noise', 'one step', sweepId('steps, KH'), sweepId('steps, BP').slice(0, 9)]),
    )
    if (content.figure !== '1') throw new Error('another figure')
    expect(content.data.models.map(({ label }) => label)).toEqual(['KH', 'BP'])
    expect(content.data.attacks.map(({ label }) => label)).toEqual(['Random Perturbation', 'FGSM', 'PGD'])
    const kh = sweeps['steps, KH']!
    expect([...content.data.attacks[2]!.sweeps[0]!.relativeAccuracy]).toEqual([...kh.series[0]!.relativeAccuracy])
    expect([...content.data.attacks[2]!.sweeps[0]!.criticalNorms]).toEqual([...kh.passes[0]!.criticalNorm])
    expect(provenance.results.map(({ id, kind }) => [id, kind])).toEqual(
      ALL_SWEEPS.map((name) => [sweepId(name), 'sweep']),
    )
    expect(provenance.results[2]).toMatchObject({
      models: [{ label: 'KH', model: files.KH, sha256: kh.record.models[0]!.hash }],
      seeds: [1],
      createdAt: kh.record.createdAt,
      datasetHashes: kh.record.datasetHashes,
    })
    for (const { sha256 } of provenance.results) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(provenance.results.map(({ sha256 }) => sha256)).size).toBe(4)
    expect(provenance.seeds).toEqual([1])
    expect(svg).toContain(sweepId('noise'))
  })
  it("Figure A2 takes the accuracy on the sweep's images of models that are no runs; a label renames only one model, and never another's", async () => {
    const { content } = await exported('A2', results(['steps, KH', 'noise']))
    if (content.figure !== 'A2') throw new Error('another figure')
    expect(content.data.models).toHaveLength(1)
    expect(content.data.models[0]).toMatchObject({
      model: { label: 'KH' },
      testAccuracy: sweeps['noise']!.series.find(({ label }) => label === 'KH')!.cleanAccuracy,
      medianCriticalNorm: { pgd: sweeps['steps, KH']!.series[0]!.criticalNorm?.median ?? null },
    })
    expect(await refusal('A2', results(['steps, KH', { name: 'noise', label: 'KH' }]))).toEqual([
      'figure.results',
      `${sweepId('noise')} contains 2 models (BP, KH), so it cannot be labelled KH`,
    ])
    expect(await refusal('A2', results(['noise', { name: 'steps, KH', label: 'BP' }]))).toEqual([
      'figure.results',
      expect.stringContaining('BP is a different model in'),
    ])
  })
  it('models have the colours and dashes of the window where these are asked for, else those of the paper', async () => {
    const identities = labelIdentities(sweeps['noise']!.record.models, [])
    const held = await lab.call('look.assign', {
      things: [...identities].map(([label, identity]) => ({ identity, label })),
    })
    const lookOf = (label: string): Look => held[identities.get(label) ?? ''] ?? -1
    for (const figure of ['1', 'A2'] as const) {
      const paper = await exported(figure, results(['noise', 'steps, KH', 'steps, BP']))
      const own = await exported(figure, results(['noise', 'steps, KH', 'steps, BP'], { colours: 'workbench' }))
      const modelsOf = ({ content }: typeof own): readonly FigureModel[] =>
        content.figure === '1'
          ? content.data.models
          : content.figure === 'A2'
            ? content.data.models.map(({ model }) => model)
            : []
      expect(modelsOf(paper).map(({ colour }) => colour)).toEqual([null, null])
      expect(modelsOf(own).map(({ label, colour }) => [label, colour])).toEqual(
        ['KH', 'BP'].map((label) => [label, LOOK_COLOURS[slotOfLook(lookOf(label))]]),
      )
      for (const { colour } of modelsOf(own)) expect(own.svg).toContain(colour)
      expect(own.svg).not.toContain('#1b9e77')
    }
  })
  it('says which models an attack lacks', async () => {
    const { provenance } = await exported('A2', results(['noise', 'steps, KH']))
    expect(provenance.findings.map(({ text }) => text)).toContain('Not all attacks include BP')
  })
  it("Figure 3 of spectra by their models' names, with other windows", async () => {
    const { content, provenance } = await exported(
      '3',
      results([
        { name: files.KH, label: null },
        { name: spectra['BP dataset']!.id, label: 'Mine' },
        { name: spectra['BP noise']!.id, label: 'Mine' },
      ]),
    )
    if (content.figure !== '3') throw new Error('another figure')
    expect(
      content.data.rows.map(({ label, dataset, noise }) => [
        label,
        dataset.curves.map(({ units }) => units),
        dataset.fit,
        noise.fit,
      ]),
    ).toEqual([
      ['KH', [4, 12], spectra['KH dataset']!.fit, spectra['KH noise']!.fit],
      ['Mine', [4, 12], spectra['BP dataset']!.fit, spectra['BP noise']!.fit],
    ])
    expect(provenance.results).toHaveLength(4)
    const other = await exported('3', results([files.KH], { windows: { dataset: [1, 6], noise: [3, 8] } }))
    if (other.content.figure !== '3') throw new Error('another figure')
    const asked = await lab.call('spectrum.fits', {
      eigenvalues: spectra['KH noise']!.eigenvalues,
      window: [3, 8],
      rank: spectra['KH noise']!.rank,
    })
    expect(other.content.data.rows.map(({ dataset, noise }) => [dataset.fit?.window, noise.fit])).toEqual([
      [[1, 6], asked.fit],
    ])
  })
  it('Figure 4 of planes of one model each', async () => {
    const { content } = await exported('4', results([planes['BP']!.id, 'KH']))
    if (content.figure !== '4') throw new Error('another figure')
    expect(content.data.planes.map(({ model, jacobianNorm }) => [model.label, jacobianNorm.length])).toEqual([
      ['KH', 36],
      ['BP', 36],
    ])
    expect([...content.data.planes[0]!.classes]).toEqual([...planes['KH']!.maps[0]!.labels])
  })
  it("the paper's values come with it where they are known", async () => {
    const { content } = await exported('1', results(ALL_SWEEPS, { withPublished: true }))
    expect(content.data).toMatchObject({ withPublished: true })
    expect((await exported('3', results([files.KH], { withPublished: true }))).content.data).toMatchObject({
      withPublished: true,
    })
    expect(await refusal('4', results([planes['KH']!.id], { withPublished: true }))).toEqual([
      'value.range',
      'expected Figure 1, 2, 3 or A2 with published values, got Figure 4',
    ])
  })
  it('Figure 1 draws the attacks that there are, and says which it does not show', async () => {
    const { content, provenance } = await exported('1', results(['noise', 'one step']))
    if (content.figure !== '1') throw new Error('another figure')
    expect(content.data.attacks.map(({ label }) => label)).toEqual(['Random Perturbation', 'FGSM'])
    expect(provenance.findings.map(({ text }) => text)).toContain('No sweep of pgd')
  })
  it('are refused by code where results are missing or do not fit', async () => {
    expect(await refusal('1', results(['noise', 'quick', 'steps, KH']))).toEqual([
      'figure.results',
      'Figure 1 needs the accuracy at each ε, but the fgsm sweep of KH recorded critical values only',
    ])
    expect(await refusal('3', results([spectra['KH dataset']!.id]))).toEqual([
      'figure.results',
      expect.stringContaining('the spectrum of noise for KH is missing'),
    ])
    expect(await refusal('4', results(['p-0000']))).toEqual([
      'probe.missing',
      expect.stringContaining('no plane is named p-0000; the archive contains p-'),
    ])
    expect(await refusal('1', results(['nobody']))).toEqual([
      'probe.missing',
      expect.stringContaining('no sweep is named nobody; the archive contains '),
    ])
    expect(await refusal('A1', results(['noise']))).toEqual([
      'value.range',
      expect.stringContaining('Figure A1 shows one run'),
    ])
    expect(await refusal('4', results([planes['KH']!.id], { windows: { dataset: [1, 5], noise: [1, 5] } }))).toEqual([
      'value.range',
      expect.stringContaining('which shows no spectra'),
    ])
    expect((await refusal('1', results([])))[0]).toBe('value.range')
  })
})
