import { describe, expect, it } from 'vitest'
import type {
  AttackKind,
  AttackSpec,
  DatasetSpec,
  FigureResults,
  ModelEntry,
  PlaneSummary,
  SpectrumSummary,
  SweepRecord,
} from '../../../contract/index.js'
import {
  choosableResults,
  newestResults,
  type ArchivedResults,
} from '../../../renderer/pages/figures/archiveResults.js'
import { unitsOfAddress } from '../../../renderer/pages/figures/useFigureData.js'
import { figureCommand } from '../../../renderer/pages/figures/figureCommand.js'
import { recordOf } from '../robustness/sweeps.js'

const aim = { norm: 'linf', target: null } as const
const ATTACKS: Record<AttackKind, AttackSpec> = {
  random: { kind: 'random' },
  fgsm: { kind: 'fgsm', ...aim },
  pgd: { kind: 'pgd', ...aim, steps: 20, stepSize: 0.01, stepSizeRatio: 0.1, randomStart: false },
}
let ids = 0
const sweep = (kind: AttackKind, labels: readonly string[], changes: Partial<SweepRecord> = {}): SweepRecord =>
  recordOf(labels, { id: `a-000${++ids}`, request: { ...recordOf(labels).request, attack: ATTACKS[kind] }, ...changes })
const archive = (changes: Partial<ArchivedResults>): ArchivedResults => ({
  sweeps: [],
  spectra: [],
  planes: [],
  models: [],
  ...changes,
})

describe('the newest results that make a figure', () => {
  it('are sweeps of the same models under every attack', () => {
    const [old, random, fgsm, pgd] = [
      sweep('random', ['KH', 'BP']),
      sweep('random', ['KH', 'BP']),
      sweep('fgsm', ['KH', 'BP']),
      sweep('pgd', ['KH', 'BP']),
    ]
    const others = [sweep('pgd', ['L2']), sweep('fgsm', ['L2']), sweep('random', ['KH', 'BP'], { state: 'paused' })]
    expect(newestResults('1', archive({ sweeps: [...others, pgd, fgsm, random, old] }))).toEqual([
      random.id,
      fgsm.id,
      pgd.id,
    ])
    expect(newestResults('A2', archive({ sweeps: [pgd, random, old] }))).toEqual([random.id, pgd.id])
    expect(newestResults('1', archive({ sweeps: [pgd, random, old] }))).toEqual([])
  })
  it('are sweeps of one model each, side by side, as a replay leaves them', () => {
    const of = (label: string): SweepRecord[] =>
      (['random', 'fgsm', 'pgd'] as const).map((kind) => sweep(kind, [label]))
    const [kh, bp, older] = [
      of('KH'),
      of('BP'),
      of('KH').map((one) => ({ ...one, models: one.models.map((model) => ({ ...model, hash: 'an earlier one' })) })),
    ]
    expect(newestResults('1', archive({ sweeps: [...bp, ...kh, ...older] }))).toEqual(
      [...bp, ...kh].map(({ id }) => id),
    )
  })

  const CIFAR: DatasetSpec = { kind: 'cifar10', imageLimit: null }
  const NOISE: DatasetSpec = { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 0 }
  const spectrum = (
    model: string | null,
    dataset: DatasetSpec,
    source: SpectrumSummary['request']['source'] = model === null ? 'data' : 'hidden',
  ): SpectrumSummary => ({
    id: `s-000${++ids}`,
    origin: {
      version: 1,
      createdAt: '2026-11-25T10:00:00.000Z',
      seconds: 1,
      executor: 'wasm',
      versions: {},
      datasetHashes: {},
      dataset,
      split: 'test',
    },
    request: {
      model,
      source,
      dataset,
      split: 'test',
      imageNorm: null,
      executor: 'auto',
      images: null,
      units: null,
      window: [11, 500],
      mapSize: 0,
      resamples: 0,
      level: 0.95,
      shuffles: 0,
      crossValidation: null,
      seed: 0,
    },
    model: model === null ? null : { model, label: model, hash: `hash of ${model}`, imageNorm: 3 },
    images: 10_000,
    width: 200,
    fit: null,
    participationRatio: 1,
  })
  const entry = (name: string, label: string): ModelEntry => ({
    name,
    label,
    origin: 'imported',
    run: null,
    facts: {
      type: 'SHLP',
      inputSize: 3072,
      hiddenUnits: 200,
      classes: 10,
      activationExponent: 1,
      batchNorm: true,
      batchesSeen: 1,
    },
    note: null,
    source: null,
    sha256: null,
    bytes: 1,
    addedAt: '2026-11-25T10:00:00.000Z',
  })
  const models = [entry('r-01', 'BP, CIFAR-10'), entry('r-02', 'mine'), entry('shlp_init', 'shlp_init')]
  it("are spectra of every model over data and over noise, the paper's rows in Figure 2, models in Figure 3", () => {
    const spectra = [
      spectrum('r-02', CIFAR),
      spectrum('r-01', NOISE),
      spectrum('r-01', CIFAR),
      spectrum('r-01', CIFAR),
      spectrum('r-01', NOISE, 'latent'),
      spectrum(null, CIFAR),
      spectrum(null, NOISE),
      spectrum('shlp_init', CIFAR),
      spectrum('shlp_init', NOISE),
    ]
    const id = (place: number): string => spectra[place]!.id
    expect(newestResults('3', archive({ spectra, models }))).toEqual([id(2), id(1)])
    expect(newestResults('2', archive({ spectra, models }))).toEqual([id(5), id(6), id(7), id(8)])
    expect(
      choosableResults('3', archive({ spectra, models }))
        .slice(0, 3)
        .map(({ title, name }) => [title, name.label]),
    ).toEqual([
      ['mine, CIFAR-10', 'mine'],
      ['BP, noise', 'BP'],
      ['BP, CIFAR-10', 'BP'],
    ])
  })
  it('is the newest plane, one of a single model with those of others on the same plane', () => {
    const plane = (labels: readonly string[], seed = 0): PlaneSummary => ({
      id: `p-000${++ids}`,
      origin: spectrum(null, CIFAR).origin,
      size: 100,
      request: {
        models: labels.map((label) => ({ model: label, label })),
        dataset: CIFAR,
        split: 'test',
        imageNorm: null,
        executor: 'auto',
        plane: { kind: 'random', image: 3, seed },
        first: [-20, 20],
        second: [-20, 20],
        size: 100,
        jacobian: 'corrected',
        ticket: null,
      },
    })
    const [both, kh, bp, elsewhere, old] = [
      plane(['KH', 'BP']),
      plane(['KH']),
      plane(['BP']),
      plane(['L2'], 1),
      plane(['KH']),
    ]
    expect(newestResults('4', archive({ planes: [both, kh, bp] }))).toEqual([both.id])
    expect(newestResults('4', archive({ planes: [kh, elsewhere, bp, old, both] }))).toEqual([kh.id, bp.id])
  })
})

