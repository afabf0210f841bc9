// The eigenvalues by the plainest way: one row and one rotation at a time. What the blocked solver must agree with.
import type { Tridiagonal } from '../../../engine/linalg/tridiagonalise.js'

const LARGEST_ITERATIONS = 60

/**
 * Householder reduction to tridiagonal form, A <- (I - τvvᵀ) A (I - τvvᵀ), from the last row upwards.
 *
 * Only the lower triangle is read and written, row by row, so that memory is passed in order.
 *
 * @param matrix - n x n, destroyed
 * @param size - n
 *
 * Source: J. H. Wilkinson, C. Reinsch, Handbook for Automatic Computation II, 1971, procedure tred1.
 */
function tridiagonalise(matrix: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size)
  const subdiagonal = new Float64Array(size)
  const reflector = new Float64Array(size)
  const product = new Float64Array(size)
  for (let last = size - 1; last > 0; last--) {
    const row = last * size
    let squares = 0
    for (let column = 0; column < last; column++) {
      const value = matrix[row + column] as number
      reflector[column] = value
      squares += value * value
    }
    diagonal[last] = matrix[row + last] as number
    const corner = reflector[last - 1] as number
    if (squares - corner * corner <= Number.EPSILON * Number.EPSILON * squares || squares === 0) {
      subdiagonal[last] = corner
      continue
    }
    const norm = corner >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares)
    subdiagonal[last] = norm
    reflector[last - 1] = corner - norm
    // τ = 2 / vᵀv with v = x - norm·e
    const scale = 1 / (squares - corner * norm)
    symmetricTimesVector(matrix, size, last, reflector, product)
    let overlap = 0
    for (let index = 0; index < last; index++) {
      product[index] = (product[index] as number) * scale
      overlap += (product[index] as number) * (reflector[index] as number)
    }
    const half = (overlap * scale) / 2
    for (let index = 0; index < last; index++)
      product[index] = (product[index] as number) - half * (reflector[index] as number)
    for (let i = 0; i < last; i++) {
      const v = reflector[i] as number
      const w = product[i] as number
      const at = i * size
      for (let j = 0; j <= i; j++)
        matrix[at + j] = (matrix[at + j] as number) - v * (product[j] as number) - w * (reflector[j] as number)
    }
  }
  diagonal[0] = matrix[0] ?? 0
  return { diagonal, subdiagonal }
}

/** y = A x for the leading `count` rows of a matrix of which only the lower triangle is valid. */
function symmetricTimesVector(
  matrix: Float64Array,
  size: number,
  count: number,
  vector: Float64Array,
  result: Float64Array,
): void {
  result.fill(0, 0, count)
  for (let i = 0; i < count; i++) {
    const at = i * size
    const x = vector[i] as number
    let sum = 0
    for (let j = 0; j < i; j++) {
      const value = matrix[at + j] as number
      sum += value * (vector[j] as number)
      result[j] = (result[j] as number) + value * x
    }
    result[i] = (result[i] as number) + sum + (matrix[at + i] as number) * x
  }
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL method with Wilkinson's shift.
 *
 * @returns the diagonal, transposed into eigenvalues in no order
 *
 * Source: Wilkinson and Reinsch, procedure imtql1.
 */
function tridiagonalEigenvalues({ diagonal, subdiagonal }: Tridiagonal): Float64Array {
  const size = diagonal.length
  const d = diagonal
  const e = new Float64Array(size)
  for (let index = 1; index < size; index++) e[index - 1] = subdiagonal[index] as number
  // Beside the largest entry: next to their neighbours the small ends of graded matrices never become small enough.
  const negligible = Number.EPSILON * [...d, ...e].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  for (let low = 0; low < size; low++) {
    for (let iteration = 0; ; iteration++) {
      let high = low
      while (high < size - 1 && Math.abs(e[high] as number) > negligible) high++
      if (high === low) break
      if (iteration === LARGEST_ITERATIONS) throw new Error(`the eigenvalues did not converge at ${low}`)
      qlSweep(d, e, low, high)
    }
  }
  return d
}

/** One implicit QL sweep over low..high. */
function qlSweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  let g = ((d[low + 1] as number) - (d[low] as number)) / (2 * (e[low] as number))
  const r0 = Math.hypot(g, 1)
  g = (d[high] as number) - (d[low] as number) + (e[low] as number) / (g + (g >= 0 ? r0 : -r0))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let index = high - 1; index >= low; index--) {
    const f = sine * (e[index] as number)
    const b = cosine * (e[index] as number)
    const r = Math.sqrt(f * f + g * g)
    e[index + 1] = r
    if (r === 0) {
      d[index + 1] = (d[index + 1] as number) - shift
      e[high] = 0
      return
    }
    sine = f / r
    cosine = g / r
    g = (d[index + 1] as number) - shift
    const next = ((d[index] as number) - g) * sine + 2 * cosine * b
    shift = sine * next
    d[index + 1] = g + shift
    g = cosine * next - b
  }
  d[low] = (d[low] as number) - shift
  e[low] = g
  e[high] = 0
}

/** Eigenvalues of a symmetric matrix of which the lower triangle is read, descending. */
export function plainEigenvalues(matrix: Float64Array, size: number): Float64Array {
  return tridiagonalEigenvalues(tridiagonalise(matrix.slice(), size)).sort().reverse()
}
