import { columnText, type ColumnReference, type Reducer } from '../../contract/library/column.js'
import type { ReadableColumn } from '../../contract/library/matchQuery.js'
import { queryError, type QuerySpan } from '../../contract/library/queryTokens.js'
import { isAveraged, isRunColumn, LARGER_IS_BETTER, RUN_COLUMNS } from '../../contract/library/runColumns.js'
import type { CurveSummary } from '../../contract/library/summary.js'
import { RUN_CELLS, type LibraryRow } from './row.js'
import type { TableSchema } from './tableSchema.js'

/** Values at one epoch, which summaries do not hold; null before they are read. */
export type EpochValues = (reference: ColumnReference) => ((id: string) => number | null) | null

/** The cells of a set of runs by column. */
export interface TableColumns {
  /** @throws LabError `query.invalid` with the place and suggestions */
  column(reference: ColumnReference, at: QuerySpan): ReadableColumn
  /** A column by its own name. */
  named(name: string): ReadableColumn
}

const reduced = (summary: CurveSummary, name: string, reducer: Exclude<Reducer, 'at'>): number =>
  reducer === 'best' ? (LARGER_IS_BETTER.has(name) ? summary.max : summary.min) : summary[reducer]

/** The first value that a run has among several columns. */
function firstOf(columns: readonly ReadableColumn[]): ReadableColumn {
  const [first] = columns
  if (columns.length === 1 && first !== undefined) return first
  const mixed = columns.some(({ type }) => type !== first?.type)
  return {
    type: mixed ? 'text' : (first?.type ?? 'text'),
    averaged: !mixed && columns.every(({ averaged }) => averaged),
    cell: (row) => {
      for (const { cell } of columns) {
        const value = cell(row)
        if (value !== null) return mixed ? String(value) : value
      }
      return null
    },
  }
}

/**
 * @param rows - may change their contents afterwards, but not their places
 * @param atEpoch - for the reducer `at`
 */
export function tableColumns(
  rows: readonly LibraryRow[],
  schema: TableSchema,
  atEpoch: EpochValues = () => null,
): TableColumns {
  const curveColumn = (name: string, reducer: Exclude<Reducer, 'at'>): ReadableColumn => ({
    type: 'number',
    averaged: true,
    cell: (row) => {
      const summary = rows[row]?.curves?.[name]
      return summary === undefined ? null : reduced(summary, name, reducer)
    },
  })
  const epochColumn = (reference: ColumnReference, at: QuerySpan): ReadableColumn => {
    const values = atEpoch(reference)
    if (values === null) throw queryError(`${columnText(reference)} has not been read yet`, at)
    return { type: 'number', averaged: true, cell: (row) => values(rows[row]?.record.id ?? '') }
  }
  const settingColumn = (name: string): ReadableColumn => {
    const type = schema.types.get(name) ?? 'text'
    return {
      type,
      averaged: false,
      cell: (row) => {
        const value = rows[row]?.settings?.[name] ?? null
        return type === 'text' && value !== null ? String(value) : value
      },
    }
  }
  const probeColumn = (name: string): ReadableColumn => ({
    type: 'number',
    averaged: true,
    cell: (row) => rows[row]?.probes?.[name] ?? null,
  })
  const named = (name: string): ReadableColumn => {
    if (isRunColumn(name)) {
      const read = RUN_CELLS[name]
      return {
        type: RUN_COLUMNS[name].type,
        averaged: isAveraged(name),
        cell: (row) => (rows[row] === undefined ? null : read(rows[row])),
      }
    }
    if (schema.types.has(name)) return settingColumn(name)
    return schema.probes.includes(name) ? probeColumn(name) : curveColumn(name, 'last')
  }
  return {
    named,
    column: (reference, at) => {
      if (reference.reducer === null) return firstOf(schema.names.resolve(reference, at).map(named))
      const curve = schema.curve(reference.name)
      if (curve === null) {
        const [other = reference.name] = schema.names.resolve(reference, at)
        throw queryError(`${reference.reducer}(…) reduces measures of epochs; ${other} is not one`, at)
      }
      return reference.reducer === 'at'
        ? epochColumn({ ...reference, name: curve }, at)
        : curveColumn(curve, reference.reducer)
    },
  }
}
