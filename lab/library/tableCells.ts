import { seedStatistics } from '../../contract/index.js'
import type { CellValue } from '../../contract/library/column.js'
import { hasValue, type ReadableColumn } from '../../contract/library/matchQuery.js'
import type { TableCell } from '../../contract/library/table.js'

const same = (a: CellValue, b: CellValue): boolean =>
  Object.is(a, b) ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((part) => b.includes(part)))

const EMPTY: TableCell = { value: null, halfWidth: null, count: 0, differs: false }

/** What a cell shows of several runs: the mean of numbers, else the value that all of them have. */
export function lineCell({ type, cell }: ReadableColumn, rows: readonly number[]): TableCell {
  const values = rows.map(cell).filter(hasValue)
  const [first = null] = values
  if (values.length === 0) return EMPTY
  const differs = values.some((value) => !same(value, first))
  if (type !== 'number') return { value: differs ? null : first, halfWidth: null, count: values.length, differs }
  const numbers = values.filter((value) => typeof value === 'number')
  // A mean of the finite values alone would hide a run that diverged.
  const statistics = numbers.every(Number.isFinite) ? seedStatistics(numbers) : null
  if (statistics === null) return { value: differs ? NaN : first, halfWidth: null, count: values.length, differs }
  return { value: statistics.mean, halfWidth: statistics.halfWidth, count: statistics.count, differs }
}
