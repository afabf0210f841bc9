import { listText } from '../issues.js'
import type { RunId } from '../runId.js'
import { corrected, differenceOf, measureCell, NO_NUMBERS } from './differences.js'
import type { ComparedMeasure, ComparedRun, Comparison, Difference } from './comparison.js'
import { groupNames } from './names.js'
import { settingRows } from './settings.js'
import { testsAmong } from './visibleComparison.js'

const UNFINISHED: ReadonlySet<ComparedRun['state']> = new Set(['queued', 'running', 'paused', 'interrupted'])

const runsText = (count: number): string => (count === 1 ? '1 run' : `${count} runs`)

/** What to know of the runs of a group, in sentences. */
function notesOf(runs: readonly ComparedRun[]): string[] {
  const notes: string[] = []
  const note = (found: readonly ComparedRun[], one: string, several: string): void => {
    if (found.length === 0) return
    notes.push(
      runs.length === 1
        ? `${one}.`
        : `${found.length} of ${runs.length} runs ${found.length === 1 ? one.replace(/^The run /, '') : several}.`,
    )
  }
  const unfinished = runs.filter(({ state }) => UNFINISHED.has(state))
  note(
    unfinished,
    'The run has not finished; its last values are compared',
    'have not finished; their last values are compared',
  )
  note(
    runs.filter(({ state }) => state === 'failed'),
    'The run failed',
    'failed',
  )
  note(
    runs.filter(({ state }) => state === 'stopped'),
    'The run was stopped early',
    'were stopped early',
  )
  note(
    runs.filter(({ trashed }) => trashed),
    'The run is in the trash',
    'are in the trash',
  )
  note(
    runs.filter(({ settings }) => settings === null),
    'The run has no specification, so its settings and seed are not known',
    'have no specification, so their settings and seeds are not known',
  )
  const seeds = runs.flatMap(({ seed }) => seed ?? [])
  const repeated = [...new Set(seeds.filter((seed, place) => seeds.indexOf(seed) < place))].sort((a, b) => a - b)
  if (repeated.length > 0)
    notes.push(
      `${repeated.length === 1 ? 'Seed' : 'Seeds'} ${listText(repeated.map(String))} ${repeated.length === 1 ? 'was' : 'were'} run more than once and count once: different experiments of a seed are averaged.`,
    )
  return notes
}

/** Values of a setting among all groups; runs of other programs may not say theirs, which is no other value. */
const valuesOf = (groups: readonly (readonly ComparedRun[])[], path: string): Set<unknown> =>
  new Set(groups.flat().flatMap(({ settings }) => settings?.[path] ?? []))

function comparisonNotes(groups: readonly (readonly ComparedRun[])[], gone: readonly RunId[]): string[] {
  const kinds = valuesOf(groups, 'kind')
  return [
    ...(gone.length === 0
      ? []
      : [
          `${runsText(gone.length)} of this comparison ${gone.length === 1 ? 'is' : 'are'} not in the archive any more: ${listText(gone, 4)}.`,
        ]),
    ...(kinds.has('localLearning') && kinds.has('classifier')
      ? ['Layers and classifiers are compared; they share few settings and measures.']
      : []),
    ...(valuesOf(groups, 'dataset.kind').size > 1
      ? ['The runs learn different datasets, so differences of their accuracies do not compare the methods alone.']
      : []),
  ]
}

/**
 * Compares groups of runs: what differs in their settings, their measures, and paired differences to a baseline.
 *
 * @param groups - at least one, each with at least one run
 * @param measures - in the order of the values of the runs
 * @param baseline - place of a group; the first one if there is none at this place
 */
export function compareRuns(
  groups: readonly (readonly ComparedRun[])[],
  measures: readonly ComparedMeasure[],
  { baseline: asked, gone, unknown, available }: Pick<Comparison, 'baseline' | 'gone' | 'unknown' | 'available'>,
): Comparison {
  const baseline = asked < groups.length ? asked : 0
  const settings = settingRows(groups)
  const names = groupNames(groups, settings.differing)
  const cells = measures.map((_, measure) => groups.map((runs) => measureCell(runs, measure)))
  const differences = corrected(
    cells.map((row) => {
      const own = row[baseline]
      return row.map((cell, group): Difference => {
        return own === undefined || group === baseline ? { ...NO_NUMBERS, kind: 'baseline' } : differenceOf(cell, own)
      })
    }),
  )
  const compared = measures.map((measure, place) => ({
    ...measure,
    cells: cells[place] ?? [],
    differences: differences[place] ?? [],
  }))
  return {
    groups: groups.map((runs, group) => ({
      name: names[group]?.name ?? '',
      fullName: names[group]?.fullName ?? '',
      runs: runs.map(({ id, name, state, seed, values }) => ({ id, name, state, seed, values: [...values] })),
      notes: notesOf(runs),
    })),
    baseline,
    gone: [...gone],
    settings,
    measures: compared,
    tests: testsAmong(compared),
    unknown: [...unknown],
    available: [...available],
    notes: comparisonNotes(groups, gone),
  }
}
