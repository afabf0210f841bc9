import type { Comparison, TestName } from './comparison.js'
import { corrected } from './differences.js'

/** Tests that were possible among differences. */
export function testsAmong(measures: Pick<Comparison, 'measures'>['measures']): Record<TestName, number> {
  const all = measures.flatMap(({ differences }) => differences)
  return {
    pairedT: all.filter(({ p }) => p !== null).length,
    signedRank: all.filter(({ signedRankP }) => signedRankP !== null).length,
  }
}

/**
 * The comparison of some of its groups: p-values are corrected for the tests among these alone.
 *
 * @param places - of the groups that stay; the baseline always does
 */
export function visibleComparison(comparison: Comparison, places: ReadonlySet<number>): Comparison {
  const isKept = (_: unknown, place: number): boolean => places.has(place) || place === comparison.baseline
  const { groups, settings, measures, baseline } = comparison
  if (groups.every(isKept)) return comparison
  const differences = corrected(measures.map((measure) => measure.differences.filter(isKept)))
  const kept = measures.map((measure, index) => ({
    ...measure,
    cells: measure.cells.filter(isKept),
    differences: differences[index] ?? [],
  }))
  const rows = (of: Comparison['settings']['equal']): Comparison['settings']['equal'] =>
    of.map((row) => ({ ...row, cells: row.cells.filter(isKept) }))
  return {
    ...comparison,
    groups: groups.filter(isKept),
    baseline: groups.slice(0, baseline).filter(isKept).length,
    settings: { differing: rows(settings.differing), equal: rows(settings.equal) },
    measures: kept,
    tests: testsAmong(kept),
  }
}
