import { kernelBytes, openKernelMemory } from '../kernels/memory.js'
import TRIDIAGONAL from '../kernels/tridiagonal.wasm.js'
import { product, type ProductWork } from './productWork.js'

/** A symmetric tridiagonal matrix. */
export interface Tridiagonal {
  diagonal: Float64Array
  /** Entry i couples i-1 and i; entry 0 is 0. */
  subdiagonal: Float64Array
}

/** A = Q T Qᵀ with Q = H_{n-1} ... H_1 and H_j = I - τ_j v_j v_jᵀ. */
export interface Tridiagonalisation extends Tridiagonal {
  /** Row j begins with the j entries of v_j, the last of them 1; rows lie `stride` entries apart. */
  reflectors: Float64Array
  stride: number
  /** τ_j; entry 0 is 0. */
  factors: Float64Array
}

/** engine/kernels/assembly/tridiagonal.ts; addresses are byte offsets. */
interface TridiagonalKernel {
  symmetricTimesVector(matrix: number, stride: number, count: number, x: number, y: number): void
  timesVector(rows: number, stride: number, count: number, vector: number, length: number, results: number): void
  subtractRows(target: number, rows: number, stride: number, count: number, factors: number, length: number): void
}

/** Rows reduced before the rest of the matrix is brought up to date. */
const PANEL = 48
/** Rows of the rest that are brought up to date by one product; what lies right of the diagonal is computed in vain. */
const STRIP = 512
/** Squares of smaller numbers lose digits; beside entries of order 1 they are nothing. */
const NEGLIGIBLE = 1e-140

/** Entries from a row to the next: whole cache lines, an odd number of them, so that rows do not compete for the same places of a cache. */
const strideOf = (size: number): number => (Math.ceil(size / 8) | 1) * 8

/**
 * Householder reduction to tridiagonal form, from the last row upwards in panels.
 *
 * Inside a panel a row is brought up to date when its turn comes, and its reflector v is multiplied by the matrix as it was
 * before the panel, corrected by the pairs (v, w) since; after it all of them leave in one product, A <- A - V Wᵀ - W Vᵀ.
 *
 * @param matrix - n x n, row by row; its lower triangle is read; left as it is
 * @param size - n, >= 1
 * @param scale - multiplies every entry; the largest becomes of order 1
 *
 * Source: J. J. Dongarra, D. C. Sorensen, S. J. Hammarling, Block reduction of matrices to condensed forms, J. Comput. Appl.
 * Math. 27 (1989); docs/SOURCES.md 5.1.
 */
