import type { ColumnType } from './column.js'
import type { QueryValue } from './query.js'
import { queryError } from './queryTokens.js'

const SECONDS = { s: 1, min: 60, h: 3600, d: 86_400, w: 604_800 } as const
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i
const FRACTION = /^([^/]+)\/([^/]+)$/
const DURATION = /^(.+?)(s|min|h|d|w)$/

function plainNumber(text: string): number | null {
  if (NUMBER.test(text)) return Number(text)
  const word = text.toLowerCase()
  if (word === 'nan') return NaN
  if (word === 'inf' || word === 'infinity' || word === '∞') return Infinity
  return word === '-inf' || word === '-infinity' || word === '-∞' ? -Infinity : null
}

/**
 * A number as people write it: `.5`, `1e-3`, `8/255`, `50%`, `2h` (seconds), `inf`, `nan`.
 *
 * @returns null for any other text
 */
export function numberOfText(text: string): number | null {
  const plain = plainNumber(text)
  if (plain !== null) return plain
  if (text.endsWith('%')) {
    const percent = plainNumber(text.slice(0, -1))
    return percent === null ? null : percent / 100
  }
  const fraction = FRACTION.exec(text)
  if (fraction !== null) {
    const [top, bottom] = [plainNumber(fraction[1] ?? ''), plainNumber(fraction[2] ?? '')]
    return top === null || bottom === null ? null : top / bottom
  }
  const duration = DURATION.exec(text)
  const amount = duration === null ? null : plainNumber(duration[1] ?? '')
  return amount === null ? null : amount * SECONDS[duration?.[2] as keyof typeof SECONDS]
}

/** A day, or a moment, as half-open interval of milliseconds since 1970 in local time. */
export interface DateSpan {
  fromMs: number
  toMs: number
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?)?$/

/**
 * A date as people write it: `2026`, `2026-11`, `2026-11-30`, `2026-11-30T14:05` (quoted), `today`, `yesterday`, or an
 * age: `7d` is the moment seven days before `nowMs`.
 *
 * @returns null for any other text
 */
export function dateOfText(text: string, nowMs: number): DateSpan | null {
  const now = new Date(nowMs)
  const day = (shift: number): number => new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift).getTime()
  if (text === 'today') return { fromMs: day(0), toMs: day(1) }
  if (text === 'yesterday') return { fromMs: day(-1), toMs: day(0) }
  if (DURATION.test(text)) {
    const seconds = numberOfText(text)
    if (seconds === null) return null
    return { fromMs: nowMs - seconds * 1000, toMs: nowMs - seconds * 1000 }
  }
  const [, year, month, date, hour, minute] = DATE.exec(text) ?? []
  if (year === undefined) return null
  const [y, m, d] = [Number(year), month === undefined ? 0 : Number(month) - 1, date === undefined ? 1 : Number(date)]
  const from = new Date(y, m, d, Number(hour ?? 0), Number(minute ?? 0))
  if (from.getMonth() !== m || from.getDate() !== d) return null
  const to =
    month === undefined
      ? new Date(y + 1, 0, 1)
      : date === undefined
        ? new Date(y, m + 1, 1)
        : hour === undefined
          ? new Date(y, m, d + 1)
          : new Date(from.getTime() + 60_000)
  return { fromMs: from.getTime(), toMs: to.getTime() }
}

const TRUE = ['true', 'yes', '1']
const FALSE = ['false', 'no', '0']

/** A number for a column. @throws LabError `query.invalid` */
export function numberValue(value: QueryValue, column: string): number {
  const number = value.quoted ? null : numberOfText(value.text)
  if (number === null)
    throw queryError(
      `${column} is a number; expected a value such as .5, 1e-3, 8/255 or 50%, got “${value.text}”`,
      value,
    )
  return number
}

/** A date for a column. @throws LabError `query.invalid` */
export function dateValue(value: QueryValue, column: string, nowMs: number): DateSpan {
  const span = dateOfText(value.text, nowMs)
  if (span === null)
    throw queryError(
      `${column} is a date; expected a value such as 2026-11-30, today or 7d, got “${value.text}”`,
      value,
    )
  return span
}

/** A truth value for a column. @throws LabError `query.invalid` */
export function booleanValue(value: QueryValue, column: string): boolean {
  const text = value.text.toLowerCase()
  if (!TRUE.includes(text) && !FALSE.includes(text))
    throw queryError(`${column} is true or false, got “${value.text}”`, value)
  return TRUE.includes(text)
}

/** Operators of each type of column. */
export const OPERATORS_OF = {
  number: ['=', '!=', '<', '<=', '>', '>=', ':', 'in'],
  date: ['=', '!=', '<', '<=', '>', '>=', ':'],
  text: ['=', '!=', '~', ':', 'in'],
  set: ['=', '!=', '~', ':', 'in'],
  boolean: ['=', '!=', ':'],
} as const satisfies Record<ColumnType, readonly string[]>
