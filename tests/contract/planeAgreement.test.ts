import { describe, expect, it } from 'vitest'
import { groupAgreement, pairPlace, type PlaneAgreement } from '../../contract/index.js'

const pair = (overlap: number): PlaneAgreement => ({
  a: '',
  b: '',
  agreement: overlap / 2,
  intersectionOverUnion: Float64Array.of(overlap),
  meanIntersectionOverUnion: overlap,
})
const of = (labels: readonly string[], overlaps: readonly number[]) =>
  groupAgreement(
    labels.map((label, place) => ({ label, hash: String(place) })),
    overlaps.map(pair),
  )

describe('pairs of maps', () => {
  it('have their places in the order (0,1), (0,2) …, (1,2) …', () => {
    for (const count of [2, 3, 5]) {
      const pairs = Array.from({ length: count }, (_, a) =>
        Array.from({ length: count - a - 1 }, (_other, gap) => [a, a + 1 + gap] as const),
      ).flat()
      pairs.forEach(([a, b], place) => expect([pairPlace(count, a, b), pairPlace(count, b, a)]).toEqual([place, place]))
    }
  })
})

describe('agreement over seeds', () => {
  it('of one label is the mean over its pairs, with an interval by the jackknife from three seeds on', () => {
    const [group] = of(['A', 'A', 'A'], [0.8, 0.7, 0.6])
    // θ = 0.7; without seed 1, 2, 3 the one pair left is 0.6, 0.7, 0.8: 3θ - 2θ₋ᵢ = 0.9, 0.7, 0.5, s = 0.2, t(2) s / √3.
    expect(group).toMatchObject({ a: 'A', b: 'A', seeds: [3, 3], pairs: 3 })
    expect(group?.overlap.mean).toBeCloseTo(0.7, 12)
    expect(group?.overlap.halfWidth).toBeCloseTo((4.302652729749464 * 0.2) / Math.sqrt(3), 10)
    expect(group?.agreement.mean).toBeCloseTo(0.35, 12)
    expect(group?.agreement.halfWidth).toBeCloseTo((4.302652729749464 * 0.1) / Math.sqrt(3), 10)
    expect(of(['A', 'A'], [0.8])[0]?.overlap).toEqual({ mean: 0.8, halfWidth: null })
  })

  it('counts the same model under one label once', () => {
    const twins = groupAgreement(
      [
        { label: 'A', hash: 'x' },
        { label: 'A', hash: 'x' },
        { label: 'A', hash: 'y' },
      ],
      [1, 0.5, 0.5].map(pair),
    )
    expect(twins).toMatchObject([{ seeds: [2, 2], pairs: 1, overlap: { mean: 0.5, halfWidth: null } }])
    expect(
      groupAgreement(
        [
          { label: 'A', hash: 'x' },
          { label: 'A', hash: 'x' },
        ],
        [pair(1)],
      ),
    ).toEqual([])
  })

  it("of two labels adds the variances of both sides, with Welch's degrees", () => {
    // Maps A A B B B: pairs (A1,A2), (A1,B1) …; by seed of A 0.5 and 0.3, by seed of B 0.3, 0.4, 0.5.
    const groups = of(['A', 'A', 'B', 'B', 'B'], [0.9, 0.4, 0.5, 0.6, 0.2, 0.3, 0.4, 0.8, 0.8, 0.8])
    expect(groups.map(({ a, b, seeds, pairs }) => [a, b, ...seeds, pairs])).toEqual([
      ['A', 'A', 2, 2, 1],
      ['B', 'B', 3, 3, 3],
      ['A', 'B', 2, 3, 6],
    ])
    // s²_A/2 = 0.02/2 = 0.01, s²_B/3 = 0.01/3; degrees (0.01 + 0.01/3)² / (0.01²/1 + (0.01/3)²/2) = 1.68, so 1.
    expect(groups[2]?.overlap.mean).toBeCloseTo(0.4, 12)
    expect(groups[2]?.overlap.halfWidth).toBeCloseTo(12.706204736174694 * Math.sqrt(0.01 + 0.01 / 3), 9)
    expect(groups[1]?.overlap.halfWidth).toBeCloseTo(0, 12)
  })

  it('has no interval where one side has a single seed, and no group without pairs', () => {
    expect(
      of(['A', 'B', 'B'], [0.4, 0.6, 0.9]).map(({ a, b, overlap }) => [a, b, overlap.mean, overlap.halfWidth]),
    ).toEqual([
      ['B', 'B', 0.9, null],
      ['A', 'B', 0.5, null],
    ])
    expect(of(['A'], [])).toEqual([])
  })

  it('keeps to the order of maps, however seeds are mixed', () => {
    // B, A, B: pairs (B1,A), (B1,B2), (A,B2).
    expect(of(['B', 'A', 'B'], [0.2, 0.9, 0.4]).map(({ a, b, overlap }) => [a, b, overlap.mean])).toEqual([
      ['B', 'B', 0.9],
      ['B', 'A', expect.closeTo(0.3, 12)],
    ])
  })
})
