import type { CellValue } from '../library/column.js'
import type { LibraryRecord } from '../library/record.js'
import type { RunId } from '../runId.js'

/** A run as it enters a comparison. */
export interface ComparedRun {
  id: RunId
  name: string
  state: LibraryRecord['state']
  /** Null where the run has no specification, and so no known seed. */
  seed: number | null
  epoch: number
  /** Null where another program does not say. */
  epochs: number | null
  trashed: boolean
  /** Settings as columns; null for a run without a specification. */
  settings: Readonly<Record<string, CellValue>> | null
  /** One value for each measure; null where the run has none. */
  values: readonly (number | null)[]
}

/** A measure that can be compared, as queries write it. */
export interface ComparedMeasure {
  name: string
  label: string
  unit: string
}

/** Runs that are compared as one. */
export interface ComparedGroup {
  /** What distinguishes it from the other groups, short enough for a legend. */
  name: string
  /** Every setting in which it differs from another group. */
  fullName: string
  runs: Pick<ComparedRun, 'id' | 'name' | 'state' | 'seed' | 'values'>[]
  /** What to know of its runs before its numbers are read, in sentences. */
  notes: string[]
}

/** A setting of a group: its different values in order of their first run, null where a run has no such setting. */
export type SettingCell = readonly CellValue[]

/** A setting with its values, one cell for each group; null for a group without specifications. */
export interface SettingRow {
  path: string
  label: string
  cells: (SettingCell | null)[]
}

/** The samples of a group: one value for each seed. */
export interface MeasureSample {
  /** Null where it is not known. */
  seed: number | null
  value: number
}

/** A measure of a group. */
export interface MeasureCell {
  /** Finite values, one for each seed. */
  samples: MeasureSample[]
  count: number
  /** Null without values. */
  mean: number | null
  /** Half the width of the 95 % interval of the mean (Student's t); null for fewer than two values. */
  halfWidth: number | null
  /** Runs whose value is NaN or infinite, and runs without one. Neither takes part. */
  notFinite: number
  missing: number
}

/** How a difference to the baseline was found, and so which of its numbers there are. */
export const DIFFERENCE_KINDS = [
  'baseline',
  'noValues',
  'single',
  'noCommonSeeds',
  'notEnoughSeeds',
  'allEqual',
  'paired',
] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** A group minus the baseline in one measure. */
export interface Difference {
  kind: DifferenceKind
  /** One for each seed that both have. */
  pairs: { seed: number; difference: number }[]
  /** Mean of the pairs; of single runs and without common seeds the difference of the means. Null without values. */
  mean: number | null
  /** Half the width of the 95 % interval; null for fewer than two pairs. */
  halfWidth: number | null
  t: number | null
  /** Two-sided p of the paired t-test, as it is and corrected by Holm; null where there is no test. */
  p: number | null
  pCorrected: number | null
  /** The same of the exact signed-rank test; null also where no result of it could reject. */
  signedRankP: number | null
  signedRankCorrected: number | null
  /** Hedges' g of paired values. */
  effect: number | null
}

/** The tests of a comparison. */
export const TESTS = ['pairedT', 'signedRank'] as const
export type TestName = (typeof TESTS)[number]

/** Runs or groups side by side. */
export interface Comparison {
  groups: ComparedGroup[]
  /** Which group the others are compared with. */
  baseline: number
  /** Runs that the archive does not have any more. */
  gone: RunId[]
  settings: {
    differing: SettingRow[]
    /** Settings that all runs share. */
    equal: SettingRow[]
  }
  measures: (ComparedMeasure & { cells: MeasureCell[]; differences: Difference[] })[]
  /** Tests in view, by which Holm's correction counts. */
  tests: Record<TestName, number>
  /** Measures that were asked for and that no run has. */
  unknown: string[]
  /** Measures that at least one of these runs has. */
  available: ComparedMeasure[]
  /** What to know before the numbers are read, in sentences. */
  notes: string[]
}
