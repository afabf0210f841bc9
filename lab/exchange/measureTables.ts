import type { CellValue } from '../../contract/library/column.js'
import { csvLine } from '../../contract/library/csv.js'
import type { ParquetColumn } from './parquet.js'
import type { RunMeasures } from './runMeasures.js'

/** A run and its measures. */
export interface MeasuredRun {
  id: string
  name: string
  measures: RunMeasures
}

/** Columns of a table with one measure a line. */
export const LONG_COLUMNS = [
  { name: 'run', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'measure', type: 'text' },
  { name: 'step', type: 'number' },
  { name: 'epoch', type: 'number' },
  { name: 'value', type: 'number' },
  { name: 'time', type: 'date' },
] as const satisfies readonly ParquetColumn[]

const timeOf = (wall: number | undefined): number | null => (wall !== undefined && Number.isFinite(wall) ? wall : null)

/** One measure a line, in the order in which they were recorded. */
export function* longRows({ id, name: runName, measures }: MeasuredRun): Generator<readonly CellValue[]> {
  const { names, name, step, epoch, wall, value } = measures
  for (let row = 0; row < value.length; row++)
    yield [
      id,
      runName,
      names[name[row] ?? 0] ?? '',
      step[row] ?? null,
      epoch[row] ?? null,
      value[row] ?? null,
      timeOf(wall[row]),
    ]
}

const PLACE_COLUMNS: readonly string[] = ['run', 'name', 'step', 'epoch']

/** Columns of a table with one step a line; a measure called like one of the first columns is marked. */
export const wideColumns = (names: readonly string[]): string[] => [
  ...PLACE_COLUMNS,
  ...names.map((name) => (PLACE_COLUMNS.includes(name) ? `${name} (measure)` : name)),
]

/** One step a line, one measure a column; where a measure has two values at a step, there is a second line. */
export function* wideRows(
  { id, name: runName, measures }: MeasuredRun,
  columns: readonly string[],
): Generator<readonly CellValue[]> {
  const { names, name, step, epoch, value } = measures
  const places = new Map(columns.map((column, place) => [column, place]))
  const open = new Map<string, CellValue[]>()
  for (let row = 0; row < value.length; row++) {
    const key = `${step[row]} ${epoch[row]}`
    const place = PLACE_COLUMNS.length + (places.get(names[name[row] ?? 0] ?? '') ?? 0)
    let cells = open.get(key)
    if (cells !== undefined && cells[place] !== null) {
      yield cells
      cells = undefined
    }
    if (cells === undefined) {
      cells = [id, runName, step[row] ?? null, epoch[row] ?? null, ...columns.map(() => null)]
      // The order of the lines is that of their first measures.
      open.delete(key)
      open.set(key, cells)
    }
    cells[place] = value[row] ?? null
  }
  yield* open.values()
}

/** Rows of a table, some at a time. */
export type RowBatches = AsyncIterable<readonly (readonly CellValue[])[]>

/** Lines of CSV as bytes. */
export async function* csvBytes(
  head: readonly string[],
  batches: RowBatches,
  dates: ReadonlySet<number>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(csvLine(head))
  for await (const rows of batches) yield encoder.encode(rows.map((row) => csvLine(row, dates)).join(''))
}
