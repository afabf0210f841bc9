import { holmAdjusted } from '../statistics/holm.js'
import { FEWEST_PAIRS, pairedComparison } from '../statistics/paired.js'
import { seedStatistics } from '../seedStatistics.js'
import type { ComparedRun, Difference, MeasureCell, MeasureSample } from './comparison.js'

/** The level at which a test rejects. */
export const LEVEL = 0.05

/** The smallest two-sided p that an exact signed-rank test of n pairs can have: 2/2ⁿ, when all differences have one sign. */
export const smallestSignedRankP = (pairs: number): number => 2 ** (1 - pairs)

/**
 * Fewest pairs with which an exact signed-rank test can reject after Holm's correction: 2/2ⁿ ≤ α/m.
 *
 * @param tests - m in view, at least 1
 */
export const fewestRankedPairs = (tests: number): number => Math.ceil(1 + Math.log2(tests / LEVEL))

const same = (a: ComparedRun, b: ComparedRun): boolean => JSON.stringify(a.settings) === JSON.stringify(b.settings)

/** Runs of one seed: the same experiment again is the same sample, and the first that has a value counts. */
function distinct(runs: readonly ComparedRun[]): ComparedRun[] {
  return runs.filter((run, place) => runs.findIndex((other) => same(run, other)) === place)
}

/**
 * A measure of a group, one sample for each seed: a seed that was run twice is one sample, and different experiments of one seed are
 * averaged. Runs without a known seed are samples of their own.
 *
 * @param measure - its place among the values of the runs
 */
export function measureCell(runs: readonly ComparedRun[], measure: number): MeasureCell {
  const valueOf = ({ values }: ComparedRun): number | null => values[measure] ?? null
  const known = runs.filter((run) => valueOf(run) !== null)
  const finite = known.filter((run) => Number.isFinite(valueOf(run)))
  const bySeed = new Map<number, ComparedRun[]>()
  for (const run of finite) if (run.seed !== null) bySeed.set(run.seed, [...(bySeed.get(run.seed) ?? []), run])
  const samples: MeasureSample[] = [
    ...[...bySeed].map(([seed, own]): MeasureSample => {
      const values = distinct(own).map((run) => valueOf(run) ?? NaN)
      return { seed, value: values.reduce((sum, value) => sum + value, 0) / values.length }
    }),
    ...finite
      .filter(({ seed }) => seed === null)
      .map((run): MeasureSample => ({ seed: null, value: valueOf(run) ?? NaN })),
  ]
  const statistics = seedStatistics(samples.map(({ value }) => value))
  return {
    samples,
    count: samples.length,
    mean: statistics?.mean ?? null,
    halfWidth: statistics?.halfWidth ?? null,
    notFinite: known.length - finite.length,
    missing: runs.length - known.length,
  }
}

/** A difference without numbers. */
export const NO_NUMBERS = {
  pairs: [],
  mean: null,
  halfWidth: null,
  t: null,
  p: null,
  pCorrected: null,
  signedRankP: null,
  signedRankCorrected: null,
  effect: null,
} satisfies Omit<Difference, 'kind'>

/** A group minus the baseline, paired by seed; corrections follow in {@link corrected}. */
export function differenceOf(group: MeasureCell, baseline: MeasureCell): Difference {
  if (group.mean === null || baseline.mean === null) return { ...NO_NUMBERS, kind: 'noValues' }
  const unpaired = group.mean - baseline.mean
  const others = new Map(baseline.samples.flatMap(({ seed, value }) => (seed === null ? [] : [[seed, value]])))
  const pairs = group.samples.flatMap(({ seed, value }) => {
    const other = seed === null ? undefined : others.get(seed)
    return seed === null || other === undefined ? [] : [{ seed, difference: value - other }]
  })
  if (group.count === 1 && baseline.count === 1) return { ...NO_NUMBERS, kind: 'single', pairs, mean: unpaired }
  if (pairs.length === 0) return { ...NO_NUMBERS, kind: 'noCommonSeeds', mean: unpaired }
  const { mean, halfWidth, t, p, signedRankP, effect } = pairedComparison(pairs.map(({ difference }) => difference))
  const found = { ...NO_NUMBERS, pairs, mean, halfWidth }
  if (pairs.length < FEWEST_PAIRS) return { ...found, kind: 'notEnoughSeeds' }
  if (t === null) return { ...found, kind: 'allEqual' }
  const ranked = pairs.filter(({ difference }) => difference !== 0).length
  const isReachable = smallestSignedRankP(ranked) <= LEVEL
  return { ...found, kind: 'paired', t, p, effect, signedRankP: isReachable ? signedRankP : null }
}

/** Differences with their p-values corrected for the number of tests among all of them. */
export function corrected(differences: readonly (readonly Difference[])[]): Difference[][] {
  const all = differences.flat()
  const [t, ranks] = [holmAdjusted(all.map(({ p }) => p)), holmAdjusted(all.map(({ signedRankP }) => signedRankP))]
  let place = 0
  return differences.map((row) =>
    row.map((difference) => {
      const [pCorrected, signedRankCorrected] = [t[place] ?? null, ranks[place] ?? null]
      place += 1
      return { ...difference, pCorrected, signedRankCorrected }
    }),
  )
}
