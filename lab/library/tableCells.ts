import { seedStatistics } from '../../contract/index.js'
import type { CellValue } from '../../contract/library/column.js'
import { hasValue, type ReadableColumn } from '../../contract/library/matchQuery.js'
import type { TableCell } from '../../contract/library/table.js'

const EMPTY: TableCell = { value: null, halfWidth: null, count: 0, distinct: 0, differs: false }

/** Equal for equal values, the order of tags aside. */
const keyOf = (value: CellValue): CellValue =>
  Array.isArray(value) ? [...(value as readonly string[])].sort().join('\n') : value

/** What a cell shows of several runs: the mean of results, else the value that all of them have. */
export function lineCell({ type, averaged, cell }: ReadableColumn, rows: readonly number[]): TableCell {
  const values = rows.map(cell).filter(hasValue)
  const [first = null] = values
  if (values.length === 0) return EMPTY
  const distinct = new Set(values.map(keyOf)).size
  const facts = { count: values.length, distinct, differs: distinct > 1 }
  if (type !== 'number' || !averaged) return { value: facts.differs ? null : first, halfWidth: null, ...facts }
  const numbers = values.filter((value) => typeof value === 'number')
  // A mean of the finite values alone would hide a run that diverged.
  const statistics = numbers.every(Number.isFinite) ? seedStatistics(numbers) : null
  if (statistics === null) return { value: facts.differs ? NaN : first, halfWidth: null, ...facts }
  return { value: statistics.mean, halfWidth: statistics.halfWidth, ...facts }
}