describe('the command of a figure', () => {
  const usual = { formats: ['eps', 'png'], style: 'IJoCV', dpi: 300 } as const
  const results = (changes: Partial<FigureResults>): FigureResults => ({
    kind: 'results',
    names: [],
    windows: null,
    withPublished: false,
    ...changes,
  })
  it('names results, labels, windows and all that is not usual', () => {
    expect(
      figureCommand('4', results({ names: [{ name: 'p-1', label: null }] }), { ...usual, style: 'ICLRFullTextwidth' }),
    ).toBe('lab figure 4 --plane p-1 --format eps,png')
    expect(
      figureCommand(
        '3',
        results({
          names: [
            { name: 's-1', label: 'KH' },
            { name: 's-2', label: 'my layer' },
          ],
          windows: { dataset: [11, 500], noise: [11, 100] },
        }),
        { formats: ['pdf'], style: 'PRLSingleCol', dpi: 600 },
      )?.split(' \\\n  '),
    ).toEqual([
      'lab figure 3',
      '--spectrum KH=s-1',
      "--spectrum 'my layer=s-2'",
      '--window 11:500',
      '--noise-window 11:100',
      '--format pdf --style PRLSingleCol --dpi 600',
    ])
  })
  it('quotes the name of a file, and is none without a source or a format', () => {
    expect(
      figureCommand(
        'A2',
        { kind: 'data', name: 'my numbers.json', content: { figure: 'A2', data: { withPublished: true, models: [] } } },
        usual,
      )?.split(' \\\n  '),
    ).toEqual(['lab figure A2', "--from 'my numbers.json'", '--published', '--format eps,png'])
    expect(figureCommand('A1', { kind: 'run', run: 'r-1' }, usual)).toBe('lab figure A1 --run r-1 --format eps,png')
    expect(figureCommand('1', null, usual)).toBeNull()
    expect(figureCommand('A1', { kind: 'run', run: 'r-1' }, { ...usual, formats: [] })).toBeNull()
  })
})

describe('units of an address', () => {
  it('are numbers, each once and at most sixteen', () => {
    expect(unitsOfAddress('1,5,5,9')).toEqual([1, 5, 9])
    expect(unitsOfAddress(Array.from({ length: 20 }, (_, index) => index).join(','))).toHaveLength(16)
    for (const text of ['', '1,', '-1', 'x', '1.5', null, undefined, ['1']]) expect(unitsOfAddress(text)).toBeNull()
  })
})
