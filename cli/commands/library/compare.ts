import type { Command } from 'commander'
import { LabError, sameName, type RunId } from '../../../contract/index.js'
import { attackMeasureOf } from '../../../contract/compare/attackMeasure.js'
import type { Comparison, TestName } from '../../../contract/compare/comparison.js'
import { MOST_COMPARED, type GroupingRequest } from '../../../contract/compare/request.js'
import { comparisonNumbers, differencesTable, measuresTable, settingsTable } from '../../../contract/compare/tables.js'
import { csvOfTable, latexOf, markdownOf } from '../../../contract/compare/tableText.js'
import type { TextTable } from '../../../contract/compare/tables.js'
import type { LabCore } from '../../../lab/core.js'
import { runCommand, type CommandContext } from '../../command.js'
import { tableText } from '../../output.js'
import { addCommonOptions, type CommonOptions } from '../options.js'
import { columnList, markedQuery } from './list.js'

interface CompareOptions extends CommonOptions {
  where?: string
  groupBy?: string[]
  runs?: boolean
  baseline?: string
  measure?: string[]
  test: string
  csv?: boolean
  markdown?: boolean
  latex?: boolean
}

const HELP = `
Runs:      ids or names; seeds of one experiment are compared as a group (--runs keeps each by itself),
           --group-by layer.hiddenUnits puts runs with the same value into one group
Measures:  columns of lab list that are numbers, such as accuracy, min(loss), at(testAccuracy, 50)
Tests:     differences to the baseline are paired by seed; p is two-sided and corrected for the number of tests
           in view (Holm). Fewer than 3 common seeds, or 6 for signed ranks, are not enough for a test.
Example:   lab compare --where "tag:paper" --group-by layer.hiddenUnits --measure alpha --markdown`

const TESTS = { t: 'pairedT', ranks: 'signedRank' } as const satisfies Record<string, TestName>

/** Columns, and numbers under an attack, which `--json` lists as available. */
const measureList = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .flatMap((name) => (attackMeasureOf(name.trim()) === null ? columnList(name) : [name.trim()]))

/** The ids of runs that are named by their ids or their names. @throws LabError `run.missing`, `usage` */
async function idsOf(lab: LabCore, names: readonly string[]): Promise<RunId[]> {
  const records = await lab.call('run.list', null)
  return names.map((name) => {
    const found = records.some(({ id }) => id === name)
      ? [name]
      : records.filter((run) => sameName(run.name, name)).map(({ id }) => id)
    const [id] = found
    if (id === undefined) throw new LabError('run.missing', `no run has the id or name ${name}`, { run: name })
    if (found.length > 1)
      throw new LabError(
        'usage',
        `${found.length} runs are named ${name}; choose one of ${found.slice(0, 8).join(', ')}`,
      )
    return id
  })
}

async function groupsOf(lab: LabCore, names: readonly string[], options: CompareOptions): Promise<RunId[][]> {
  const { where, groupBy, runs } = options
  if (names.length === 0 && where === undefined)
    throw new LabError('usage', 'expected runs to compare, or --where QUERY')
  if (groupBy !== undefined && runs === true) throw new LabError('usage', 'choose --group-by or --runs')
  const request: GroupingRequest = {
    ids: names.length === 0 ? null : [...new Set(await idsOf(lab, names))],
    query: where ?? '',
    groupBy: groupBy ?? (runs === true ? 'runs' : 'seeds'),
  }
  const groups = await lab
    .call('compare.groups', request)
    .catch((error: unknown) => Promise.reject(markedQuery(error, where ?? '')))
  if (groups.length === 0) throw new LabError('usage', `no run matches ${where ?? ''}`)
  if (groups.length > MOST_COMPARED)
    throw new LabError(
      'usage',
      `expected at most ${MOST_COMPARED} runs or groups, got ${groups.length}; choose fewer, or group them with --group-by. lab list --group-by shows all of them`,
    )
  return groups
}

