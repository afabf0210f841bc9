import { LabError } from '../../contract/index.js'

/** Sizes of a product c = op(a) op(b). */
export interface ProductSize {
  rows: number
  inner: number
  columns: number
  transposeA?: boolean
  transposeB?: boolean
}

/** Rows and inner entries that stay in the processor's cache together. */
const BLOCK = 64

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length)
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column] ?? 0
  return result
}

/**
 * Product of two matrices in float64, in blocks that fit the cache: c = op(a) op(b).
 *
 * @param a - rows x inner, row by row; inner x rows when `transposeA`
 * @param b - inner x columns; columns x inner when `transposeB`
 * @returns rows x columns
 * @throws LabError `shape.mismatch` when the lengths do not fit the sizes
 */
export function multiply64(a: Float64Array, b: Float64Array, size: ProductSize): Float64Array {
  const { rows, inner, columns } = size
  if (a.length !== rows * inner || b.length !== inner * columns) throw new LabError('shape.mismatch', `expected ${rows} x ${inner} and ${inner} x ${columns} entries, got ${a.length} and ${b.length}`)
  const left = size.transposeA === true ? transposed(a, inner, rows) : a
  // Four rows of the right operand are added to a row of the result at once, so the result is read and written a quarter as often.
  const right = size.transposeB === true ? transposed(b, columns, inner) : b
  const result = new Float64Array(rows * columns)
  for (let innerStart = 0; innerStart < inner; innerStart += BLOCK) {
    const innerEnd = Math.min(inner, innerStart + BLOCK)
    for (let row = 0; row < rows; row++) {
      const target = result.subarray(row * columns, (row + 1) * columns)
      let k = innerStart
      for (; k + 3 < innerEnd; k += 4) {
        const place = row * inner + k
        addFourRows(target, right, k * columns, columns, left[place] ?? 0, left[place + 1] ?? 0, left[place + 2] ?? 0, left[place + 3] ?? 0)
      }
      for (; k < innerEnd; k++) {
        const factor = left[row * inner + k] ?? 0
        const source = k * columns
        for (let column = 0; column < columns; column++) target[column] = (target[column] ?? 0) + factor * (right[source + column] ?? 0)
      }
    }
  }
  return result
}

function addFourRows(target: Float64Array, right: Float64Array, start: number, columns: number, f0: number, f1: number, f2: number, f3: number): void {
  const r1 = start + columns
  const r2 = r1 + columns
  const r3 = r2 + columns
  for (let column = 0; column < columns; column++) {
    target[column] = (target[column] ?? 0) + f0 * (right[start + column] ?? 0) + f1 * (right[r1 + column] ?? 0) + f2 * (right[r2 + column] ?? 0) + f3 * (right[r3 + column] ?? 0)
  }
}
