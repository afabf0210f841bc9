import { describe, expect, it } from 'vitest'
import {
  figureFileText,
  LabError,
  parseFigureFile,
  type AttackSpec,
  type DatasetSpec,
  type PowerLawFit,
  type ResultOrigin,
} from '../../../contract/index.js'
import { alignSweeps } from '../../../lab/figures/alignSweeps.js'
import { figure1 as assembleFigure1 } from '../../../lab/figures/figure1.js'
import { figure4 as assembleFigure4 } from '../../../lab/figures/figure4.js'
import { figureA2 as assembleFigureA2 } from '../../../lab/figures/figureA2.js'
import { spectraRows } from '../../../lab/figures/spectraRows.js'
import { findResults, type Nameable } from '../../../lab/figures/findResults.js'
import { joinPlanes } from '../../../lab/figures/joinPlanes.js'
import { pairSpectra } from '../../../lab/figures/pairSpectra.js'
import type { NamedSpectrum, PlaneResultOf, SweepResult } from '../../../lab/figures/results.js'

const ATTACKS = {
  random: { kind: 'random' },
  fgsm: { kind: 'fgsm', norm: 'linf', target: null },
  pgd: { kind: 'pgd', norm: 'linf', target: null, steps: 20, stepSize: 0.01, stepSizeRatio: 0.1, randomStart: false },
} as const satisfies Record<string, AttackSpec>
const CIFAR: DatasetSpec = { kind: 'cifar10', imageLimit: null }
const NOISE: DatasetSpec = { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 0 }
let ids = 0
const origin = (kind: ResultOrigin['kind'], labels: readonly string[]): ResultOrigin => ({
  id: `${kind}-${++ids}`,
  kind,
  createdAt: '2026-11-25T10:00:00.000Z',
  sha256: '0'.repeat(64),
  models: labels.map((label) => ({ label, model: label, sha256: `hash of ${label}` })),
  seeds: [0],
  datasetHashes: {},
})
function sweep(kind: keyof typeof ATTACKS, labels: readonly string[], epsilons = [0.1, 0.2]): SweepResult {
  return {
    origin: origin('sweep', labels),
    attack: ATTACKS[kind],
    dataset: CIFAR,
    split: 'test',
    passes: labels.flatMap((label, index) =>
      [0, 1].map((seed) => ({
        model: { label },
        criticalNorm: Float64Array.of(index + 1, seed === 0 ? NaN : index + 3),
      })),
    ),
    series: labels.map((label, index) => ({
      label,
      testAccuracy: (40 + index) / 100,
      epsilons: Float64Array.from(epsilons),
      relativeAccuracy: Float64Array.from(epsilons, (_, place) => 1 - place / 2),
      criticalNorm: index === 2 ? null : { median: index + 1 },
    })),
  }
}
const three = (labels: readonly string[]): SweepResult[] => [
  sweep('pgd', labels),
  sweep('random', labels),
  sweep('fgsm', labels),
]
const refusal = (work: () => unknown): [string, string] => {
  try {
    work()
    return ['', 'nothing was refused']
  } catch (error) {
    return error instanceof LabError ? [error.code, error.message] : ['', String(error)]
  }
}
const refused = (work: () => unknown): string => {
  const [code, message] = refusal(work)
  expect(code).toBe('figure.results')
  return message
}
const fit: PowerLawFit = {
  slope: -1,
  intercept: 0,
  standardError: 0,
  rValue: -1,
  rSquared: 1,
  pValue: 0,
  window: [1, 3],
}

