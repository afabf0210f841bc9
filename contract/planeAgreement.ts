import type { PlaneAgreement } from './plane.js'
import type { ProbedModel } from './probe.js'
import { seedStatistics, tQuantile } from './seedStatistics.js'

/** A mean over pairs of maps with half the width of its 95 % interval; null where the seeds are too few to estimate their spread. */
export interface PairMean {
  mean: number
  halfWidth: number | null
}

/** How far the regions of two labels agree, or of the seeds of one label among each other (`a` equal to `b`). */
export interface GroupAgreement {
  a: string
  b: string
  seeds: readonly [ofA: number, ofB: number]
  pairs: number
  /** Share of the points with the same class. */
  agreement: PairMean
  /** Mean over the classes of intersection over union. */
  overlap: PairMean
}

/** The place of a pair of two of `count` maps, when pairs come in the order (0,1), (0,2) …, (1,2) …; which is named first is the same. */
export function pairPlace(count: number, first: number, second: number): number {
  const [a, b] = first < second ? [first, second] : [second, first]
  // Before row a there are a * (count - 1) - (0 + … + a - 1) pairs.
  return a * count - (a * (a + 1)) / 2 + b - a - 1
}

type Pairs = (first: number, second: number) => number

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Over all pairs of seeds of one label: pairs share seeds, so the spread is that of the jackknife's values nθ - (n-1)θ₋ᵢ, one a seed. */
function within(seeds: readonly number[], of: Pairs): PairMean {
  const count = seeds.length
  const mean = (left: readonly number[]): number =>
    meanOf(left.flatMap((first, place) => left.slice(place + 1).map((second) => of(first, second))))
  const whole = mean(seeds)
  // Two seeds are one pair; without either of them none is left.
  if (count < 3) return { mean: whole, halfWidth: null }
  const values = seeds.map((seed) => count * whole - (count - 1) * mean(seeds.filter((other) => other !== seed)))
  return { mean: whole, halfWidth: seedStatistics(values)?.halfWidth ?? null }
}

/** Over the seeds of one label with those of another: variances of the means by seed of either side add, s²_A/m + s²_B/n, with Welch's degrees. */
function across(seedsOfA: readonly number[], seedsOfB: readonly number[], of: Pairs): PairMean {
  const [rows, columns] = [
    seedsOfA.map((a) => meanOf(seedsOfB.map((b) => of(a, b)))),
    seedsOfB.map((b) => meanOf(seedsOfA.map((a) => of(a, b)))),
  ]
  const mean = meanOf(rows)
  const parts = [rows, columns].map((values) => ({
    degrees: values.length - 1,
    variance: (seedStatistics(values)?.standardDeviation ?? NaN) ** 2 / values.length,
  }))
  // A single seed says nothing about the spread of others.
  if (parts.some(({ degrees }) => degrees < 1)) return { mean, halfWidth: null }
  const variance = parts.reduce((sum, part) => sum + part.variance, 0)
  const degrees =
    variance === 0 ? 1 : variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0)
  return { mean, halfWidth: tQuantile(Math.max(1, Math.floor(degrees))) * Math.sqrt(variance) }
}

/**
 * Agreement of class regions by label: maps of one label are seeds of one training.
 *
 * @param models - label and sha256 of every map's model, in their order; the same model under one label counts once
 * @param agreement - of every pair of maps, in the order (0,1), (0,2) …, (1,2) …
 * @returns first each label with two seeds or more, then each pair of labels, in the order of the maps
 *
 * Source: jackknife of a U-statistic, J. N. Arvesen, Ann. Math. Stat. 40 (1969); degrees of freedom, B. L. Welch, Biometrika 34 (1947).
 */
export function groupAgreement(
  models: readonly Pick<ProbedModel, 'label' | 'hash'>[],
  agreement: readonly PlaneAgreement[],
): GroupAgreement[] {
  const pairAt = (first: number, second: number): PlaneAgreement | undefined =>
    agreement[pairPlace(models.length, first, second)]
  const names = [...new Set(models.map(({ label }) => label))]
  const isFirst = ({ label, hash }: Pick<ProbedModel, 'label' | 'hash'>, place: number): boolean =>
    models.findIndex((other) => other.label === label && other.hash === hash) === place
  const seedsOf = (name: string): number[] =>
    models.flatMap((model, place) => (model.label === name && isFirst(model, place) ? [place] : []))
  const share: Pairs = (first, second) => pairAt(first, second)?.agreement ?? NaN
  const overlap: Pairs = (first, second) => pairAt(first, second)?.meanIntersectionOverUnion ?? NaN
  const own = names.flatMap((name): GroupAgreement[] => {
    const seeds = seedsOf(name)
    const count = seeds.length
    return count < 2
      ? []
      : [
          {
            a: name,
            b: name,
            seeds: [count, count],
            pairs: (count * (count - 1)) / 2,
            agreement: within(seeds, share),
            overlap: within(seeds, overlap),
          },
        ]
  })
  const others = names.flatMap((a, place) =>
    names.slice(place + 1).map((b): GroupAgreement => {
      const [ofA, ofB] = [seedsOf(a), seedsOf(b)]
      return {
        a,
        b,
        seeds: [ofA.length, ofB.length],
        pairs: ofA.length * ofB.length,
        agreement: across(ofA, ofB, share),
        overlap: across(ofA, ofB, overlap),
      }
    }),
  )
  return [...own, ...others]
}
