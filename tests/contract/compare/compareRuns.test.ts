import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../contract/compare/compareRuns.js'
import type { ComparedRun, Comparison } from '../../../contract/compare/comparison.js'
import {
  differenceOf,
  fewestRankedPairs,
  measureCell,
  smallestSignedRankP,
} from '../../../contract/compare/differences.js'
import { groupNames } from '../../../contract/compare/names.js'
import { equalText } from '../../../contract/compare/tables.js'
import { settingLabel } from '../../../contract/compare/settingLabel.js'
import { settingRows, settingText } from '../../../contract/compare/settings.js'
import { correctionText, meanText, probabilityText, testSentence, testText } from '../../../contract/compare/words.js'

let made = 0
const run = (
  seed: number | null,
  values: (number | null)[],
  settings: Record<string, number | string | boolean> | null = { kind: 'classifier', 'model.hiddenUnits': 10 },
  more: Partial<ComparedRun> = {},
): ComparedRun => ({
  id: `r-${String(++made).padStart(8, '0')}`,
  name: 'run',
  state: 'finished',
  seed,
  epoch: 5,
  epochs: 5,
  trashed: false,
  settings: settings === null ? null : { seed: seed ?? 0, name: 'run', ...settings },
  values,
  ...more,
})
const units = (count: number): Record<string, number | string> => ({ kind: 'classifier', 'model.hiddenUnits': count })
const MEASURE = { name: 'accuracy', label: 'Test accuracy', unit: '' }
const compare = (groups: ComparedRun[][], baseline = 0): Comparison =>
  compareRuns(groups, [MEASURE], { baseline, gone: [], unknown: [], available: [MEASURE] })
const seeds = (values: readonly number[], count: number, first = 1): ComparedRun[] =>
  values.map((value, place) => run(first + place, [value], units(count)))

describe('the samples of a group', () => {
  it('are one for each seed: the same run again counts once, other settings of a seed are averaged', () => {
    const cell = measureCell(
      [run(1, [0.4], units(10)), run(1, [0.9], units(10)), run(1, [0.6], units(20)), run(2, [0.7], units(10))],
      0,
    )
    // Seed 1: (0.4 + 0.6) / 2; the second run of 10 units is the first again.
    expect(cell.samples).toEqual([
      { seed: 1, value: 0.5 },
      { seed: 2, value: 0.7 },
    ])
    expect(cell.mean).toBeCloseTo(0.6, 15)
    // s = 0.1 √2 and t = 12.706 for one degree of freedom: 12.706 · 0.1 √2 / √2.
    expect(cell.halfWidth).toBeCloseTo(1.27062, 5)
  })
  it('leave out missing values and NaN, and count them', () => {
    const cell = measureCell([run(1, [NaN]), run(2, [Infinity]), run(3, [null]), run(4, [0.5])], 0)
    expect(cell).toMatchObject({ count: 1, mean: 0.5, halfWidth: null, notFinite: 2, missing: 1 })
    expect(measureCell([run(1, [NaN])], 0)).toMatchObject({ count: 0, mean: null, notFinite: 1 })
  })
})

