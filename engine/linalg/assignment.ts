import { LabError } from '../../contract/index.js'

/** Costs of a linear sum assignment, row by row. */
export interface AssignmentCosts {
  costs: Float64Array
  rows: number
  columns: number
}

/** The search of one augmenting path, with room that is used again for every row. */
interface Search {
  shortest: Float64Array
  path: Int32Array
  /** Columns that are not scanned yet come first. */
  remaining: Int32Array
  isScannedRow: Uint8Array
  isScannedColumn: Uint8Array
}

interface Dual {
  u: Float64Array
  v: Float64Array
  columnOf: Int32Array
  rowOf: Int32Array
}

/** The shortest augmenting path from a free row: the free column at its end, and its length. */
function augmentingPath(
  { costs, columns }: AssignmentCosts,
  { u, v, rowOf }: Dual,
  search: Search,
  start: number,
): { sink: number; length: number } {
  const { shortest, path, remaining, isScannedRow, isScannedColumn } = search
  let left = columns
  // Filled backwards, as equal costs are then resolved in favour of the diagonal.
  for (let index = 0; index < columns; index++) remaining[index] = columns - index - 1
  isScannedRow.fill(0)
  isScannedColumn.fill(0)
  shortest.fill(Infinity)
  let length = 0
  let row = start
  for (;;) {
    isScannedRow[row] = 1
    let best = -1
    let lowest = Infinity
    const base = length - (u[row] as number)
    const from = row * columns
    for (let index = 0; index < left; index++) {
      const column = remaining[index] as number
      const reduced = base + (costs[from + column] as number) - (v[column] as number)
      if (reduced < (shortest[column] as number)) {
        path[column] = row
        shortest[column] = reduced
      }
      const known = shortest[column] as number
      if (known < lowest || (known === lowest && (rowOf[column] as number) < 0)) {
        lowest = known
        best = index
      }
    }
    length = lowest
    const column = remaining[best] ?? -1
    if (column < 0) throw new LabError('value.range', 'expected finite costs, got a row without any')
    isScannedColumn[column] = 1
    left -= 1
    remaining[best] = remaining[left] as number
    const next = rowOf[column] as number
    if (next < 0) return { sink: column, length }
    row = next
  }
}

/** Rows <= columns. */
function solve(problem: AssignmentCosts, expectWanted: () => void): Int32Array {
  const { rows, columns } = problem
  const dual: Dual = {
    u: new Float64Array(rows),
    v: new Float64Array(columns),
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
  }
  const search: Search = {
    shortest: new Float64Array(columns),
    path: new Int32Array(columns),
    remaining: new Int32Array(columns),
    isScannedRow: new Uint8Array(rows),
    isScannedColumn: new Uint8Array(columns),
  }
  const { u, v, columnOf, rowOf } = dual
  for (let start = 0; start < rows; start++) {
    expectWanted()
    const { sink, length } = augmentingPath(problem, dual, search, start)
    u[start] = (u[start] as number) + length
    for (let row = 0; row < rows; row++)
      if (search.isScannedRow[row] === 1 && row !== start)
        u[row] = (u[row] as number) + length - (search.shortest[columnOf[row] as number] as number)
    for (let column = 0; column < columns; column++)
      if (search.isScannedColumn[column] === 1)
        v[column] = (v[column] as number) - length + (search.shortest[column] as number)
    for (let column = sink; ;) {
      const row = search.path[column] as number
      rowOf[column] = row
      const previous = columnOf[row] as number
      columnOf[row] = column
      if (row === start) break
      column = previous
    }
  }
  return columnOf
}

function transposed({ costs, rows, columns }: AssignmentCosts): AssignmentCosts {
  const turned = new Float64Array(costs.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = costs[row * columns + column] as number
  return { costs: turned, rows: columns, columns: rows }
}

/**
 * Assigns each row to one column, or each column to one row where there are fewer of these, so that the sum of the costs is
 * smallest: shortest augmenting paths, O(min² max).
 *
 * @param problem - rows x columns finite costs
 * @param expectWanted - called before each row; it throws to end the computation
 * @returns the column of every row; -1 for a row without one
 * @throws LabError `value.range` for costs that are not finite, `shape.mismatch`
 *
 * Source: D. F. Crouse, IEEE Trans. Aerosp. Electron. Syst. 52 (2016), 1679, after R. Jonker and A. Volgenant, Computing 38 (1987),
 * as in scipy.optimize.linear_sum_assignment.
 */
export function linearAssignment(problem: AssignmentCosts, expectWanted: () => void = () => undefined): Int32Array {
  const { costs, rows, columns } = problem
  if (costs.length !== rows * columns)
    throw new LabError('shape.mismatch', `expected ${rows} x ${columns} costs, got ${costs.length}`)
  const place = costs.findIndex((cost) => !Number.isFinite(cost))
  if (place >= 0) throw new LabError('value.range', `expected finite costs, got ${costs[place]} at place ${place}`)
  if (rows <= columns) return solve(problem, expectWanted)
  const rowOf = solve(transposed(problem), expectWanted)
  const columnOf = new Int32Array(rows).fill(-1)
  rowOf.forEach((row, column) => (columnOf[row] = column))
  return columnOf
}
