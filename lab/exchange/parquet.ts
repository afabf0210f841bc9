import { ByteWriter, ParquetWriter, type ColumnSource, type SchemaElement } from 'hyparquet-writer'
import type { CellValue, ColumnType } from '../../contract/library/column.js'

/** A column of a Parquet file; all of them are flat and may lack values. */
export interface ParquetColumn {
  name: string
  type: ColumnType
}

/** Rows that are encoded at once. */
const ROWS_AT_ONCE = 50_000

/** Dates are milliseconds since 1970 and become whole microseconds. */
const micros = (value: CellValue): bigint | null =>
  typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.round(value * 1000)) : null

const VALUES: Record<ColumnType, (value: CellValue) => number | bigint | boolean | string | null> = {
  number: (value) => (typeof value === 'number' ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date: micros,
  text: (value) => (value === null ? null : String(value)),
  set: (value) => (value === null ? null : Array.isArray(value) ? value.join(' ') : String(value)),
}

function schemaElement({ name, type }: ParquetColumn): SchemaElement {
  const repetition = { name, repetition_type: 'OPTIONAL' } as const
  if (type === 'number') return { ...repetition, type: 'DOUBLE' }
  if (type === 'boolean') return { ...repetition, type: 'BOOLEAN' }
  return type === 'date'
    ? { ...repetition, type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }
    : { ...repetition, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
}

/**
 * Rows as a Parquet file: numbers as DOUBLE with every bit, dates as INT64 microseconds since 1970, sets as one text.
 *
 * @param columns - with different names
 * @param batches - rows, some at a time, with cells in the order of the columns; a table of any length needs little memory
 * @yields the bytes of the file in their order
 */
export async function* parquetOf(
  columns: readonly ParquetColumn[],
  batches: AsyncIterable<readonly (readonly CellValue[])[]>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter()
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaElement)],
    createdBy: 'LocalLearning Workbench',
  })
  const taken = (): Uint8Array => {
    const bytes = new Uint8Array(writer.buffer, 0, writer.index).slice()
    writer.index = 0
    return bytes
  }
  let cells: ReturnType<(typeof VALUES)[ColumnType]>[][] = columns.map(() => [])
  const flush = async (): Promise<void> => {
    const columnData = columns.map(({ name, type }, place): ColumnSource => ({
      name,
      data: cells[place] ?? [],
      // A dictionary would take −0 for 0.
      ...(type === 'number' ? { encoding: 'PLAIN' as const } : {}),
    }))
    cells = columns.map(() => [])
    await file.write({ columnData, rowGroupSize: ROWS_AT_ONCE })
  }
  for await (const rows of batches) {
    for (const row of rows)
      for (const [place, { type }] of columns.entries()) cells[place]?.push(VALUES[type](row[place] ?? null))
    if ((cells[0]?.length ?? 0) < ROWS_AT_ONCE) continue
    await flush()
    yield taken()
  }
  if ((cells[0]?.length ?? 0) > 0) await flush()
  await file.finish()
  yield taken()
}