describe('a difference', () => {
  it('is paired by seed whatever the order, and those without a partner are left out', () => {
    const comparison = compare([seeds([1, 2, 4, 9], 10), seeds([6.5, 4.5, 3], 20, 2).reverse()])
    // Seeds 2, 3 and 4 of both: 6.5 - 2, 4.5 - 4 and 3 - 9.
    const found = comparison.measures[0]?.differences[1]
    expect(found?.kind).toBe('paired')
    expect([...(found?.pairs ?? [])].sort((a, b) => a.seed - b.seed)).toEqual([
      { seed: 2, difference: 4.5 },
      { seed: 3, difference: 0.5 },
      { seed: 4, difference: -6 },
    ])
    expect(found?.mean).toBeCloseTo(-1 / 3, 12)
  })
  it('of seven pairs has the p-values of SciPy, corrected for the tests in view', () => {
    const baseline = seeds([0.9011, 0.9043, 0.8987, 0.9052, 0.9004, 0.8969, 0.9021], 10)
    const better = seeds([0.9121, 0.9107, 0.9093, 0.9064, 0.9098, 0.9077, 0.9113], 20)
    const same = seeds([0.9002, 0.9051, 0.8991, 0.904, 0.9015, 0.8979, 0.9018], 30)
    const { measures, tests } = compare([baseline, better, same])
    const [own, up, level] = measures[0]?.differences ?? []
    expect(own).toMatchObject({ kind: 'baseline', p: null, pCorrected: null })
    // scipy.stats.ttest_1samp and wilcoxon of the differences, 1.17.1 (paired.py beside this file).
    expect(up?.p).toBeCloseTo(SCIPY.better.t, 9)
    expect(up?.signedRankP).toBeCloseTo(SCIPY.better.ranks, 12)
    expect(up?.halfWidth).toBeCloseTo(SCIPY.better.half, 10)
    expect(level?.p).toBeCloseTo(SCIPY.same.t, 9)
    expect(level?.signedRankP).toBeCloseTo(SCIPY.same.ranks, 12)
    // Holm: the smaller p twice, the larger as it is but not below.
    expect(up?.pCorrected).toBeCloseTo(2 * SCIPY.better.t, 9)
    expect(level?.pCorrected).toBeCloseTo(SCIPY.same.t, 9)
    expect(tests).toEqual({ pairedT: 2, signedRank: 2 })
  })
  it('of single runs has no test, whether or not they have the same seed', () => {
    for (const seed of [1, 7]) {
      const found = compare([[run(1, [0.4], units(10))], [run(seed, [0.5], units(20))]])
      const difference = found.measures[0]?.differences[1]
      expect(difference).toMatchObject({ kind: 'single', p: null, halfWidth: null })
      expect(difference?.mean).toBeCloseTo(0.1, 15)
      expect(found.tests).toEqual({ pairedT: 0, signedRank: 0 })
    }
  })
  it('without common seeds is that of the means and says so', () => {
    const difference = compare([seeds([1, 2], 10), seeds([4, 5], 20, 8)]).measures[0]?.differences[1]
    expect(difference).toMatchObject({ kind: 'noCommonSeeds', mean: 3, halfWidth: null, p: null, pairs: [] })
    expect(testText(difference as never, 'pairedT')).toBe('no common seeds')
  })
  it('of two pairs has an interval and no test; of five no signed ranks, which could not reject', () => {
    const two = compare([seeds([1, 2], 10), seeds([4, 6], 20)]).measures[0]?.differences[1]
    expect(two).toMatchObject({ kind: 'notEnoughSeeds', mean: 3.5, p: null, signedRankP: null })
    expect(two?.halfWidth).toBeCloseTo(12.7062047 * 0.5, 6)
    const five = compare([seeds([1, 2, 3, 4, 5], 10), seeds([2, 4, 5, 5, 7], 20)]).measures[0]?.differences[1]
    expect(five?.kind).toBe('paired')
    expect(five?.p).not.toBeNull()
    expect(five?.signedRankP).toBeNull()
    expect(testText(five as never, 'signedRank')).toBe('not enough seeds')
    expect(testSentence(five as never, 'signedRank')).toContain('the smallest possible p is 0.063')
    expect(testSentence(five as never, 'signedRank')).toContain('needs 6')
  })
  it('that is the same in every seed is not tested', () => {
    const equal = compare([seeds([1, 2, 3], 10), seeds([1, 2, 3], 20)]).measures[0]?.differences[1]
    expect(equal).toMatchObject({ kind: 'allEqual', mean: 0, halfWidth: 0, p: null })
  })
  it('with NaN loses the pair, and without any value says so', () => {
    const found = compare([seeds([1, 2, 3, 5], 10), seeds([2, NaN, 5, 5.5], 20)]).measures[0]?.differences[1]
    expect(found?.pairs.map(({ seed }) => seed)).toEqual([1, 3, 4])
    expect(differenceOf(measureCell([run(1, [NaN])], 0), measureCell([run(1, [1])], 0)).kind).toBe('noValues')
  })
  it('of runs without a specification pairs nothing, as their seeds are not known', () => {
    const imported = [run(null, [1], null), run(null, [2], null)]
    expect(compare([seeds([1, 2], 10), imported]).measures[0]?.differences[1]?.kind).toBe('noCommonSeeds')
  })
})

/** Made by paired.py beside this file. */
const SCIPY = {
  better: { t: 0.0007636878459123553, ranks: 0.015625, half: 0.003266209126881615 },
  same: { t: 0.7281988315915463, ranks: 0.8125 },
}

