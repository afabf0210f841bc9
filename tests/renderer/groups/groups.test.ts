import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentQuantile, type RunRecord } from '../../../contract/index.js'
import { studentTwoSided } from '../../../contract/statistics/special.js'
import { stateLook } from '../../../renderer/components/runStates.js'
import { numberInterval, percentInterval } from '../../../renderer/groups/intervalText.js'
import { groupedRuns, recordOfGroup, seedGroup, seedsWords } from '../../../renderer/groups/runGroups.js'
import { seedCurve, seedInterval } from '../../../renderer/groups/seedStatistics.js'
import { runRecord } from '../fakeLab.js'

const member = (index: number, changes: Parameters<typeof runRecord>[0] = {}) =>
  runRecord({
    id: `r-0000000${index}`,
    kind: 'classifier',
    name: 'five seeds',
    seed: 10 + index,
    state: 'finished',
    group: { id: 'r-00000000', index, count: 5 },
    ...changes,
  })

describe('Student’s t', () => {
  // Two-sided 95 % points of the usual table (for example NIST/SEMATECH e-Handbook, 1.3.6.7.2).
  it.each([
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [9, 2.262],
    [30, 2.042],
    [99, 1.984],
  ])('with %i degrees is %f', (degrees, expected) => {
    expect(studentQuantile(degrees, 0.95)).toBeCloseTo(expected, 3)
  })
  it('leaves in its tails what the lab’s own distribution says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (degrees, confidence) => {
          expect(studentTwoSided(studentQuantile(degrees, confidence), degrees)).toBeCloseTo(1 - confidence, 9)
        },
      ),
    )
  })
})

describe('a mean over seeds', () => {
  it('has the interval t s / √n', () => {
    // Mean 3, s² = (4 + 1 + 0 + 1 + 4) / 4 = 2.5, t(4) = 2.776445: 2.776445 · √(2.5 / 5) = 1.963243.
    const interval = seedInterval([1, 2, 3, 4, 5])
    expect(interval).toMatchObject({ count: 5, mean: 3 })
    expect(interval?.standardDeviation).toBeCloseTo(Math.sqrt(2.5), 12)
    expect(interval?.halfWidth).toBeCloseTo(1.963243, 6)
  })
  it('has none for one value, and is none for no value', () => {
    expect(seedInterval([0.5])).toEqual({ count: 1, mean: 0.5, standardDeviation: NaN, halfWidth: null })
    expect([seedInterval([]), seedInterval([NaN])]).toEqual([null, null])
  })
  it('is a curve over those runs that have the epoch', () => {
    const curve = seedCurve([
      { epoch: [1, 2, 3], value: [1, 2, 3] },
      { epoch: [1, 2], value: [3, 2] },
    ])
    expect(curve.epoch).toEqual([1, 2, 3])
    expect(curve.mean).toEqual([2, 2, 3])
    expect(curve.count).toEqual([2, 2, 1])
    // s = √2, t(1) = 12.7062: 12.7062 · √2 / √2.
    expect((curve.high[0] ?? NaN) - 2).toBeCloseTo(12.7062, 4)
    expect([curve.low[1], curve.high[1], curve.low[2], curve.high[2]]).toEqual([2, 2, 3, 3])
  })
  it('counts a run once at an epoch where it has several values', () => {
    const curve = seedCurve([
      { epoch: [1, 1, 1], value: [5, 4, 3] },
      { epoch: [1], value: [1] },
    ])
    expect([curve.mean, curve.count]).toEqual([[2], [2]])
  })
  it('is written with the digits that its interval deserves', () => {
    expect(percentInterval({ count: 5, mean: 0.54236, standardDeviation: 0, halfWidth: 0.00618 })).toBe(
      '54.24 ± 0.62\u00a0%',
    )
    expect(percentInterval({ count: 1, mean: 0.54236, standardDeviation: NaN, halfWidth: null })).toBe('54.2\u00a0%')
    expect(percentInterval({ count: 2, mean: 0.5, standardDeviation: 0, halfWidth: 0 })).toBe('50.00 ± 0.00\u00a0%')
    expect(numberInterval({ mean: -1.5312, halfWidth: 0.021 })).toBe('−1.531 ± 0.021')
  })
})

