import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { studentQuantile } from '../../../contract/index.js'
import { holmAdjusted } from '../../../contract/statistics/holm.js'
import { pairedComparison } from '../../../contract/statistics/paired.js'
import { signedRankTails } from '../../../contract/statistics/signedRank.js'
import { normalTwoSided, studentTwoSided } from '../../../contract/statistics/special.js'
import { randomStream } from '../../../engine/random/index.js'

/** Values of SciPy 1.17.1: t.ppf, t.sf, norm.sf, ttest_1samp, wilcoxon (defaults), made by scipy.py beside the file. */
const scipy = JSON.parse(readFileSync(new URL('scipy.json', import.meta.url), 'utf8')) as {
  t: [degrees: number, quantile: number][]
  tails: [t: number, degrees: number, p: number][]
  normal: [z: number, p: number][]
  paired: { d: number[]; t: number; p: number; half: number; mean: number; w: number }[]
  holm: [values: number[], adjusted: number[]]
}
const relative = (a: number, b: number): number => Math.abs(a - b) / Math.max(1e-300, Math.abs(b))

describe('statistics agree with SciPy', () => {
  it.each(scipy.t)('the t quantile with %d degrees', (degrees, quantile) =>
    expect(relative(studentQuantile(degrees, 0.95), quantile)).toBeLessThan(1e-10),
  )
  it.each(scipy.tails)('the tails of t = %d with %d degrees', (t, degrees, p) =>
    expect(relative(studentTwoSided(t, degrees), p)).toBeLessThan(1e-9),
  )
  it.each(scipy.normal)('the tails of z = %d', (z, p) => expect(relative(normalTwoSided(z), p)).toBeLessThan(1e-9))
  it.each(scipy.paired.map((one) => [one.d.length, one] as const))('a comparison of %i pairs', (_, one) => {
    const found = pairedComparison(one.d)
    for (const [own, other] of [
      [found.mean, one.mean],
      [found.t, one.t],
      [found.p, one.p],
      [found.halfWidth, one.half],
      [found.signedRankP, one.w],
    ])
      expect(relative(own ?? NaN, other ?? NaN)).toBeLessThan(1e-6)
  })
  it('Holm', () => {
    const [values, adjusted] = scipy.holm
    for (const [index, p] of holmAdjusted(values).entries()) expect(p).toBeCloseTo(adjusted[index] ?? NaN, 12)
  })
})

describe('a paired comparison', () => {
  it('of too few pairs has no test, and of one no interval', () => {
    expect(pairedComparison([0.1, 0.3])).toMatchObject({ count: 2, p: null, signedRankP: null, effect: null })
    expect(pairedComparison([0.1])).toMatchObject({ count: 1, halfWidth: null, p: null })
    expect(pairedComparison([])).toMatchObject({ count: 0, halfWidth: null })
    expect(pairedComparison([NaN, 1, Infinity]).count).toBe(1)
    expect(pairedComparison([2, 2, 2])).toMatchObject({ mean: 2, halfWidth: 0, t: null, p: null, effect: null })
    expect(signedRankTails([0, 0])).toBeNull()
  })
  it('without a difference rejects 5 % of the time, and Holm keeps all of a family at that', () => {
    const random = randomStream(3, 'null comparisons')
    const REPETITIONS = 6000
    let [single, family] = [0, 0]
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const values = Array.from(
        { length: 4 },
        () => pairedComparison(Array.from({ length: 5 }, () => random.normal())).p,
      )
      if ((values[0] ?? 1) < 0.05) single += 1
      if (holmAdjusted(values).some((p) => (p ?? 1) < 0.05)) family += 1
    }
    expect(Math.abs(single / REPETITIONS - 0.05)).toBeLessThan(0.01)
    expect(family / REPETITIONS).toBeLessThan(0.06)
  })
  it('tests that were not possible do not count', () => {
    expect(holmAdjusted([null, 0.04, null])).toEqual([null, 0.04, null])
  })
})
