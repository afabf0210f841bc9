import { InvalidArgumentError, type Command } from 'commander'
import { asLabError, LabError, type RunRecord } from '../../../contract/index.js'
import type { CellValue } from '../../../contract/library/column.js'
import { csvOf } from '../../../contract/library/csv.js'
import type { ImportedRun } from '../../../contract/library/imported.js'
import { parseColumn } from '../../../contract/library/parseQuery.js'
import type { TableCell, TableCells, TableRequest } from '../../../contract/library/table.js'
import type { LabCore } from '../../../lab/core.js'
import { runCommand, type CommandContext } from '../../command.js'
import { durationText, localTimeText, tableText } from '../../output.js'
import { addCommonOptions, type CommonOptions } from '../options.js'

interface ListOptions extends CommonOptions {
  where?: string
  columns?: string[]
  sort?: string[]
  groupBy?: string[]
  trash?: boolean
  csv?: boolean
  limit?: number
}

const HELP = `
Queries: accuracy > .5 and tag:paper and hiddenUnits in (1000, 2000)
  operators   = != < <= > >=   ~ contains   : has (tags) or contains (texts)   in (…)   has:COLUMN
  join        and, or, not, ( ); conditions side by side mean and; other words search names, ids and tags
  values      .5  1e-3  8/255  50%  2h  nan  inf  2026-11-30  today  7d (seven days ago)  "with spaces"
  measures    testAccuracy is the last value; min(loss), max(…), best(…), first(…), at(testAccuracy, 50)
Columns: settings by path (layer.hiddenUnits) or last part (hiddenUnits), measures, and
  name id state kind dataset seed group tag folder star note created started finished computeSeconds
  epoch epochs executor error source tool accuracy trainAccuracy alpha alphaError converged removedUnits
With --group-by, numbers are means with half of their 95 % interval.`

/** A list of columns `accuracy,min(loss),at(testAccuracy, 50)`: commas inside brackets belong to the column. */
export function columnList(text: string): string[] {
  const names = text.split(/,(?![^(]*\))/).map((name) => name.trim())
  const wanted = names.filter((name) => name !== '')
  for (const name of wanted) {
    try {
      parseColumn(name.replace(/^-/, ''))
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
    }
  }
  return wanted
}

/** `-accuracy,name` puts the largest accuracy first. */
const sortOf = (names: readonly string[]): NonNullable<TableRequest['sort']> =>
  names.map((name) => ({ column: name.replace(/^-/, ''), descending: name.startsWith('-') }))

export function runRow(run: RunRecord): string[] {
  const slope = run.spectrumSlope === null ? '' : run.spectrumSlope.toFixed(2)
  return [
    run.id,
    run.state,
    run.name,
    `${run.epoch}/${run.epochs}`,
    slope,
    durationText(run.computeSeconds),
    localTimeText(run.createdAt),
  ]
}
export function importedRow({ id, name, epoch, computeSeconds, startedAt, origin }: ImportedRun): string[] {
  const took = computeSeconds === null ? '' : durationText(computeSeconds)
  return [id, 'imported', name, String(epoch), '', took, localTimeText(startedAt ?? origin.importedAt)]
}
export const RUN_HEAD = ['id', 'state', 'name', 'epoch', 'slope', 'took', 'created'] as const

