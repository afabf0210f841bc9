import { parquetReadObjects, parquetMetadata } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import type { CellValue } from '../../../contract/library/column.js'
import { csvOf, plainText } from '../../../contract/library/csv.js'
import { wideColumns, wideRows } from '../../../lab/exchange/measureTables.js'
import { parquetOf, type ParquetColumn } from '../../../lab/exchange/parquet.js'
import { measuresOf } from '../../../lab/exchange/runMeasures.js'
import { bits } from './bits.js'

const COLUMNS: ParquetColumn[] = [
  { name: 'number', type: 'number' },
  { name: 'text', type: 'text' },
  { name: 'flag', type: 'boolean' },
  { name: 'time', type: 'date' },
  { name: 'set', type: 'set' },
]
const EDGES = [0.1, -0, 0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 1 / 3, 2 ** 53 + 2]

async function parquetBytes(rows: Iterable<readonly CellValue[]>): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const all = async function* () {
    for (const row of rows) yield [row]
  }
  for await (const part of parquetOf(COLUMNS, all())) parts.push(part)
  const bytes = Buffer.concat(parts)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}

describe('a Parquet file', () => {
  it('has every bit of numbers, texts, dates in microseconds, and cells without value', async () => {
    const rows: CellValue[][] = EDGES.map((number, index) => [
      number,
      index % 2 === 0 ? `ä "${index}", \n` : null,
      index % 3 === 0 ? null : index % 2 === 0,
      index === 0 ? null : 1_700_000_000_000.125 + index,
      ['a b', 'c'],
    ])
    const bytes = await parquetBytes([...rows, [null, null, null, null, null]])
    const read = await parquetReadObjects({ file: bytes })
    expect(read.slice(0, -1).map((row) => bits(Number(row['number'])))).toEqual(EDGES.map(bits))
    expect(read.map((row) => row['text'] as unknown)).toEqual([...rows.map((row) => row[1]), null])
    expect(read.map((row) => row['flag'] as unknown)).toEqual([...rows.map((row) => row[2]), null])
    expect(read[1]!['set']).toBe('a b c')
    expect(read.at(-1)).toEqual({ number: null, text: null, flag: null, time: null, set: null })
    const { schema, num_rows } = parquetMetadata(bytes)
    expect(num_rows).toBe(11n)
    expect(schema.slice(1).map(({ name, type, converted_type }) => [name, type, converted_type])).toEqual([
      ['number', 'DOUBLE', undefined],
      ['text', 'BYTE_ARRAY', 'UTF8'],
      ['flag', 'BOOLEAN', undefined],
      ['time', 'INT64', 'TIMESTAMP_MICROS'],
      ['set', 'BYTE_ARRAY', 'UTF8'],
    ])
    const raw = await parquetReadObjects({
      file: bytes,
      columns: ['time'],
      parsers: { timestampFromMicroseconds: (micros) => micros },
    })
    expect(raw[1]!['time']).toBe(1_700_000_000_001_125n)
  })
  it('may have no rows, and more rows than are encoded at once', async () => {
    expect(await parquetReadObjects({ file: await parquetBytes([]) })).toEqual([])
    const many = 120_000
    const rows = function* (): Generator<CellValue[]> {
      for (let row = 0; row < many; row++) yield [row / 7, `run ${row % 5}`, true, row, null]
    }
    const read = await parquetReadObjects({ file: await parquetBytes(rows()), columns: ['number', 'text'] })
    expect(read).toHaveLength(many)
    expect(read.every((row, index) => row['number'] === index / 7 && row['text'] === `run ${index % 5}`)).toBe(true)
  })
})

describe('the wide table', () => {
  it('has a line a step, and a second line where a measure has two values', () => {
    const rows = { names: ['a', 'b'], name: [0, 1, 0, 0, 1], step: [1, 1, 1, 2, 3], epoch: [1, 1, 1, 1, 2] }
    const measures = measuresOf({ ...rows, wall: [0, 0, 0, 0, 0], value: [10, 20, 11, NaN, 22] })
    expect([...wideRows({ id: 'r', name: 'n', measures }, ['a', 'b'])]).toEqual([
      ['r', 'n', 1, 1, 10, 20],
      ['r', 'n', 1, 1, 11, null],
      ['r', 'n', 2, 1, NaN, null],
      ['r', 'n', 3, 2, null, 22],
    ])
    expect(wideColumns(['a', 'epoch'])).toEqual(['run', 'name', 'step', 'epoch', 'a', 'epoch (measure)'])
  })
})

describe('CSV', () => {
  it('has numbers in their shortest form that reads back, and texts that no spreadsheet runs', () => {
    const text = csvOf(['=a', 'b'], [...EDGES.map((value): CellValue[] => ['x', value]), ['-1,"', null]])
    const [head, ...lines] = text.trimEnd().split('\r\n')
    expect(head).toBe("'=a,b")
    expect(lines.at(-1)).toBe(`"'-1,""",`)
    expect(lines.slice(0, -1).map((line) => bits(Number(line.split(',')[1])))).toEqual(EDGES.map(bits))
    expect(plainText("'=a")).toBe('=a')
    expect(plainText("'tis")).toBe("'tis")
  })
})