describe('the seeds that tests need', () => {
  it('follow from 2/2ⁿ ≤ α/m', () => {
    expect(smallestSignedRankP(5)).toBe(0.0625)
    expect(smallestSignedRankP(6)).toBe(0.03125)
    for (const tests of [1, 2, 4, 12, 40]) {
      const fewest = fewestRankedPairs(tests)
      expect(tests * smallestSignedRankP(fewest)).toBeLessThanOrEqual(0.05)
      expect(tests * smallestSignedRankP(fewest - 1)).toBeGreaterThan(0.05)
    }
    expect(correctionText(12, 'signedRank')).toBe(
      'p corrected for 12 tests (Holm). The smallest of them can only be below 0.05 with 9 or more seeds.',
    )
    expect(correctionText(0, 'pairedT')).toBe('No test is possible.')
  })
})

describe('settings', () => {
  it('differ between groups or inside one; names, seeds and versions are no settings', () => {
    const { differing, equal } = settingRows([
      [run(1, [], { ...units(10), rate: 0.1, mode: 'a' }), run(2, [], { ...units(10), rate: 0.2, mode: 'a' })],
      [run(1, [], { ...units(20), rate: 0.1, mode: 'a' })],
    ])
    expect(differing.map(({ path }) => path)).toEqual(['model.hiddenUnits', 'rate'])
    expect(differing[1]?.cells).toEqual([[0.1, 0.2], [0.1]])
    expect(equal.map(({ path }) => path)).toEqual(['kind', 'mode'])
  })
  it('that one group lacks differ, and a group without specifications takes no part', () => {
    const { differing } = settingRows([
      [run(1, [], { ...units(10), strength: 1 })],
      [run(1, [], units(10))],
      [run(null, [], null)],
    ])
    expect(differing).toMatchObject([{ path: 'strength', cells: [[1], [null], null] }])
    expect(settingText('strength', null)).toBe('not recorded')
    expect(settingText('strength', [null])).toBe('–')
    expect(settingText('rate', [1, 2, 3, 4, 5])).toBe('1, 2, 3 and 2 more')
  })
  it('of imported runs may be thousands', () => {
    const many = (value: number): ComparedRun[] =>
      Array.from({ length: 3 }, (_, seed) =>
        run(
          seed,
          [],
          Object.fromEntries(
            Array.from({ length: 12_000 }, (__, index) => [`imported.s${index}`, index % 2 === 0 ? value : 1]),
          ),
        ),
      )
    const { settings, groups } = compare([many(1), many(2)])
    expect(settings.differing).toHaveLength(6000)
    expect(settings.equal).toHaveLength(6000)
    expect(groups.map(({ name }) => name)).toEqual(['s0 1', 's0 2'])
    expect(groups[0]?.fullName).toContain('s22 1 and 5988 more settings')
  })
  it('have the words of the forms', () => {
    expect(settingLabel('layer.hiddenUnits')).toBe('hidden units')
    expect(settingLabel('regularisers.0.strength')).toBe('regulariser 1 strength')
    expect(settingLabel('layer.lebesgueNorm')).toBe('Lebesgue norm')
    expect(settingLabel('kind')).toBe('experiment')
    expect(settingLabel('imported.someRate')).toBe('some rate')
  })
})

