import { symmetricEigenvaluesOn } from '../../engine/linalg/symmetricEigen.js'
import { normal, type Stage } from './stage.js'

/** A symmetric matrix of independent normal entries. */
export function symmetric(size: number): Float64Array {
  const entries = normal(size * size, 5, 1)
  const matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++)
      matrix[row * size + column] = matrix[column * size + row] = entries[row * size + column] ?? NaN
  return matrix
}

/** Eigenvalues of a symmetric H x H matrix in float64. */
export const eigenvalues: Stage = {
  operations: () => null,
  stretch: 1,
  prepare: async ({ units }, executor) => {
    const matrix = symmetric(units)
    return { run: async () => void (await symmetricEigenvaluesOn(executor, matrix, units)) }
  },
}
