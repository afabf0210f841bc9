import { createHash } from 'node:crypto'
import { asLabError, LabError } from '../../contract/index.js'
import type { CellValue } from '../../contract/library/column.js'
import { hasValue, queryTest, type ReadableColumn } from '../../contract/library/matchQuery.js'
import { parseColumn } from '../../contract/library/parseQuery.js'
import { parseQuery } from '../../contract/library/parseQuery.js'
import { SPECIFICATION, type TableRequest } from '../../contract/library/table.js'
import type { LibraryRow } from './row.js'
import type { TableColumns } from './tableColumns.js'

/** Rows of a table by index, grouped and in order. */
export interface IndexedLine {
  rows: readonly number[]
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Values before NaN, NaN before nothing. */
const rank = (value: CellValue): number =>
  !hasValue(value) ? 2 : typeof value === 'number' && Number.isNaN(value) ? 1 : 0

/** Ascending; numbers by size, texts as people sort them, `run 2` before `run 10`. */
function compareValues(a: CellValue, b: CellValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a), String(b))
}

/** A comparison of cells in which runs without a value come last in both directions. */
function compareCells(descending: boolean): (a: CellValue, b: CellValue) => number {
  return (a, b) => {
    const [ra, rb] = [rank(a), rank(b)]
    if (ra !== rb || ra > 0) return ra - rb
    return descending ? compareValues(b, a) : compareValues(a, b)
  }
}

/** A column by which lines are put in order or in groups; an unknown one is no fault of the query. @throws LabError `query.invalid` */
function columnOf(columns: TableColumns, name: string, use: string): ReadableColumn {
  try {
    return columns.column(parseColumn(name), { from: 0, to: name.length })
  } catch (error) {
    throw new LabError('query.invalid', `cannot ${use} ${name}: ${asLabError(error).message}`, { column: name }, error)
  }
}

/** Mean of the numbers of a line, or its first value, for sorting lines of several runs. */
function lineValue(column: ReadableColumn, rows: readonly number[]): CellValue {
  if (rows.length === 1 || !column.averaged || column.type !== 'number') return column.cell(rows[0] ?? -1)
  const numbers = rows.map((row) => column.cell(row)).filter((value) => typeof value === 'number')
  const finite = numbers.filter((value) => !Number.isNaN(value))
  if (finite.length === 0) return numbers.length === 0 ? null : NaN
  return finite.reduce((sum, value) => sum + value, 0) / finite.length
}

/** Settings that do not make an experiment another one. */
const NOT_OF_THE_SPECIFICATION: ReadonlySet<string> = new Set(['seed', 'name', 'version', 'executor'])

/** Keys by settings, which never change: made once, since thousands of them are compared at every request. */
const specificationKeys = new WeakMap<object, string>()

function specificationKey({ settings, record }: LibraryRow): string {
  if (settings === null) return record.id
  const known = specificationKeys.get(settings)
  if (known !== undefined) return known
  const text = Object.keys(settings)
    .filter((name) => !NOT_OF_THE_SPECIFICATION.has(name))
    .sort()
    .map((name) => `${name}=${String(settings[name])}`)
    .join('\n')
  // Runs of other programs may have no settings: nothing says that they are seeds of one experiment.
  const key = text === '' ? record.id : createHash('sha1').update(text).digest('base64')
  specificationKeys.set(settings, key)
  return key
}

function grouped(
  found: readonly number[],
  groupBy: readonly string[],
  rows: readonly LibraryRow[],
  columns: TableColumns,
): IndexedLine[] {
  if (groupBy.length === 0) return found.map((row) => ({ rows: [row] }))
  const keys = groupBy.map((name): ((row: number) => string) => {
    if (name === SPECIFICATION) return (row) => (rows[row] === undefined ? '' : specificationKey(rows[row]))
    const { cell } = columnOf(columns, name, 'group by')
    return (row) => {
      const value = cell(row)
      return value === null ? '' : String(value)
    }
  })
  const groups = new Map<string, number[]>()
  for (const row of found) {
    const key = keys.map((of) => of(row)).join('\n\n')
    const group = groups.get(key) ?? []
    if (group.length === 0) groups.set(key, group)
    group.push(row)
  }
  return [...groups.values()].map((group) => ({ rows: group }))
}

/**
 * The lines of a table: which runs match, in which groups and order.
 *
 * @param rows - newest first, which decides between equal ones
 * @throws LabError `query.invalid`
 */
export function tableLines(
  rows: readonly LibraryRow[],
  columns: TableColumns,
  { query = '', sort = [], groupBy = [], from = 'library' }: TableRequest,
  nowMs: number,
): { lines: IndexedLine[]; matching: number; total: number } {
  const test = queryTest(parseQuery(query), {
    column: columns.column,
    texts: (row) => {
      const { record, labels } = rows[row] ?? {}
      return record === undefined ? [] : [record.name, record.id, ...(labels?.tags ?? [])]
    },
    nowMs,
  })
  const inside = rows.flatMap(({ labels }, row) => ((labels.trashedAt !== null) === (from === 'trash') ? [row] : []))
  const found = inside.filter(test)
  const keys = sort.map(({ column, descending }) => {
    const readable = columnOf(columns, column, 'sort by')
    return { readable, compare: compareCells(descending) }
  })
  const sorted = (lines: IndexedLine[]): IndexedLine[] => {
    if (keys.length === 0) return lines
    const values = keys.map(({ readable }) => lines.map(({ rows: own }) => lineValue(readable, own)))
    const order = lines.map((_, index) => index)
    order.sort((a, b) => {
      for (const [key, { compare }] of keys.entries()) {
        const difference = compare(values[key]?.[a] ?? null, values[key]?.[b] ?? null)
        if (difference !== 0) return difference
      }
      return a - b
    })
    return order.map((index) => lines[index] as IndexedLine)
  }
  const members = sorted(found.map((row) => ({ rows: [row] }))).map(({ rows: [row = -1] }) => row)
  const lines =
    groupBy.length === 0 ? members.map((row) => ({ rows: [row] })) : sorted(grouped(members, groupBy, rows, columns))
  return { lines, matching: found.length, total: inside.length }
}