describe('names of groups', () => {
  const named = (...groups: ComparedRun[][]): string[] =>
    groupNames(groups, settingRows(groups).differing).map(({ name }) => name)
  it('say what differs, with as few settings as each needs', () => {
    expect(named([run(1, [], units(10))], [run(1, [], units(20))])).toEqual(['hidden units 10', 'hidden units 20'])
    const both = (count: number, rate: number): ComparedRun[] => [run(1, [], { ...units(count), rate })]
    expect(named(both(10, 1), both(20, 1), both(20, 2))).toEqual([
      'hidden units 10',
      'hidden units 20, rate 1',
      'hidden units 20, rate 2',
    ])
  })
  it('never rest on how something was computed where another setting differs', () => {
    const on = (executor: string, count: number): ComparedRun[] => [run(1, [], { executor, ...units(count) })]
    expect(named(on('wasm', 10), on('onnx', 20))).toEqual(['hidden units 10', 'hidden units 20'])
  })
  it('tell layers and classifiers apart first, and leave out what only the other kind has', () => {
    const layer = (count: number): ComparedRun[] => [run(1, [], { kind: 'localLearning', 'layer.hiddenUnits': count })]
    const classifier = (count: number): ComparedRun[] => [run(1, [], units(count))]
    expect(named(layer(60), layer(100), classifier(100))).toEqual([
      'receptive fields, hidden units 60',
      'receptive fields, hidden units 100',
      'classifier',
    ])
  })
  it('of a setting that only one has say so of the other', () => {
    const penalised: ComparedRun[] = [run(1, [], { ...units(10), strength: 0.1 })]
    expect(named(penalised, [run(1, [], units(10))])).toEqual(['strength 0.1', 'no strength'])
  })
  it('of equal settings are seeds, then names, then ids', () => {
    expect(named([run(3, [], units(10))], [run(4, [], units(10))])).toEqual(['seed 3', 'seed 4'])
    const same = (name: string): ComparedRun[] => [run(3, [], units(10), { name })]
    expect(named(same('first'), same('second'))).toEqual(['first', 'second'])
    const ids = named(same('first'), same('first'))
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toMatch(/^first, r-/)
  })
})

describe('a comparison', () => {
  it('says which runs are not finished, without a specification, repeated, in the trash', () => {
    const { groups, notes } = compareRuns(
      [
        [run(1, [1], units(10), { state: 'running' }), run(1, [1], units(10))],
        [run(null, [1], null), run(null, [1], null, { trashed: true })],
      ],
      [MEASURE],
      { baseline: 5, gone: ['r-0badbad0'], unknown: [], available: [] },
    )
    expect(groups[0]?.notes).toEqual([
      '1 of 2 runs has not finished; its last values are compared.',
      expect.stringContaining('Seed 1 was run more than once'),
    ])
    expect(groups[1]?.notes).toEqual([
      '1 of 2 runs is in the trash.',
      '2 of 2 runs have no specification, so their settings and seeds are not known.',
    ])
    expect(notes[0]).toBe('1 run of this comparison is not in the archive any more: r-0badbad0.')
  })
  it('says which settings are recorded, and names runs without seeds', () => {
    const own = run(3, [0.5], units(10), { name: 'mine' })
    const other = run(null, [0.5], null, { name: 'theirs' })
    const comparison = compare([[own], [other]])
    expect(comparison.groups.map(({ name }) => name)).toEqual(['mine', 'theirs'])
    expect(equalText(comparison)).toBe('Settings are recorded for 1 of 2 groups.')
    expect(equalText(compare([[own], [run(4, [0.5], units(10))], [other]]))).toBe(
      'All 2 settings are equal; only seeds or names differ. Settings are recorded for 2 of 3 groups.',
    )
  })
  it('warns of no dataset and no kind that is only not known', () => {
    const own = run(1, [0.5], { kind: 'classifier', 'dataset.kind': 'mnist' })
    expect(compare([[own], [run(1, [0.5], { lr: 0.1 })]]).notes).toEqual([])
    expect(compare([[own], [run(1, [0.5], { kind: 'resnet' })]]).notes).toEqual([])
  })
  it('warns of different datasets and kinds', () => {
    const on = (kind: string): ComparedRun[] => [run(1, [1], { kind: 'classifier', 'dataset.kind': kind })]
    expect(compare([on('mnist'), on('cifar10')]).notes).toEqual([expect.stringContaining('different datasets')])
  })
})

describe('numbers as words', () => {
  it.each([
    [0.4721, 0.00312, '0.4721 ± 0.0031'],
    [-1.114, 0.09, '−1.114 ± 0.090'],
    [1234.5, 56, '1235 ± 56'],
    [0.5, null, '0.5'],
    [0, 0, '0'],
    [null, null, '–'],
    [3e-9, 1e-9, '3e−9 ± 1.0e−9'],
  ])('%d ± %d', (mean, half, text) => expect(meanText(mean, half)).toBe(text))
  it.each([
    [0.0004, '< 0.001'],
    [0.0241, '0.024'],
    [0.9996, '1'],
    [0.0625, '0.063'],
  ])('p = %d', (p, text) => expect(probabilityText(p)).toBe(text))
})
