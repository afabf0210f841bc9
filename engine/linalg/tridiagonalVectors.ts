import { LabError } from '../../contract/index.js'
import { mergeHalves, type BlockEigen } from './mergeHalves.js'
import type { ProductWork } from './productWork.js'
import type { Tridiagonal } from './tridiagonalise.js'

/** Blocks of at most this number of rows are solved by QL. */
const LEAF = 32
const LARGEST_ITERATIONS = 60
/** Couplings that are nothing beside a matrix of order 1, and whose secular equation would leave the range of float64. */
const NEGLIGIBLE = 1e-100

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix of order 1, by divide and conquer.
 *
 * @returns values ascending, and an n x n matrix with an eigenvector per row, in that order
 * @throws LabError `internal` when a leaf does not converge
 *
 * Source: docs/SOURCES.md 5.1; the steps name their papers.
 */
export function* tridiagonalEigen({ diagonal, subdiagonal }: Tridiagonal): ProductWork<BlockEigen> {
  const size = diagonal.length
  const state: BlockEigen = { values: diagonal.slice(), vectors: new Float64Array(size * size), size }
  const couplings = subdiagonal.map((value) => (Math.abs(value) < NEGLIGIBLE ? 0 : value))

  function* solve(start: number, end: number): ProductWork<void> {
    if (end - start <= LEAF) {
      solveLeaf(state, couplings, start, end)
      return
    }
    const seam = start + Math.floor((end - start) / 2)
    const coupling = couplings[seam] as number
    for (const beside of [seam - 1, seam]) state.values[beside] = (state.values[beside] as number) - Math.abs(coupling)
    yield* solve(start, seam)
    yield* solve(seam, end)
    yield* mergeHalves(state, start, seam, end, coupling)
  }
  yield* solve(0, size)
  return state
}

/** A small block by implicit QL, then sorted. */
function solveLeaf({ values, vectors, size }: BlockEigen, couplings: Float64Array, start: number, end: number): void {
  const count = end - start
  const d = values.slice(start, end)
  /** Entry i couples i and i+1. */
  const e = new Float64Array(count)
  for (let index = 1; index < count; index++) e[index - 1] = couplings[start + index] as number
  const rows = Array.from({ length: count }, (_, index) => {
    const row = new Float64Array(count)
    row[index] = 1
    return row
  })
  const negligible = Number.EPSILON * [...d, ...e].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  for (let low = 0; low < count; low++) {
    for (let iteration = 0; ; iteration++) {
      let high = low
      while (high < count - 1 && Math.abs(e[high] as number) > negligible) high++
      if (high === low) break
      if (iteration === LARGEST_ITERATIONS)
        throw new LabError('internal', `the eigenvectors at ${start + low} did not converge`)
      sweep(d, e, rows, low, high)
    }
  }
  const order = Array.from(d, (_, index) => index).sort((a, b) => (d[a] as number) - (d[b] as number) || a - b)
  order.forEach((index, place) => {
    values[start + place] = d[index] as number
    vectors.set(rows[index] as Float64Array, (start + place) * size + start)
  })
}

/**
 * One implicit QL sweep over low..high with Wilkinson's shift; its rotations turn the rows of eigenvectors.
 *
 * Source: J. H. Wilkinson, C. Reinsch, Handbook for Automatic Computation II, 1971, procedure imtql2.
 */
function sweep(d: Float64Array, e: Float64Array, rows: Float64Array[], low: number, high: number): void {
  let g = ((d[low + 1] as number) - (d[low] as number)) / (2 * (e[low] as number))
  const root = Math.hypot(g, 1)
  g = (d[high] as number) - (d[low] as number) + (e[low] as number) / (g + (g >= 0 ? root : -root))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let index = high - 1; index >= low; index--) {
    const f = sine * (e[index] as number)
    const b = cosine * (e[index] as number)
    const r = Math.hypot(f, g)
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
    const [x, y] = [rows[index] as Float64Array, rows[index + 1] as Float64Array]
    for (let k = 0; k < x.length; k++) {
      const before = y[k] as number
      y[k] = sine * (x[k] as number) + cosine * before
      x[k] = cosine * (x[k] as number) - sine * before
    }
  }
  d[low] = (d[low] as number) - shift
  e[low] = g
  e[high] = 0
}
