import type { CellValue } from './column.js'

/** A number that reads back as the same bits, and the usual words for those that are none. */
const numberText = (value: number): string =>
  Number.isNaN(value) ? 'NaN' : value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : realText(value)

/** `String` loses the sign of −0. */
const realText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

/** The plain text of a cell; dates are ISO 8601. */
export function cellText(value: CellValue, isDate = false): string {
  if (value === null) return ''
  if (typeof value === 'number') return isDate ? dateText(value) : numberText(value)
  return Array.isArray(value) ? value.join(' ') : String(value)
}

const dateText = (value: number): string => (Number.isFinite(value) ? new Date(value).toISOString() : '')

/** A formula in a spreadsheet; a leading apostrophe makes it a text there. */
const FORMULA = /^[=+\-@\t\r]/

/** A text of a table without the apostrophe that {@link csvLine} puts before a formula. */
export const plainText = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

function csvField(text: string, isText: boolean): string {
  const safe = isText && FORMULA.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One line of a table, with its end. @param dates - which columns are dates */
export const csvLine = (row: readonly CellValue[], dates: ReadonlySet<number> = new Set()): string =>
  `${row.map((value, index) => csvField(cellText(value, dates.has(index)), typeof value !== 'number')).join(',')}\r\n`

/**
 * Rows as CSV (RFC 4180): commas, CRLF, a head line. Numbers are written in the shortest form that reads back as the same
 * bits. Texts that a spreadsheet would run as formulas begin with an apostrophe.
 *
 * @param head - names of the columns
 * @param dates - which columns are dates
 */
export const csvOf = (
  head: readonly string[],
  rows: readonly (readonly CellValue[])[],
  dates: ReadonlySet<number> = new Set(),
): string => [csvLine(head), ...rows.map((row) => csvLine(row, dates))].join('')
