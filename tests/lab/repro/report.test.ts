import { describe, expect, it } from 'vitest'
import { claimsOf } from '../../../lab/repro/report/claims.js'
import { reportPage } from '../../../lab/repro/report/page.js'
import { accuracyBand, judged, medianBand, type RawRow } from '../../../lab/repro/report/rows.js'
import { robustnessRows } from '../../../lab/repro/report/robustnessRows.js'
import { atScale } from '../../../lab/repro/report/scaleBands.js'
import { publishedAttack } from '../../../figures/published.js'
import { REPRO_ATTACKS, SHOWN_MODELS } from '../../../lab/repro/plan.js'
import { PUBLISHED_ROBUSTNESS, type ReplayReport, type RobustnessSeries } from '../../../contract/index.js'

const emptyReport: ReplayReport = {
  version: 1,
  scale: 'demo',
  seed: 1,
  set: 'cifar10',
  note: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  versions: {},
  executor: null,
  counts: { inside: 0, outside: 0, noBand: 0, missing: 0, otherData: 0 },
  claims: [],
  rows: [],
  notReplayed: [],
}
const row = (ours: number | null, band: RawRow['band'] = accuracyBand(0.472)): RawRow => ({
  quantity: 'final test accuracy',
  model: 'KH',
  published: 0.472,
  ours,
  band,
  source: 'Figure A2',
})

describe('verdicts', () => {
  it.each([
    ['inside', row(0.4525), true],
    ['inside', row(0.492), true],
    ['outside', row(0.4519), true],
    ['outside', row(0.4921), true],
    ['noBand', row(0.9, null), true],
    ['missing', row(null), true],
    ['missing', row(NaN), true],
    ['missing', row(null), false],
    ['otherData', row(0.472), false],
  ] as const)('%s', (verdict, raw, samePictures) => {
    expect(judged('Training', raw, samePictures).verdict).toBe(verdict)
  })
  it('of medians allow 15 %', () => {
    const { lower, upper } = medianBand(3.15)
    expect([lower / 3.15, upper / 3.15]).toEqual([expect.closeTo(0.85, 12), expect.closeTo(1.15, 12)])
  })
})

describe('bands of a scale', () => {
  const median = (ours: number): RawRow => ({
    quantity: 'PGD: median critical norm',
    model: 'KH',
    published: 0.12,
    ours,
    band: medianBand(0.12),
    source: 'Figure A2',
  })
  it('are the published ones at full size only', () => {
    expect(atScale('full', median(0.17))).toEqual(median(0.17))
    expect(judged('Robustness', atScale('full', median(0.17)), true).verdict).toBe('outside')
  })
  it('hold what demo replays gave, and not anything', () => {
    const verdict = (ours: number): string => judged('Robustness', atScale('demo', median(ours)), true).verdict
    expect([0.17, 0.174, 0.12, 0.01, 0.5].map(verdict)).toEqual(['inside', 'inside', 'inside', 'outside', 'outside'])
  })
  it('are none for exponents of a demo, and none at all for smoke', () => {
    const slope: RawRow = {
      quantity: 'slope, CIFAR-10',
      model: 'KH',
      published: -2.67,
      ours: -2.83,
      band: { lower: -2.9, upper: -2.4, rule: '' },
      source: 'Figure 2',
    }
    expect(atScale('demo', slope).band).toBeNull()
    expect(judged('Robustness', atScale('smoke', median(0.01)), true).verdict).toBe('noBand')
  })
})

