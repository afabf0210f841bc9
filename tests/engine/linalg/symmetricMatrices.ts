import { multiply64 } from '../../../engine/linalg/multiply.js'
import { randomStream } from '../../../engine/random/index.js'

/** A symmetric matrix, and its eigenvalues where arithmetic gives them. */
export interface Known {
  matrix: Float64Array
  values?: readonly number[]
}

const symmetric = (size: number, entry: (row: number, column: number) => number): Float64Array => {
  const matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++)
      matrix[row * size + column] = matrix[column * size + row] = entry(row, column)
  }
  return matrix
}
const range = (size: number, value: (index: number) => number): number[] =>
  Array.from({ length: size }, (_, index) => value(index))
const tridiagonal = (
  size: number,
  diagonal: (index: number) => number,
  coupling: (index: number) => number,
): Float64Array =>
  symmetric(size, (row, column) => (row === column ? diagonal(row) : row === column + 1 ? coupling(row) : 0))

export function randomSymmetric(size: number, seed = 1): Float64Array {
  const random = randomStream(seed, 'matrix')
  return symmetric(size, () => random.normal())
}

/** Q diag(values) Qᵀ with Q a product of three random reflections. */
function rotated(values: readonly number[]): Known {
  const size = values.length
  let matrix = symmetric(size, (row, column) => (row === column ? (values[row] as number) : 0))
  for (let round = 0; round < 3; round++) {
    const random = randomStream(round, 'reflection')
    const v = Float64Array.from({ length: size }, () => random.normal())
    const squares = v.reduce((sum, value) => sum + value * value, 0)
    const reflection = symmetric(
      size,
      (row, column) => (row === column ? 1 : 0) - (2 * (v[row] as number) * (v[column] as number)) / squares,
    )
    const cube = { rows: size, inner: size, columns: size }
    matrix = multiply64(multiply64(reflection, matrix, cube), reflection, cube)
  }
  return { matrix: symmetric(size, (row, column) => matrix[row * size + column] as number), values }
}

/** Families of matrices that eigensolvers stumble over, for any size. */
export const MATRICES = {
  random: (size) => ({ matrix: randomSymmetric(size) }),
  zero: (size) => ({ matrix: new Float64Array(size * size), values: range(size, () => 0) }),
  diagonal: (size) => {
    const values = range(size, (index) => ((index * 7919) % 101) - 50)
    return {
      matrix: tridiagonal(
        size,
        (index) => values[index] as number,
        () => 0,
      ),
      values,
    }
  },
  ones: (size) => ({ matrix: symmetric(size, () => 1), values: range(size, (index) => (index === 0 ? size : 0)) }),
  // 2 - 2 cos(kπ/(n+1)), k = 1 .. n.
  'second difference': (size) => ({
    matrix: tridiagonal(
      size,
      () => 2,
      () => -1,
    ),
    values: range(size, (index) => 2 - 2 * Math.cos(((index + 1) * Math.PI) / (size + 1))),
  }),
  // Turns a vector around: +1 on even vectors, -1 on odd ones.
  exchange: (size) => ({
    matrix: symmetric(size, (row, column) => (row + column === size - 1 ? 1 : 0)),
    values: range(size, (index) => (index < Math.ceil(size / 2) ? 1 : -1)),
  }),
  'three values': (size) => rotated(range(size, (index) => [3, -1, 0.5][index % 3] as number)),
  'cluster of 1e-13': (size) =>
    rotated(range(size, (index) => (index % 2 === 0 ? 1 + (index / size) * 1e-13 : 2 + index))),
  'rank of a third': (size) => rotated(range(size, (index) => (index % 3 === 0 ? 1 + index : 0))),
  'power law': (size) => rotated(range(size, (index) => (index + 1) ** -4)),
  // Pairs of eigenvalues agree in all digits though no coupling is small (Wilkinson, W+).
  Wilkinson: (size) => ({
    matrix: tridiagonal(
      size,
      (index) => Math.abs(index - (size - 1) / 2),
      () => 1,
    ),
  }),
  // Copies of W21+ coupled weakly: clusters of many.
  'glued Wilkinson': (size) => ({
    matrix: tridiagonal(
      size,
      (index) => Math.abs((index % 21) - 10),
      (index) => (index % 21 === 0 ? 1e-9 : 1),
    ),
  }),
  'weak couplings': (size) => ({
    matrix: tridiagonal(
      size,
      (index) => index % 5,
      (index) => [1e-17, 1e-150, 1e-8, 1e-101, 1e-300][index % 5] as number,
    ),
  }),
  graded: (size) => {
    const random = randomStream(2, 'matrix')
    return { matrix: symmetric(size, (row, column) => random.normal() * 10 ** (-(150 * (row + column)) / size)) }
  },
  'graded upwards': (size) => {
    const random = randomStream(3, 'matrix')
    return { matrix: symmetric(size, (row, column) => random.normal() * 10 ** ((75 * (row + column)) / size)) }
  },
} as const satisfies Record<string, (size: number) => Known>
