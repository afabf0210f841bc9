import { LabError } from '../../contract/index.js'
import type { Executor } from '../executor/executor.js'
import { applyReflectors } from './applyReflectors.js'
import { finish, finishOn, type ProductWork } from './productWork.js'
import { tridiagonalise } from './tridiagonalise.js'
import { tridiagonalEigenvalues } from './tridiagonalValues.js'
import { tridiagonalEigen } from './tridiagonalVectors.js'

/** M = S diag(λ) Sᵀ. */
export interface SymmetricEigen {
  /** λ, descending. */
  values: Float64Array
  /** S, n x n, row by row, with the eigenvector of `values[k]` in COLUMN k: its i-th entry is `vectors[i * n + k]`. Each has norm 1. */
  vectors: Float64Array
}

/** An executor that is asked for the large products. */
type Products = Pick<Executor, 'multiply64'>

/** Exponents of 2 by which entries are scaled at most at a time: 2 to their power and its inverse are exact. */
const LARGEST_EXPONENT = 1000

/**
 * The power of two that brings the largest entry near 1, so that no square overflows or vanishes; scaling by it loses nothing.
 *
 * @throws LabError `shape.mismatch`, `run.notANumber`
 */
function scaleOf(matrix: Float64Array, size: number): number {
  if (!Number.isInteger(size) || size < 1 || matrix.length !== size * size) {
    throw new LabError('shape.mismatch', `expected ${size} x ${size} entries, got ${matrix.length}`)
  }
  let largest = 0
  for (let index = 0; index < matrix.length; index++) {
    const entry = Math.abs(matrix[index] as number)
    if (!Number.isFinite(entry))
      throw new LabError('run.notANumber', `entry ${index} of the matrix is ${matrix[index]}`)
    if (entry > largest) largest = entry
  }
  if (largest === 0) return 1
  const exponent = Math.round(Math.log2(largest))
  return 2 ** -Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent))
}

/** Values of the matrix from those of the scaled one, descending. */
function unscaled(values: Float64Array, scale: number): Float64Array {
  const result = values
    .map((value) => value / scale)
    .sort()
    .reverse()
  for (const value of result)
    if (!Number.isFinite(value))
      throw new LabError('run.notANumber', `an eigenvalue is outside the range of float64: ${value}`)
  return result
}

function* eigenvaluesOf(matrix: Float64Array, size: number): ProductWork<Float64Array> {
  const scale = scaleOf(matrix, size)
  return unscaled(tridiagonalEigenvalues(yield* tridiagonalise(matrix, size, scale)), scale)
}

function* eigenOf(matrix: Float64Array, size: number): ProductWork<SymmetricEigen> {
  const scale = scaleOf(matrix, size)
  const reduction = yield* tridiagonalise(matrix, size, scale)
  const { values, vectors: rows } = yield* tridiagonalEigen(reduction)
  const vectors = columnsDescending(rows, size)
  yield* applyReflectors(reduction, vectors)
  return { values: unscaled(values, scale), vectors }
}

/** Rows in ascending order become columns in descending order, in tiles that stay in the cache. */
function columnsDescending(rows: Float64Array, size: number): Float64Array {
  const tile = 16
  const columns = new Float64Array(size * size)
  for (let top = 0; top < size; top += tile) {
    for (let left = 0; left < size; left += tile) {
      for (let row = top; row < Math.min(size, top + tile); row++) {
        for (let column = left; column < Math.min(size, left + tile); column++)
          columns[column * size + size - 1 - row] = rows[row * size + column] as number
      }
    }
  }
  return columns
}

/**
 * Eigenvalues of a symmetric matrix in float64, in descending order, without an executor.
 *
 * @param matrix - n x n, row by row; its lower triangle counts; left as it is
 * @param size - n, >= 1
 * @returns n real eigenvalues, largest first, each within rounding of the largest |λ|
 * @throws LabError `shape.mismatch` when the matrix has not n x n entries; `run.notANumber` when an entry is not finite, or an
 * eigenvalue would not be; `executor.memory`
 *
 * Source: docs/SOURCES.md 5.1.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  return finish(eigenvaluesOf(matrix, size))
}

/**
 * The eigenvalues of {@link symmetricEigenvalues}, with the large products computed by an executor.
 *
 * @param executor - whose `multiply64` is asked
 * @returns the same values within rounding
 */
export async function symmetricEigenvaluesOn(
  executor: Products,
  matrix: Float64Array,
  size: number,
): Promise<Float64Array> {
  return finishOn(executor, eigenvaluesOf(matrix, size))
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix in float64, M = S diag(λ) Sᵀ.
 *
 * SᵀS = I within 1e-13 also for equal and nearly equal eigenvalues, whose vectors then are some basis of their space. The sign of a
 * vector is whatever the arithmetic gives; the same matrix and executor give the same bytes.
 *
 * @param matrix - M, n x n, row by row; its lower triangle counts; left as it is
 * @param size - n, >= 1
 * @param executor - whose `multiply64` is asked for the large products; without one they are computed by WebAssembly here
 * @returns values descending, and S with an eigenvector per column
 * @throws LabError as {@link symmetricEigenvalues}
 *
 * Source: docs/SOURCES.md 5.1.
 */
export async function symmetricEigen(matrix: Float64Array, size: number, executor?: Products): Promise<SymmetricEigen> {
  return executor === undefined ? finish(eigenOf(matrix, size)) : finishOn(executor, eigenOf(matrix, size))
}
