import type { CellValue } from './column.js'

/** A number that reads back as the same bits, and the usual words for those that are none. */
const numberText = (value: number): string =>
  Number.isNaN(value) ? 'NaN' : value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : String(value)

/** The plain text of a cell; dates are ISO 8601. */
export function cellText(value: CellValue, isDate = false): string {
  if (value === null) return ''
  if (typeof value === 'number') return isDate ? new Date(value).toISOString() : numberText(value)
  return Array.isArray(value) ? value.join(' ') : String(value)
}

/** A formula in a spreadsheet; a leading apostrophe makes it a text there. */
const FORMULA = /^[=+\-@\t\r]/

function csvField(text: string, isText: boolean): string {
  const safe = isText && FORMULA.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * Rows as CSV (RFC 4180): commas, CRLF, a head line. Texts that a spreadsheet would run as formulas begin with an apostrophe.
 *
 * @param head - names of the columns
 * @param dates - which columns are dates
 */
export function csvOf(
  head: readonly string[],
  rows: readonly (readonly CellValue[])[],
  dates: ReadonlySet<number> = new Set(),
): string {
  const line = (fields: readonly string[]): string => `${fields.join(',')}\r\n`
  const body = rows.map((row) =>
    line(row.map((value, index) => csvField(cellText(value, dates.has(index)), typeof value !== 'number'))),
  )
  return [line(head.map((name) => csvField(name, true))), ...body].join('')
}
