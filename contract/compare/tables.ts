import type { Comparison, TestName } from './comparison.js'
import { settingText } from './settings.js'
import { correctionText, meanText, plainNumber, probabilityOf, signedText, testText } from './words.js'

/** A table for people, with what belongs below it; every row has a cell for each title. */
export interface TextTable {
  caption: string
  head: readonly string[]
  rows: readonly (readonly string[])[]
  notes: readonly string[]
}

/** A table for programs, with all digits. */
export interface NumberTable {
  head: readonly string[]
  rows: readonly (readonly (string | number | null)[])[]
}

const groupHeads = ({ groups }: Comparison): string[] => groups.map(({ name }) => name)

/** How many settings all share, and for how many groups settings are recorded where not for all. */
export function equalText({ settings: { differing, equal } }: Pick<Comparison, 'settings'>): string {
  const rows = [...differing, ...equal]
  const groups = rows[0]?.cells.length ?? 0
  const known = Array.from({ length: groups }).filter((_, group) => rows.some(({ cells }) => cells[group] !== null))
  if (rows.length === 0) return 'No settings are recorded.'
  const recorded = known.length === groups ? [] : [`Settings are recorded for ${known.length} of ${groups} groups.`]
  const count =
    differing.length === 0
      ? `All ${equal.length} settings are equal; only seeds or names differ.`
      : equal.length === 1
        ? '1 setting is equal.'
        : `${equal.length} settings are equal.`
  return (known.length === 1 && groups > 1 ? recorded : [count, ...recorded]).join(' ')
}

/** Settings that differ, one column for each group. */
export function settingsTable(comparison: Comparison): TextTable {
  const { differing } = comparison.settings
  return {
    caption: 'Settings that differ',
    head: ['Setting', ...groupHeads(comparison)],
    rows: differing.map(({ path, label, cells }) => [label, ...cells.map((cell) => settingText(path, cell))]),
    notes: [equalText(comparison)],
  }
}

const withUnit = ({ label, unit }: { label: string; unit: string }): string =>
  unit === '' ? label : `${label} (${unit})`

/** Means of the measures with 95 % intervals, one row for each group. */
export function measuresTable(comparison: Comparison): TextTable {
  const { groups, measures } = comparison
  return {
    caption: 'Means with 95 % intervals over seeds',
    head: ['Group', 'n', ...measures.map(withUnit)],
    rows: groups.map(({ name }, group) => {
      const cells = measures.map(({ cells: own }) => own[group])
      const counts = [...new Set(cells.map((cell) => cell?.count ?? 0))]
      return [name, counts.join(' / '), ...cells.map((cell) => meanText(cell?.mean ?? null, cell?.halfWidth ?? null))]
    }),
    notes: [],
  }
}

const TEST_LABELS = { pairedT: 'paired t', signedRank: 'signed ranks' } as const satisfies Record<TestName, string>

/** Differences to the baseline, one row for each group and measure. */
export function differencesTable(comparison: Comparison, test: TestName): TextTable {
  const { groups, measures, baseline, tests } = comparison
  const others = groups.flatMap(({ name }, group) => (group === baseline ? [] : [{ name, group }]))
  return {
    caption: `Differences to ${groups[baseline]?.name ?? ''}, paired by seed`,
    head: ['Measure', 'Group', 'Difference', 'Seeds', `p (${TEST_LABELS[test]}, Holm)`, 'Effect'],
    rows: measures.flatMap((measure) =>
      others.flatMap(({ name, group }) => {
        const difference = measure.differences[group]
        if (difference === undefined) return []
        const { mean, halfWidth, pairs, effect } = difference
        return [
          [
            withUnit(measure),
            name,
            signedText(mean, halfWidth),
            String(pairs.length),
            testText(difference, test),
            effect === null ? '–' : plainNumber(Number(effect.toPrecision(3))),
          ],
        ]
      }),
    ),
    notes: ['Mean and 95 % interval of the paired differences.', correctionText(tests[test], test)],
  }
}

/** Every number of the comparison: one row for each measure and group. */
export function comparisonNumbers(comparison: Comparison): NumberTable {
  const { groups, measures, tests, baseline } = comparison
  return {
    head: [
      'measure',
      'unit',
      'group',
      'n',
      'mean',
      'half width 95 %',
      'not finite',
      'missing',
      'baseline',
      'pairs',
      'difference',
      'difference half width 95 %',
      't',
      'p',
      'p Holm',
      'tests',
      'signed-rank p',
      'signed-rank p Holm',
      'signed-rank tests',
      'effect',
      'result',
    ],
    rows: measures.flatMap(({ name, unit, cells, differences }) =>
      groups.map((group, place) => {
        const [cell, difference] = [cells[place], differences[place]]
        const ranks = difference === undefined ? null : probabilityOf(difference, 'signedRank')
        return [
          name,
          unit,
          group.name,
          cell?.count ?? 0,
          cell?.mean ?? null,
          cell?.halfWidth ?? null,
          cell?.notFinite ?? 0,
          cell?.missing ?? 0,
          groups[baseline]?.name ?? '',
          difference?.pairs.length ?? 0,
          difference?.mean ?? null,
          difference?.halfWidth ?? null,
          difference?.t ?? null,
          difference?.p ?? null,
          difference?.pCorrected ?? null,
          tests.pairedT,
          ranks?.p ?? null,
          ranks?.corrected ?? null,
          tests.signedRank,
          difference?.effect ?? null,
          difference?.kind ?? '',
        ]
      }),
    ),
  }
}