function cellForPeople({ value, halfWidth, differs }: TableCell, type: TableCells['columns'][number]['type']): string {
  if (value === null) return differs ? '(several)' : ''
  if (typeof value === 'number') {
    if (type === 'date') return localTimeText(new Date(value).toISOString())
    const number = Number.isInteger(value) && halfWidth === null ? String(value) : String(Number(value.toPrecision(4)))
    return halfWidth === null ? number : `${number} ± ${halfWidth.toPrecision(2)}`
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(' ') : String(value)
}

/** The message of a wrong query with a line that marks the place. */
export function markedQuery(error: unknown, query: string): unknown {
  const { code, message, details } = asLabError(error)
  const [from, to] = [details['from'], details['to']]
  if (code !== 'query.invalid' || typeof from !== 'number' || typeof to !== 'number') return error
  const marks = ' '.repeat(from) + '^'.repeat(Math.max(1, to - from))
  return new LabError(code, `${message}\n  ${query}\n  ${marks}`, details, error)
}

/** Lines and cells of the table that the options describe. */
async function readTable(
  lab: LabCore,
  { where = '', columns = [], sort = [], groupBy = [], trash = false, limit }: ListOptions,
): Promise<{ answer: Awaited<ReturnType<typeof table>>; ids: string[][]; shown: TableCells }> {
  const table = () =>
    lab.call('library.table', {
      query: where,
      sort: sortOf(sort),
      groupBy,
      from: trash ? 'trash' : 'library',
      wait: true,
    })
  const answer = await table().catch((error: unknown) => Promise.reject(markedQuery(error, where)))
  const ids = answer.lines.slice(0, limit).map((line) => line.ids)
  return { answer, ids, shown: await lab.call('library.cells', { lines: ids, columns, wait: true }) }
}

const isPlain = ({ where, columns, sort, groupBy, trash, csv, limit }: ListOptions): boolean =>
  [where, columns, sort, groupBy, trash, csv, limit].every((option) => option === undefined)

async function listAll({ lab, output }: CommandContext): Promise<unknown> {
  const [runs, imported] = await Promise.all([lab.call('run.list', null), lab.call('library.imports', null)])
  output.line(
    runs.length + imported.length === 0
      ? 'No runs yet. Start one with `lab run quick-look`.'
      : tableText([RUN_HEAD, ...runs.map(runRow), ...imported.map(importedRow)]),
  )
  return { runs, imported }
}

const DEFAULT_COLUMNS = ['id', 'state', 'name', 'epoch', 'accuracy', 'alpha', 'created']
const GROUP_COLUMNS = ['name', 'state', 'accuracy', 'alpha']

async function listTable({ lab, output }: CommandContext, options: ListOptions): Promise<unknown> {
  const isGrouped = (options.groupBy ?? []).length > 0
  const columns = options.columns ?? (isGrouped ? [...(options.groupBy ?? []), ...GROUP_COLUMNS] : DEFAULT_COLUMNS)
  const names = columns.filter((name) => name !== 'specification')
  const { answer, ids, shown } = await readTable(lab, { ...options, columns: names })
  const values = (cells: readonly TableCell[]): CellValue[] => cells.map(({ value }) => value)
  if (options.csv === true) {
    const dates = new Set(shown.columns.flatMap(({ type }, index) => (type === 'date' ? [index] : [])))
    const head = isGrouped ? [...names, 'runs', ...names.map((name) => `${name} half width`)] : names
    const rows = shown.cells.map((cells, line): CellValue[] =>
      isGrouped
        ? [...values(cells), ids[line]?.length ?? 0, ...cells.map(({ halfWidth }) => halfWidth)]
        : values(cells),
    )
    process.stdout.write(csvOf(head, rows, dates))
    return undefined
  }
  const head = isGrouped ? ['runs', ...names] : names
  const lines = shown.cells.map((cells, line) => [
    ...(isGrouped ? [String(ids[line]?.length ?? 0)] : []),
    ...cells.map((cell, index) => cellForPeople(cell, shown.columns[index]?.type ?? 'text')),
  ])
  output.line(lines.length === 0 ? `0 of ${answer.total} runs match.` : tableText([head, ...lines]))
  if (lines.length > 0) output.note(`${answer.matching} of ${answer.total} runs.`)
  return {
    total: answer.total,
    matching: answer.matching,
    columns: shown.columns,
    lines: ids.map((of, line) => ({ ids: of, cells: shown.cells[line] })),
  }
}

/** `lab list`. */
export function addListCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('list').description('list the runs of the archive, newest first'))
    .option('--where <query>', 'runs that match a query (below)')
    .option('--columns <names>', 'columns to show, comma-separated', columnList)
    .option('--sort <columns>', 'columns to sort by, comma-separated; -accuracy puts the largest first', columnList)
    .option(
      '--group-by <columns>',
      'one line per group of runs; specification groups the seeds of an experiment',
      columnList,
    )
    .option('--limit <count>', 'show at most this number of lines', Number)
    .option('--trash', 'list the runs in the trash')
    .option('--csv', 'write CSV to standard output')
    .addHelpText('after', HELP)
    .action(async (options: ListOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async (context) => {
          if (options.csv === true && options.json === true) throw new LabError('usage', 'choose --csv or --json')
          return isPlain(options) ? listAll(context) : listTable(context, options)
        }),
      )
    })
}
