import { symmetricEigen } from '../../engine/linalg/symmetricEigen.js'
import { symmetric } from './eigenvalues.js'
import type { Stage } from './stage.js'

/** Eigenvalues and eigenvectors of a symmetric H x H matrix in float64. */
export const eigenvectors: Stage = {
  operations: () => null,
  stretch: 1,
  prepare: async ({ units }, executor) => {
    const matrix = symmetric(units)
    return { run: async () => void (await symmetricEigen(matrix, units, executor)) }
  },
}