describe('runs of one experiment', () => {
  it('come together at the place of the first, in the order of their seeds', () => {
    const alone = runRecord({ id: 'r-000000aa', name: 'alone' })
    const items = groupedRuns([member(2), alone, member(1)])
    expect(items.map(({ type }) => type)).toEqual(['group', 'run'])
    expect(items[0]?.type === 'group' && items[0].group.members.map(({ id }) => id)).toEqual([
      'r-00000001',
      'r-00000002',
    ])
  })
  it('stay runs when only one is left', () => {
    expect(groupedRuns([member(3)])).toEqual([{ type: 'run', record: member(3) }])
  })
  it('are described by means, sums and the state that wants attention', () => {
    const group = seedGroup([
      member(0, { testAccuracy: 0.5, computeSeconds: 3, epoch: 10 }),
      member(1, { testAccuracy: 0.6, computeSeconds: 4, epoch: 7, state: 'running' }),
      member(2, { state: 'queued' }),
    ])
    expect(group.testAccuracy).toMatchObject({ count: 2, mean: 0.55 })
    expect(recordOfGroup(group)).toMatchObject({
      state: 'running',
      epoch: 0,
      computeSeconds: 7,
      testAccuracy: 0.55,
      trainAccuracy: null,
      finishedAt: null,
    })
    expect([seedsWords(group), seedsWords(seedGroup([member(0), member(3)]))]).toEqual([
      'seeds 10 to 12',
      'seeds 10, 13',
    ])
  })
})

describe('the verdict of a group', () => {
  const verdict = (passed: boolean, unconvergedFraction: number) => ({
    passed,
    unconvergedFraction,
    unconvergedUnits: 100 * unconvergedFraction,
    lowMeanUnits: 0,
    flatFraction: 0,
    text: '',
  })
  const member = (index: number, changes: Partial<RunRecord>) =>
    runRecord({ id: `r-0000000${index}`, state: 'finished', group: { id: 'r-00000000', index, count: 3 }, ...changes })
  const recordOf = (members: RunRecord[]): RunRecord => {
    const [item] = groupedRuns(members)
    if (item?.type !== 'group') throw new Error('no group')
    return item.record
  }
  it('is that of the worst member, and never green where one did not converge', () => {
    const none = recordOf([0, 1, 2].map((index) => member(index, { verdict: verdict(false, 0.2 + index / 10) })))
    expect(stateLook(none)).toEqual({ label: 'Not converged', tone: 'warn' })
    expect(none.verdict?.text).toBe('3 of 3 runs did not converge.')
    expect(none.verdict?.unconvergedFraction).toBeCloseTo(0.3)
    expect(
      stateLook(recordOf([member(0, { verdict: verdict(true, 0) }), member(1, { verdict: verdict(false, 0.5) })]))
        .label,
    ).toBe('Not converged')
    expect(
      stateLook(recordOf([member(0, { verdict: verdict(true, 0) }), member(1, { verdict: verdict(true, 0.02) })]))
        .label,
    ).toBe('Finished')
    expect(stateLook(recordOf([member(0, { verdict: verdict(false, 1) }), member(1, { state: 'failed' })])).label).toBe(
      'Failed',
    )
    expect(recordOf([member(0, {}), member(1, {})]).verdict).toBeNull()
  })
  it('has the fraction with its interval', () => {
    const group = seedGroup(
      [0, 1, 2].map((index) => member(index, { seed: index, verdict: verdict(true, 0.1 * index) })),
    )
    expect(group.convergedFraction).toMatchObject({
      count: 3,
      mean: expect.closeTo(0.9),
      halfWidth: expect.closeTo((4.3027 * 0.1) / Math.sqrt(3), 3),
    })
  })
})