describe('sweeps', () => {
  it("Figure 1 has the paper's rows, and the models that all attacks have in its order; seeds are pooled", () => {
    const aligned = alignSweeps('1', [
      sweep('pgd', ['KH', 'BP', 'Mine', 'L2']),
      sweep('random', ['BP', 'Mine', 'KH']),
      sweep('fgsm', ['Mine', 'KH', 'BP']),
    ])
    expect(aligned.leftOut).toEqual(['L2'])
    const data = assembleFigure1(aligned)
    expect(data.models.map(({ label }) => label)).toEqual(['KH', 'BP', 'Mine'])
    expect(data.attacks.map(({ label }) => label)).toEqual(['Random Perturbation', 'FGSM', 'PGD'])
    expect(data.attacks[0]!.sweeps[0]!.criticalNorms).toEqual(Float64Array.of(3, NaN, 3, 5))
    expect(parseFigureFile(JSON.parse(figureFileText({ figure: '1', data })))).toEqual({ figure: '1', data })
  })
  it('several of one attack are side by side', () => {
    const data = assembleFigure1(alignSweeps('1', [...three(['BP']), ...three(['KH'])]))
    expect(data.models.map(({ label }) => label)).toEqual(['KH', 'BP'])
    expect(data.attacks.map(({ sweeps }) => sweeps.length)).toEqual([2, 2, 2])
  })
  it('Figure 1 leaves out a size of zero, and refuses sweeps without accuracies', () => {
    const zero = three(['KH']).map((one) => ({ ...one, series: sweep('fgsm', ['KH'], [0, 0.1, 0.2]).series }))
    expect(assembleFigure1(alignSweeps('1', zero)).attacks[0]!.sweeps[0]).toMatchObject({
      epsilons: Float64Array.of(0.1, 0.2),
      relativeAccuracy: Float64Array.of(0.5, 0),
    })
    const critical = three(['KH'])
    critical[2]!.series[0]!.relativeAccuracy.fill(NaN)
    expect(refused(() => assembleFigure1(alignSweeps('1', critical)))).toBe(
      'Figure 1 needs the accuracy at each ε, but the fgsm sweep of KH recorded critical values only',
    )
  })
  it('are refused where they do not make the figure', () => {
    const [pgd, random, fgsm] = three(['KH']) as [SweepResult, SweepResult, SweepResult]
    expect(refused(() => alignSweeps('1', []))).toBe(
      'Figure 1 shows random, fgsm and pgd against the same models; choose at least one sweep',
    )
    expect(refused(() => alignSweeps('A2', [fgsm]))).toContain(`; ${fgsm.origin.id} is a fgsm sweep`)
    expect(refused(() => alignSweeps('A2', [random, pgd, fgsm]))).toContain(`; ${fgsm.origin.id} is a fgsm sweep`)
    expect(refused(() => alignSweeps('1', [random, fgsm, sweep('pgd', ['BP'])]))).toContain(
      '; no model appears in all of them',
    )
    expect(refused(() => alignSweeps('1', [random, fgsm, pgd, sweep('pgd', ['KH'])]))).toContain(
      'both attack KH with pgd',
    )
    expect(refused(() => alignSweeps('1', [random, fgsm, { ...pgd, split: 'train' }]))).toContain(
      'attacks on the same images',
    )
    expect(
      refused(() =>
        alignSweeps('1', [random, fgsm, pgd, { ...sweep('pgd', ['BP']), attack: { ...ATTACKS.pgd, steps: 40 } }]),
      ),
    ).toContain('different pgd settings')
    const other = { ...pgd, origin: { ...pgd.origin, models: [{ label: 'KH', model: 'KH', sha256: 'another' }] } }
    expect(refused(() => alignSweeps('1', [random, fgsm, other]))).toContain('KH is a different model in')
  })
  it('Figure A2 puts the test accuracy against both medians', () => {
    expect(
      assembleFigureA2(alignSweeps('A2', [sweep('pgd', ['BP', 'KH', 'L2']), sweep('random', ['KH', 'BP', 'L2'])]))
        .models,
    ).toEqual([
      { model: { label: 'KH', colour: null }, testAccuracy: 0.4, medianCriticalNorm: { random: 1, pgd: 2 } },
      { model: { label: 'BP', colour: null }, testAccuracy: 0.41, medianCriticalNorm: { random: 2, pgd: 1 } },
      { model: { label: 'L2', colour: null }, testAccuracy: 0.42, medianCriticalNorm: { random: null, pgd: null } },
    ])
  })
})

