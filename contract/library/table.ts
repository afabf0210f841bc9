import { z } from 'zod'
import type { RunId } from '../runId.js'
import type { CellValue, ColumnFacts, ColumnType } from './column.js'
import { LABEL_LIMITS } from './edits.js'

/** Columns of one request. */
export const MOST_COLUMNS = 200

/** Groups by everything that a specification says but the seed and the name. */
export const SPECIFICATION = 'specification'

const columnName = z.string().min(1).max(200)

/** Which runs a table shows, and in which order. */
export const tableRequest = z.strictObject({
  /** See `parseQuery`; empty for all runs. */
  query: z.string().max(LABEL_LIMITS.query).default(''),
  /** Columns, the first one counts most; `descending` puts the largest first. Runs without a value come last. */
  sort: z
    .array(z.strictObject({ column: columnName, descending: z.boolean() }))
    .max(8)
    .default([]),
  /** Columns whose values runs of one group share, or `specification`; empty for a line per run. */
  groupBy: z.array(columnName).max(8).default([]),
  /** `trash` shows what was moved to the trash instead. */
  from: z.enum(['library', 'trash']).default('library'),
})
export type TableRequest = z.input<typeof tableRequest>

/** One line of the table: a run, or a group of runs. */
export interface TableLine {
  /** Its runs in the order of the table. */
  ids: RunId[]
}

/** Which lines a table has. */
export interface TableAnswer {
  lines: TableLine[]
  /** Runs that match, and runs of the library in all. */
  matching: number
  total: number
  /** Files of runs whose curves are not read yet; queries of curves are incomplete until it is 0. */
  reading: number
}

/** What a cell shows of a line: of several runs the mean of a result, or the value that all of them have. */
export interface TableCell {
  /** Null where no run of the line has a value, or where texts differ. */
  value: CellValue
  /** Half the width of the 95 % interval of the mean; null for fewer than two values. */
  halfWidth: number | null
  /** Runs with a value. */
  count: number
  /** How many different values the runs of the line have. */
  distinct: number
  /** Whether they have more than one. */
  differs: boolean
}

/** A column as the table shows it. */
export interface TableColumn {
  /** As it was requested. */
  column: string
  type: ColumnType
}

/** Cells of some lines: `cells[line][column]`. */
export interface TableCells {
  columns: TableColumn[]
  cells: TableCell[][]
}

/** Columns for the picker: `total` of them match the search. */
export interface ColumnList {
  columns: ColumnFacts[]
  total: number
}