/** The place of the baseline: a number from 1, or the name, full name, or a run of a group. @throws LabError `usage` */
function baselineOf({ groups }: Comparison, text: string | undefined): number {
  if (text === undefined) return 0
  const place = groups.findIndex(
    ({ name, fullName, runs }) =>
      name === text || fullName === text || runs.some((run) => run.id === text || sameName(run.name, text)),
  )
  const number = /^[1-9]\d*$/.test(text) ? Number(text) - 1 : -1
  if (place < 0 && groups[number] === undefined)
    throw new LabError(
      'usage',
      `expected a baseline from 1 to ${groups.length}, a run, or one of ${groups.map(({ name }) => name).join('; ')}, got ${text}`,
    )
  return place < 0 ? number : place
}

async function compared(lab: LabCore, names: readonly string[], options: CompareOptions): Promise<Comparison> {
  const groups = await groupsOf(lab, names, options)
  const measures = options.measure ?? []
  const first = await lab.call('compare.runs', { groups, measures, baseline: 0 })
  if (first.unknown.length > 0)
    throw new LabError(
      'usage',
      `no run has the measure ${first.unknown.join(', ')}; these have ${first.available.map(({ name }) => name).join(', ') || 'none'}`,
    )
  const baseline = baselineOf(first, options.baseline)
  if (baseline === first.baseline) return first
  const ids = first.groups.map(({ runs }) => runs.map(({ id }) => id))
  return lab.call('compare.runs', { groups: ids, measures, baseline })
}

const tablesOf = (comparison: Comparison, test: TestName): TextTable[] => [
  settingsTable(comparison),
  measuresTable(comparison),
  ...(comparison.groups.length > 1 ? [differencesTable(comparison, test)] : []),
]

function printTables({ output }: CommandContext, comparison: Comparison, test: TestName): void {
  for (const { caption, head, rows, notes } of tablesOf(comparison, test)) {
    output.line(`${caption}`)
    if (rows.length > 0) output.line(tableText([head, ...rows]))
    for (const note of notes) output.line(note)
    output.line('')
  }
  comparison.groups.forEach(({ name, notes }) => notes.forEach((note) => output.note(`${name}: ${note}`)))
  comparison.notes.forEach((note) => output.note(note))
}

/** `lab compare`. */
export function addCompareCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(
    program.command('compare').description('compare 2 to 8 runs or groups: settings, measures, paired differences'),
  )
    .argument('[run...]', 'ids or names of runs')
    .option('--where <query>', 'every run that matches a query; see lab list --help')
    .option('--group-by <columns>', 'a group for each value of these columns, comma-separated', columnList)
    .option('--runs', 'compare seeds of one experiment with each other instead of as a group')
    .option('--baseline <group>', 'the group that others are compared with: its place from 1, its name, or a run of it')
    .option('--measure <columns>', 'measures, comma-separated; the usual ones by default', measureList)
    .option('--test <test>', 't (paired t-test) or ranks (exact signed-rank test)', 't')
    .option('--csv', 'write every number as CSV to standard output')
    .option('--markdown', 'write the tables as Markdown to standard output')
    .option('--latex', 'write the tables as LaTeX (booktabs) to standard output')
    .addHelpText('after', HELP)
    .action(async (names: string[], options: CompareOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async (context) => {
          const { json, csv, markdown, latex } = options
          if ([json, csv, markdown, latex].filter((form) => form === true).length > 1)
            throw new LabError('usage', 'choose one of --json, --csv, --markdown and --latex')
          if (options.test !== 't' && options.test !== 'ranks')
            throw new LabError('usage', `expected the test t or ranks, got ${options.test}`)
          const test = TESTS[options.test]
          const comparison = await compared(context.lab, names, options)
          if (csv === true) process.stdout.write(csvOfTable(comparisonNumbers(comparison)))
          else if (markdown === true) process.stdout.write(tablesOf(comparison, test).map(markdownOf).join('\n'))
          else if (latex === true) process.stdout.write(tablesOf(comparison, test).map(latexOf).join('\n'))
          else printTables(context, comparison, test)
          return csv === true || markdown === true || latex === true ? undefined : comparison
        }),
      )
    })
}