const spectrum = (label: string, dataset: DatasetSpec, changes: Partial<NamedSpectrum> = {}): NamedSpectrum => ({
  origin: origin('spectrum', label === 'Dataset' ? [] : [label]),
  label,
  layer: label === 'Dataset' ? 'data' : 'hidden',
  dataset,
  growing: [
    { units: 2, eigenvalues: Float64Array.of(2, 1) },
    { units: 3, eigenvalues: Float64Array.of(3, 2, 1) },
  ],
  fit,
  ...changes,
})

describe('spectra', () => {
  it("make rows in the paper's order, with curves and fits", () => {
    const paired = pairSpectra('2', [
      spectrum('KH', NOISE, { fit: null }),
      spectrum('KH', CIFAR),
      spectrum('Initialized', CIFAR),
      spectrum('Initialized', NOISE),
      spectrum('Dataset', CIFAR),
      spectrum('Dataset', NOISE),
    ])
    const data = spectraRows(paired)
    expect(data.rows.map(({ label, noise }) => [label, noise.fit === null])).toEqual([
      ['Dataset', false],
      ['Initialized', false],
      ['KH', true],
    ])
    expect(parseFigureFile(JSON.parse(figureFileText({ figure: '2', data })))).toEqual({ figure: '2', data })
  })
  it('are refused where a half is missing or there twice, or where they differ', () => {
    const pair = [spectrum('KH', CIFAR), spectrum('KH', NOISE)]
    expect(refused(() => pairSpectra('3', [spectrum('KH', CIFAR)]))).toBe(
      'Figure 3 needs a spectrum of data and one of noise for every model; the spectrum of noise for KH is missing',
    )
    expect(refused(() => pairSpectra('3', [...pair, spectrum('KH', CIFAR)]))).toContain('both spectra of data for KH')
    expect(
      refused(() =>
        pairSpectra('3', [spectrum('KH', CIFAR), spectrum('KH', NOISE, { origin: origin('spectrum', ['other']) })]),
      ),
    ).toContain('KH is a different model in')
    expect(
      refused(() => pairSpectra('3', [spectrum('KH', CIFAR), spectrum('KH', NOISE, { layer: 'latent' })])),
    ).toContain('both must be of the same layer')
    expect(
      refused(() =>
        pairSpectra('3', [
          ...pair,
          spectrum('BP', CIFAR, { layer: 'latent' }),
          spectrum('BP', NOISE, { layer: 'latent' }),
        ]),
      ),
    ).toContain('spectra of hidden and latent')
    expect(
      refused(() =>
        pairSpectra('3', [...pair, spectrum('BP', { kind: 'mnist', imageLimit: null }), spectrum('BP', NOISE)]),
      ),
    ).toContain('Figure 3 shows one dataset')
  })
})

const plane = (labels: readonly string[], changes: Partial<PlaneResultOf> = {}): PlaneResultOf => ({
  origin: origin('plane', labels),
  firstAxis: Float64Array.of(-1, 0, 1),
  secondAxis: Float64Array.of(-2, 2),
  jacobian: 'corrected',
  geometry: {
    classNames: ['a', 'b', 'c'],
    origin: Float32Array.of(1, 2),
    u: Float32Array.of(1, 0),
    v: Float32Array.of(0, 1),
  },
  maps: labels.map((label) => ({
    model: { label },
    labels: Uint8Array.of(0, 1, 2, 0, 1, 2),
    confidence: Float32Array.of(0.5, 0.5, 0.5, 1, 1, 1),
    jacobianNorm: new Float32Array(6).fill(2),
  })),
  ...changes,
})

