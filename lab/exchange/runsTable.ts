import type { CellValue } from '../../contract/library/column.js'
import type { TableCell } from '../../contract/library/table.js'
import type { Library } from '../library/library.js'
import type { RowBatches } from './measureTables.js'
import type { ParquetColumn } from './parquet.js'

/** Lines whose cells are read at once. */
const LINES_AT_ONCE = 500

/** The table of runs: its columns, and its rows as they are read. */
export interface RunsTable {
  columns: ParquetColumn[]
  rows: RowBatches
}

/** Cells as they are, or of groups the means, with the number of runs and half of the intervals. */
const rowOf = (cells: readonly TableCell[], runs: number, isGrouped: boolean): CellValue[] => [
  ...cells.map(({ value }) => value),
  ...(isGrouped ? [runs, ...cells.map(({ halfWidth }) => halfWidth)] : []),
]

/** @throws LabError `query.invalid` for an unknown column */
export async function runsTable(
  library: Pick<Library, 'cells'>,
  lines: readonly (readonly string[])[],
  names: readonly string[],
): Promise<RunsTable> {
  const shown = [...new Set(names)]
  const isGrouped = lines.some(({ length }) => length > 1)
  const { columns } = await library.cells([], shown, true)
  const plain = columns.map(({ column, type }): ParquetColumn => ({ name: column, type }))
  const extra = ['runs', ...shown.map((name) => `${name} half width`)]
  const rows = async function* (): AsyncGenerator<CellValue[][]> {
    for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
      const part = lines.slice(from, from + LINES_AT_ONCE)
      const { cells } = await library.cells(part, shown, true)
      yield cells.map((line, place) => rowOf(line, part[place]?.length ?? 0, isGrouped))
    }
  }
  return {
    columns: isGrouped ? [...plain, ...extra.map((name): ParquetColumn => ({ name, type: 'number' }))] : plain,
    rows: rows(),
  }
}
