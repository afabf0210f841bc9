import { LabError } from '../../contract/index.js'
import type { Tridiagonal } from './tridiagonalise.js'

const ITERATIONS_PER_VALUE = 60
const EPSILON_SQUARED = Number.EPSILON * Number.EPSILON
/** Off-diagonal entries that are nothing beside the largest entry: a sweep over both disturbs them by more. */
const NEGLIGIBLE = Number.EPSILON / 16

/**
 * Eigenvalues of a symmetric tridiagonal matrix of order 1 by the root-free QL method of Pal, Walker and Kahan.
 *
 * @returns n values in no order
 * @throws LabError `internal` when they do not converge
 *
 * Source: B. N. Parlett, The Symmetric Eigenvalue Problem, 1980, section 8-15.
 */
export function tridiagonalEigenvalues({ diagonal, subdiagonal }: Tridiagonal): Float64Array {
  const size = diagonal.length
  const d = diagonal.slice()
  /** Squares; entry i couples i and i+1. */
  const e = new Float64Array(size)
  for (let index = 1; index < size; index++) e[index - 1] = (subdiagonal[index] as number) ** 2
  const floor = [...diagonal, ...subdiagonal].reduce(
    (largest, value) => Math.max(largest, (value * NEGLIGIBLE) ** 2),
    0,
  )
  const negligible = (index: number): boolean => {
    const square = e[index] as number
    return square <= floor || square <= EPSILON_SQUARED * Math.abs((d[index] as number) * (d[index + 1] as number))
  }
  let start = 0
  while (start < size) {
    let end = start
    while (end < size - 1 && !negligible(end)) end++
    e[end] = 0
    // QL finds the small values first when they are at its top; the mirrored block has the same values.
    if (Math.abs(d[end] as number) < Math.abs(d[start] as number)) {
      d.subarray(start, end + 1).reverse()
      e.subarray(start, end).reverse()
    }
    solveBlock(d, e, start, end, negligible)
    start = end + 1
  }
  return d
}

/** Makes e 0 from `start` to `end`. */
function solveBlock(
  d: Float64Array,
  e: Float64Array,
  start: number,
  end: number,
  negligible: (index: number) => boolean,
): void {
  let left = ITERATIONS_PER_VALUE * (end - start + 1)
  for (let low = start; low <= end;) {
    let high = low
    while (high < end && !negligible(high)) high++
    e[high] = 0
    if (high === low) low += 1
    else if (high === low + 1) {
      solvePair(d, e, low)
      low += 2
    } else {
      if (left-- === 0) throw new LabError('internal', `the eigenvalues from ${start} to ${end} did not converge`)
      sweep(d, e, low, high)
    }
  }
}

/** The two eigenvalues of a 2 x 2 block. */
function solvePair(d: Float64Array, e: Float64Array, at: number): void {
  const a = d[at] as number
  const c = d[at + 1] as number
  const square = e[at] as number
  const sum = a + c
  const root = Math.sqrt((a - c) * (a - c) + 4 * square)
  const large = sum >= 0 ? (sum + root) / 2 : (sum - root) / 2
  d[at] = large
  // (ac - b²) / large, with the larger of a and c divided first.
  d[at + 1] =
    large === 0
      ? 0
      : (Math.max(Math.abs(a), Math.abs(c)) === Math.abs(a) ? (a / large) * c : (c / large) * a) - square / large
  e[at] = 0
}

/** One root-free QL sweep over low..high with Wilkinson's shift. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  const top = d[low] as number
  const edge = Math.sqrt(e[low] as number)
  const half = ((d[low + 1] as number) - top) / (2 * edge)
  const shift = top - edge / (half + (half >= 0 ? 1 : -1) * Math.hypot(half, 1))
  let cosine = 1
  let sine = 0
  let gamma = (d[high] as number) - shift
  let p = gamma * gamma
  for (let index = high - 1; index >= low; index--) {
    const square = e[index] as number
    const r = p + square
    if (index !== high - 1) e[index + 1] = sine * r
    const before = cosine
    cosine = p / r
    sine = square / r
    const gammaBefore = gamma
    const alpha = d[index] as number
    gamma = cosine * (alpha - shift) - sine * gammaBefore
    d[index + 1] = gammaBefore + (alpha - gamma)
    p = cosine === 0 ? before * square : (gamma * gamma) / cosine
  }
  e[low] = sine * p
  d[low] = shift + gamma
}