describe('planes', () => {
  it("of one model each make Figure 4 in the paper's order, rows along the second axis", () => {
    const data = assembleFigure4(joinPlanes([plane(['BP', 'Mine']), plane(['KH'])]))
    expect(data.planes.map(({ model }) => model.label)).toEqual(['KH', 'BP', 'Mine'])
    expect(parseFigureFile(JSON.parse(figureFileText({ figure: '4', data })))).toEqual({ figure: '4', data })
  })
  it('name their classes; digits need no names, and images without classes show those of the models', () => {
    const of = (classNames: readonly string[], labels: number[]) => {
      const one = plane(['KH'], { geometry: { ...plane([]).geometry, classNames } })
      const data = assembleFigure4(
        joinPlanes([{ ...one, maps: one.maps.map((map) => ({ ...map, labels: Uint8Array.from(labels) })) }]),
      )
      expect(parseFigureFile(JSON.parse(figureFileText({ figure: '4', data })))).toEqual({ figure: '4', data })
      return [data.classCount, data.classNames]
    }
    expect(of(['cat', 'dog', 'bird'], [0, 1, 1, 0, 1, 0])).toEqual([3, ['cat', 'dog', 'bird']])
    expect(of(['0', '1', '2'], [0, 1, 1, 0, 1, 0])).toEqual([3, undefined])
    expect(of(['noise'], [0, 7, 1, 9, 1, 0])).toEqual([10, undefined])
    expect(of(['noise'], [0, 0, 0, 0, 0, 0])).toEqual([10, undefined])
  })
  it('are refused where they are not the same plane', () => {
    expect(
      refused(() =>
        joinPlanes([plane(['KH']), plane(['BP'], { geometry: { ...plane([]).geometry, u: Float32Array.of(0, 1) } })]),
      ),
    ).toContain('lie on different planes')
    expect(
      refused(() => joinPlanes([plane(['KH']), plane(['BP'], { firstAxis: Float64Array.of(-1, 0, 2) })])),
    ).toContain('different extents or numbers of points')
    expect(refused(() => joinPlanes([plane(['KH']), plane(['BP'], { jacobian: 'faithful' })]))).toContain(
      'use different Jacobians',
    )
    expect(refused(() => joinPlanes([plane(['KH']), plane(['KH'])]))).toContain('both contain a map of KH')
  })
})

describe('names of results', () => {
  const entry = (id: string, name: string, part = ''): Nameable => ({ id, names: [name], words: `of ${name}`, part })
  const entries = [
    entry('a-19d0', 'KH, fgsm'),
    entry('a-19ff', 'BP, fgsm'),
    entry('a-2000', 'BP, fgsm'),
    entry('a-2', 'short'),
  ]
  it('are ids, unique beginnings or names, in this order', () => {
    expect(findResults(entries, 'a-19d', 'sweep')).toEqual([entries[0]])
    expect(findResults(entries, 'a-2', 'sweep')).toEqual([entries[3]])
    expect(findResults(entries, 'KH, fgsm', 'sweep')).toEqual([entries[0]])
    const pair = [entry('s-1', 'KH', 'dataset'), entry('s-2', 'KH', 'noise')]
    expect(findResults(pair, 'KH', 'spectrum')).toEqual(pair)
  })
  it('are refused when none or several are meant, with what there is', () => {
    const reported = (name: string): [string, string] => refusal(() => findResults(entries, name, 'sweep'))
    expect(reported('a-19')).toEqual([
      'probe.missing',
      'several ids start with a-19: a-19d0 (of KH, fgsm), a-19ff (of BP, fgsm); use a longer prefix',
    ])
    expect(reported('BP, fgsm')).toEqual([
      'probe.missing',
      'several results are named BP, fgsm: a-19ff (of BP, fgsm), a-2000 (of BP, fgsm); use the id',
    ])
    expect(reported('a-3')[1]).toMatch(/^no sweep is named a-3; the archive contains a-19d0 \(of KH, fgsm\), /)
    expect(refusal(() => findResults([], 'a-3', 'sweep'))).toEqual([
      'probe.missing',
      'no sweep is named a-3; the archive contains no sweep',
    ])
  })
})
