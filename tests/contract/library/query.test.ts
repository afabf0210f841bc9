import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asLabError } from '../../../contract/index.js'
import { parseQuery } from '../../../contract/library/parseQuery.js'
import { queryTest, type ReadableColumn } from '../../../contract/library/matchQuery.js'
import { columnNames } from '../../../contract/library/resolveColumn.js'
import { dateOfText, numberOfText } from '../../../contract/library/queryValues.js'
import type { CellValue, ColumnType } from '../../../contract/library/column.js'

const NOW = new Date(2026, 10, 30, 12).getTime()
const RUNS: Record<string, CellValue>[] = [
  {
    id: 'r-1',
    name: 'KH, 2000 units',
    accuracy: 0.472,
    'layer.hiddenUnits': 2000,
    tag: ['paper', 'keep'],
    star: true,
    state: 'finished',
    created: new Date(2026, 10, 20).getTime(),
    loss: 1.2,
  },
  {
    id: 'r-2',
    name: 'BP, ReLU',
    accuracy: 0.562,
    'model.hiddenUnits': 2000,
    tag: ['paper'],
    star: false,
    state: 'failed',
    created: new Date(2026, 10, 29, 8).getTime(),
    loss: NaN,
  },
  {
    id: 'r-3',
    name: 'JReg and L2',
    accuracy: null,
    'model.hiddenUnits': 500,
    tag: [],
    star: false,
    state: 'running',
    created: NOW - 3600_000,
    loss: Infinity,
  },
]
const TYPES: Record<string, ColumnType> = {
  accuracy: 'number',
  'layer.hiddenUnits': 'number',
  'model.hiddenUnits': 'number',
  loss: 'number',
  tag: 'set',
  star: 'boolean',
  state: 'text',
  name: 'text',
  id: 'text',
  created: 'date',
}
const names = columnNames(Object.keys(TYPES))
const column = (written: string, at: { from: number; to: number }): ReadableColumn => {
  const found = names.resolve({ name: written, reducer: null, epoch: null }, at)
  return {
    averaged: false,
    type: TYPES[found[0] ?? ''] ?? 'text',
    cell: (row) => found.map((name) => RUNS[row]?.[name] ?? null).find((cell) => cell !== null) ?? null,
  }
}
const matches = (query: string): string[] => {
  const test = queryTest(parseQuery(query), {
    column: ({ name }, at) => column(name, at),
    texts: (row) => [RUNS[row]?.['name'] as string, RUNS[row]?.['id'] as string, ...(RUNS[row]?.['tag'] as string[])],
    nowMs: NOW,
  })
  return RUNS.flatMap(({ id }, row) => (test(row) ? [id as string] : []))
}
const refusal = (query: string): { code: string; message: string; from: unknown; to: unknown } => {
  try {
    matches(query)
  } catch (error) {
    const { code, message, details } = asLabError(error)
    return { code, message, from: details['from'], to: details['to'] }
  }
  throw new Error(`${query} was accepted`)
}

describe('a query selects runs', () => {
  it.each([
    ['', ['r-1', 'r-2', 'r-3']],
    ['accuracy > .5', ['r-2']],
    ['accuracy>47%', ['r-1', 'r-2']],
    ['accuracy != .472', ['r-2']],
    ['not accuracy > .5', ['r-1', 'r-3']],
    ['accuracy > .45 and tag:paper', ['r-1', 'r-2']],
    ['accuracy > .45 tag:paper -star:true', ['r-2']],
    ['tag:keep or state = running', ['r-1', 'r-3']],
    ['(tag:keep or state = running) and hiddenUnits < 1000', ['r-3']],
    ['HIDDENUNITS = 2000', ['r-1', 'r-2']],
    ['units in (500, 2000) and not state in (failed, running)', ['r-1']],
    ['units not in (500)', ['r-1', 'r-2']],
    ['model.hiddenUnits = 2000', ['r-2']],
    ['has:accuracy', ['r-1', 'r-2']],
    ['-has:tag', ['r-3']],
    ['relu', ['r-2']],
    ['"2000 units"', ['r-1']],
    ['keep', ['r-1']],
    ['name ~ "and l2"', ['r-3']],
    ['loss = nan', ['r-2']],
    ['loss = inf', ['r-3']],
    ['loss > 0', ['r-1', 'r-3']],
    ['created >= 2026-11-29', ['r-2', 'r-3']],
    ['created = 2026-11-20', ['r-1']],
    ['created > 2h', ['r-3']],
    ['created = today', ['r-3']],
    ['created < 2026-11', []],
    ['tag != paper', ['r-3']],
    ['star = yes', ['r-1']],
    ['!star:true state:fail', ['r-2']],
  ])('%s', (query, expected) => expect(matches(query)).toEqual(expected))
})

describe('a query that is wrong points at the place', () => {
  it.each([
    ['accuracy >', 10, 10, /expected a value after accuracy >/],
    ['accuracy > paper', 11, 16, /is a number/],
    ['tag:paper and', 13, 13, /expected a condition/],
    ['acuracy > .5', 0, 7, /no run has a column “acuracy”; did you mean accuracy/],
    ['accuracy > .5 and (tag:paper', 28, 28, /expected “\)”/],
    ['accuracy > .5)', 13, 14, /no “\(”/],
    ['name = "open', 7, 12, /closing/],
    ['at(loss) > 1', 7, 8, /needs an epoch/],
    ['at(loss, -1) > 1', 9, 11, /epoch of 0 or more/],
    ['star > true', 0, 11, /cannot be compared with >/],
    ['created > yesterdy', 10, 18, /is a date/],
    ['> .5', 0, 1, /expected a condition/],
    ['units in 5', 6, 8, /expected a condition before “in”/],
    ['units in (5', 11, 11, /expected “\)”/],
    [`${'('.repeat(200)}star`, 101, 102, /nested/],
  ])('%s', (query, from, to, message) => {
    expect(refusal(query)).toMatchObject({ code: 'query.invalid', from, to })
    expect(refusal(query).message).toMatch(message)
  })

  it('any text is parsed or refused with a place inside it', () => {
    const part = fc.constantFrom(
      'accuracy',
      ' ',
      '>',
      '<=',
      '.5',
      'and',
      'or',
      'not',
      '(',
      ')',
      '"',
      ',',
      'in',
      'has',
      ':',
      'tag',
      '-',
      'at',
      '\\',
      'é',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join('')
        try {
          parseQuery(text)
        } catch (error) {
          const { code, details } = asLabError(error)
          expect(code).toBe('query.invalid')
          const [from, to] = [Number(details['from']), Number(details['to'])]
          expect(from >= 0 && from <= to && to <= text.length).toBe(true)
        }
      }),
      { numRuns: 2000, seed: 7 },
    )
  })
})

describe('values as people write them', () => {
  it.each([
    ['.5', 0.5],
    ['1e-3', 0.001],
    ['8/255', 8 / 255],
    ['47 %', null],
    ['47%', 0.47],
    ['2h', 7200],
    ['-3.5', -3.5],
    ['∞', Infinity],
    ['0x10', null],
    ['1/2/3', null],
    ['', null],
    ['h', null],
  ])('%s', (text, expected) => expect(numberOfText(text)).toBe(expected))

  it('dates are spans', () => {
    const day = dateOfText('2026-02-28', NOW)
    expect((day?.toMs ?? 0) - (day?.fromMs ?? 0)).toBe(86_400_000)
    expect(dateOfText('2026-02-30', NOW)).toBeNull()
    expect(dateOfText('7d', NOW)?.fromMs).toBe(NOW - 7 * 86_400_000)
  })
})