describe('claims', () => {
  const medians = (values: readonly (number | null)[]) => (model: string) =>
    values[['KH', 'L2', 'JReg', 'BP', 'SpecReg'].indexOf(model)] ?? null
  it.each([
    ['the published medians', [3.15, 2.6, 1.77, 1.14, 0.95], [true, true]],
    ['a tie of the last two', [3.15, 2.6, 1.77, 1.14, 1.14], [true, true]],
    ['a tie further up', [3.15, 2.6, 2.6, 1.14, 0.95], [true, false]],
    ['BP ahead of KH', [1, 2.6, 1.77, 1.14, 0.95], [false, false]],
    ['a model that was never fooled', [null, 2.6, 1.77, 1.14, 0.95], [null, null]],
  ] as const)('with %s', (_, values, holds) => {
    expect(claimsOf('random', medians(values)).map((claim) => claim.holds)).toEqual(holds)
  })
})

describe('rows of robustness', () => {
  it('read each number from its place', () => {
    const box = {
      lowerWhisker: 0.1,
      firstQuartile: 1,
      median: 2,
      thirdQuartile: 3,
      upperWhisker: 4,
      medianInterval: null,
      firstQuartileInterval: null,
      thirdQuartileInterval: null,
    }
    const rows = robustnessRows(
      'fgsm',
      () => ({ epsilonAtHalf: 0.5, epsilons: Float64Array.of(0.1, 1), criticalNorm: box }) as RobustnessSeries,
    )
    const ofKh = rows
      .filter(({ model }) => model === 'KH')
      .map(({ quantity, published, ours }) => [quantity, published, ours])
    expect(ofKh).toEqual([
      ['FGSM: median critical norm', 0.123, 2],
      ['FGSM: ε at relative accuracy 0.5', 2.1e-3, 0.5],
      ['FGSM: first quartile of the critical norm', 0.058, 1],
      ['FGSM: third quartile of the critical norm', 0.218, 3],
      ['FGSM: upper whisker of the critical norm', 0.458, 4],
    ])
  })
  it('say of the size at half accuracy when it lies below the smallest one, or was not reached', () => {
    const half = (epsilonAtHalf: number | null) => {
      const rows = robustnessRows(
        'pgd',
        () => ({ epsilonAtHalf, epsilons: Float64Array.of(0.1, 1), criticalNorm: null }) as unknown as RobustnessSeries,
      )
      const [found] = rows.filter(({ quantity }) => quantity === 'PGD: ε at relative accuracy 0.5')
      return [found?.ours, found?.reading, judged('Robustness', found!, true).verdict]
    }
    expect([half(0.5), half(0.05), half(null)]).toEqual([
      [0.5, undefined, 'noBand'],
      [0.1, 'below', 'noBand'],
      [null, 'notReached', 'noBand'],
    ])
    const page = reportPage(
      {
        ...emptyReport,
        rows: robustnessRows(
          'pgd',
          (model) =>
            ({
              epsilonAtHalf: model === 'KH' ? 0.05 : null,
              epsilons: Float64Array.of(0.1, 1),
              criticalNorm: null,
            }) as unknown as RobustnessSeries,
        ).map((raw) => judged('Robustness', raw, true)),
      },
      [],
    )
    expect(page).toContain('>below 0.1<')
    expect(page).toContain('>not reached<')
  })
  it('publish what the figures draw in grey, from one list', () => {
    expect(publishedAttack('Random Perturbation', 'L2')).toEqual({
      epsilonAtHalf: 0.132,
      firstQuartile: 1.3,
      median: 2.6,
      thirdQuartile: 4.47,
    })
    expect([publishedAttack('PGD', 'mine'), publishedAttack('DeepFool', 'KH')]).toEqual([null, null])
    for (const attack of REPRO_ATTACKS) {
      // A box has its numbers in their order, whichever was read first.
      for (const model of SHOWN_MODELS) {
        const { firstQuartile, median, thirdQuartile, upperWhisker } = PUBLISHED_ROBUSTNESS[attack]
        expect([firstQuartile, median, thirdQuartile, upperWhisker].map((numbers) => numbers[model])).toEqual(
          [firstQuartile, median, thirdQuartile, upperWhisker].map((numbers) => numbers[model]).sort((a, b) => a - b),
        )
      }
    }
  })
})