export function* tridiagonalise(matrix: Float64Array, size: number, scale: number): ProductWork<Tridiagonalisation> {
  const stride = strideOf(size)
  const memory = openKernelMemory(
    kernelBytes(size * stride * 8) + kernelBytes(2 * PANEL * stride * 8) + 2 * kernelBytes(2 * PANEL * 8),
  )
  const kernel = memory.kernel<TridiagonalKernel>(TRIDIAGONAL)
  const a = memory.float64(size * stride)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++)
      a[row * stride + column] = (matrix[row * size + column] as number) * scale
  /** v and w of the panel's rows in turn. */
  const pairs = memory.float64(2 * PANEL * stride)
  const [gains, overlaps] = [memory.float64(2 * PANEL), memory.float64(2 * PANEL)]
  const diagonal = new Float64Array(size)
  const subdiagonal = new Float64Array(size)
  const factors = new Float64Array(size)
  const operands = {
    left: new Float64Array(2 * PANEL * Math.min(STRIP, size)),
    right: new Float64Array(2 * PANEL * size),
  }

  /** Reduces row `last`, the panel's `place`-th. */
  const reduce = (last: number, place: number): void => {
    const v = pairs.subarray(2 * place * stride, (2 * place + 1) * stride)
    const w = pairs.subarray((2 * place + 1) * stride, (2 * place + 2) * stride)
    v.fill(0).set(a.subarray(last * stride, last * stride + last + 1))
    w.fill(0)
    for (let pair = 0; pair < place; pair++) {
      gains[2 * pair] = pairs[(2 * pair + 1) * stride + last] as number
      gains[2 * pair + 1] = pairs[2 * pair * stride + last] as number
    }
    kernel.subtractRows(v.byteOffset, pairs.byteOffset, stride * 8, 2 * place, gains.byteOffset, last + 1)
    diagonal[last] = v[last] as number
    v.fill(0, last)
    const { edge, factor } = reflect(v, last)
    subdiagonal[last] = edge
    factors[last] = factor
    a.set(v.subarray(0, last), last * stride)
    if (factor === 0) return
    kernel.symmetricTimesVector(a.byteOffset, stride * 8, last, v.byteOffset, w.byteOffset)
    kernel.timesVector(pairs.byteOffset, stride * 8, 2 * place, v.byteOffset, last, overlaps.byteOffset)
    for (let pair = 0; pair < 2 * place; pair++) gains[pair] = overlaps[pair ^ 1] as number
    kernel.subtractRows(w.byteOffset, pairs.byteOffset, stride * 8, 2 * place, gains.byteOffset, last)
    kernel.timesVector(w.byteOffset, stride * 8, 1, v.byteOffset, last, overlaps.byteOffset)
    const half = (factor * factor * (overlaps[0] as number)) / 2
    for (let index = 0; index < last; index++) w[index] = factor * (w[index] as number) - half * (v[index] as number)
    w.fill(0, last)
  }

  for (let end = size; end > 1; end -= PANEL) {
    const start = Math.max(1, end - PANEL)
    for (let last = end - 1; last >= start; last--) reduce(last, end - 1 - last)
    yield* bringUpToDate(a, stride, start, pairs, 2 * (end - start), operands)
  }
  diagonal[0] = a[0] ?? 0
  return { diagonal, subdiagonal, reflectors: a, stride, factors }
}

/** Turns a row x into v with (I - τvvᵀ) x = (0, ..., 0, edge) and its last entry 1. */
function reflect(v: Float64Array, length: number): { edge: number; factor: number } {
  const corner = v[length - 1] as number
  let squares = 0
  for (let index = 0; index < length - 1; index++) squares += (v[index] as number) * (v[index] as number)
  if (squares < NEGLIGIBLE * NEGLIGIBLE) {
    v.fill(0, 0, length - 1)
    v[length - 1] = 1
    return { edge: corner, factor: 0 }
  }
  const norm = Math.sqrt(squares + corner * corner)
  const edge = corner >= 0 ? -norm : norm
  const scale = 1 / (corner - edge)
  for (let index = 0; index < length - 1; index++) v[index] = (v[index] as number) * scale
  v[length - 1] = 1
  return { edge, factor: (edge - corner) / edge }
}

/** A <- A - V Wᵀ - W Vᵀ on the lower triangle of the leading `count` rows; `operands` is room for the two sides of a product. */
function* bringUpToDate(
  a: Float64Array,
  stride: number,
  count: number,
  pairs: Float64Array,
  inner: number,
  operands: { left: Float64Array; right: Float64Array },
): ProductWork<void> {
  for (let from = 0; from < count; from += STRIP) {
    const to = Math.min(count, from + STRIP)
    const left = operands.left.subarray(0, inner * (to - from))
    const right = operands.right.subarray(0, inner * to)
    for (let k = 0; k < inner; k++) {
      left.set(pairs.subarray(k * stride + from, k * stride + to), k * (to - from))
      right.set(pairs.subarray((k ^ 1) * stride, (k ^ 1) * stride + to), k * to)
    }
    const change = yield* product(left, right, { rows: to - from, inner, columns: to, transposeA: true })
    for (let row = from; row < to; row++) {
      const at = row * stride
      const source = (row - from) * to
      for (let column = 0; column <= row; column++)
        a[at + column] = (a[at + column] as number) - (change[source + column] as number)
    }
  }
}
