import { columnText, type CellValue, type ColumnReference, type ColumnType } from './column.js'
import type { QueryNode } from './query.js'
import { queryError, type QuerySpan } from './queryTokens.js'
import { booleanValue, dateValue, numberValue, OPERATORS_OF } from './queryValues.js'

/** A column whose cells can be read by row. Dates are milliseconds since 1970. */
export interface ReadableColumn {
  type: ColumnType
  /** Whether the mean of several runs says something: true of results and measures, not of settings and seeds. */
  averaged: boolean
  cell(row: number): CellValue
}

/** Where a query finds its columns. */
export interface QueryTables {
  /** @throws LabError `query.invalid` for an unknown name, with suggestions */
  column(reference: ColumnReference, at: QuerySpan): ReadableColumn
  /** Texts of a row in which words are searched. */
  texts(row: number): readonly string[]
  /** The moment to which ages such as `7d` refer, milliseconds since 1970. */
  nowMs: number
}

export type RowTest = (row: number) => boolean
type Compare = Extract<QueryNode, { kind: 'compare' }>
type Test = (cell: CellValue) => boolean

const folded = (text: string): string => text.toLocaleLowerCase('en')

function numberTest({ column, comparison, values }: Compare): Test {
  const numbers = values.map((value) => numberValue(value, columnText(column)))
  const [first = NaN] = numbers
  const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))
  const tests: Partial<Record<Compare['comparison'], (cell: number) => boolean>> = {
    '=': (cell) => same(cell, first),
    ':': (cell) => same(cell, first),
    '!=': (cell) => !same(cell, first),
    '<': (cell) => cell < first,
    '<=': (cell) => cell <= first,
    '>': (cell) => cell > first,
    '>=': (cell) => cell >= first,
    in: (cell) => numbers.some((number) => same(cell, number)),
  }
  const test = tests[comparison]
  return (cell) => typeof cell === 'number' && test !== undefined && test(cell)
}

function dateTest({ column, comparison, values }: Compare, nowMs: number): Test {
  const [value] = values
  if (value === undefined) return () => false
  const { fromMs, toMs } = dateValue(value, columnText(column), nowMs)
  const inside = (cell: number): boolean => cell >= fromMs && cell < Math.max(toMs, fromMs + 1)
  const tests: Partial<Record<Compare['comparison'], (cell: number) => boolean>> = {
    '=': inside,
    ':': inside,
    '!=': (cell) => !inside(cell),
    '<': (cell) => cell < fromMs,
    '<=': (cell) => cell < Math.max(toMs, fromMs + 1),
    '>': (cell) => cell >= Math.max(toMs, fromMs + 1),
    '>=': (cell) => cell >= fromMs,
  }
  const test = tests[comparison]
  return (cell) => typeof cell === 'number' && test !== undefined && test(cell)
}

/** `=` and `in` compare whole texts, `~` and, for texts, `:` look for a part; capitals do not count. */
function textTest({ comparison, values }: Compare): Test {
  const wanted = values.map(({ text }) => folded(text))
  const [first = ''] = wanted
  const tests: Partial<Record<Compare['comparison'], (cell: string) => boolean>> = {
    '=': (cell) => cell === first,
    '!=': (cell) => cell !== first,
    '~': (cell) => cell.includes(first),
    ':': (cell) => cell.includes(first),
    in: (cell) => wanted.includes(cell),
  }
  const test = tests[comparison]
  return (cell) => typeof cell === 'string' && test !== undefined && test(folded(cell))
}

function setTest({ comparison, values }: Compare): Test {
  const wanted = values.map(({ text }) => folded(text))
  const [first = ''] = wanted
  return (cell) => {
    const members = Array.isArray(cell) ? (cell as readonly string[]).map(folded) : []
    if (comparison === '~') return members.some((member) => member.includes(first))
    const has = wanted.some((member) => members.includes(member))
    return comparison === '!=' ? !has : has
  }
}

function booleanTest({ column, comparison, values: [value] }: Compare): Test {
  if (value === undefined) return () => false
  const wanted = booleanValue(value, columnText(column)) === (comparison !== '!=')
  return (cell) => cell === wanted
}

function testOf(node: Compare, type: ColumnType, nowMs: number): Test {
  if (!(OPERATORS_OF[type] as readonly string[]).includes(node.comparison))
    throw queryError(
      `${columnText(node.column)} cannot be compared with ${node.comparison}; use ${OPERATORS_OF[type].join(' ')}`,
      node,
    )
  if (type === 'number') return numberTest(node)
  if (type === 'date') return dateTest(node, nowMs)
  if (type === 'set') return setTest(node)
  return type === 'boolean' ? booleanTest(node) : textTest(node)
}

/** Whether a cell counts as a value: null, and a set without members, do not. */
export const hasValue = (cell: CellValue): boolean => cell !== null && !(Array.isArray(cell) && cell.length === 0)

/**
 * Turns a query into a test of rows. A comparison is false where the run has no value, also with `!=`.
 *
 * @throws LabError `query.invalid` for unknown columns and values of the wrong type, with their place
 */
export function queryTest(node: QueryNode, tables: QueryTables): RowTest {
  if (node.kind === 'all') return () => true
  if (node.kind === 'and' || node.kind === 'or') {
    const tests = node.of.map((part) => queryTest(part, tables))
    return node.kind === 'and' ? (row) => tests.every((test) => test(row)) : (row) => tests.some((test) => test(row))
  }
  if (node.kind === 'not') {
    const test = queryTest(node.of, tables)
    return (row) => !test(row)
  }
  if (node.kind === 'text') {
    const wanted = folded(node.text)
    return (row) => tables.texts(row).some((text) => folded(text).includes(wanted))
  }
  const column = tables.column(node.column, node.columnAt)
  if (node.kind === 'has') return (row) => hasValue(column.cell(row))
  const test = testOf(node, column.type, tables.nowMs)
  return (row) => {
    const cell = column.cell(row)
    return cell !== null && test(cell)
  }
}
