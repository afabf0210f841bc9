import { product, type ProductWork } from './productWork.js'
import type { Tridiagonalisation } from './tridiagonalise.js'

/** Reflectors that are applied together. */
const GROUP = 128

/**
 * Z <- Q Z with Q = H_{n-1} ... H_1 of a reduction to tridiagonal form, in place.
 *
 * A group of reflectors is I - Vᵀ S V with S upper triangular, so that three products apply it.
 *
 * @param reduction - see {@link Tridiagonalisation}
 * @param matrix - Z, n x n, row by row
 *
 * Source: C. Bischof, C. Van Loan, The WY representation for products of Householder matrices, SIAM J. Sci. Stat. Comput. 8 (1987);
 * R. Schreiber, C. Van Loan, 10 (1989).
 */
export function* applyReflectors(
  { reflectors, stride, factors }: Tridiagonalisation,
  matrix: Float64Array,
): ProductWork<void> {
  const size = factors.length
  for (let start = 1; start < size; start += GROUP) {
    const count = Math.min(GROUP, size - start)
    const length = start + count - 1
    // The reflector applied last comes first.
    const v = new Float64Array(count * length)
    for (let place = 0; place < count; place++) {
      const row = length - place
      v.set(reflectors.subarray(row * stride, row * stride + row), place * length)
    }
    const overlaps = yield* product(v, v, { rows: count, inner: length, columns: count, transposeB: true })
    const s = triangle(
      overlaps,
      Float64Array.from({ length: count }, (_, place) => factors[length - place] as number),
    )
    const leading = matrix.subarray(0, length * size)
    const projected = yield* product(v, leading, { rows: count, inner: length, columns: size })
    const weighted = yield* product(s, projected, { rows: count, inner: count, columns: size })
    const change = yield* product(v, weighted, { rows: length, inner: count, columns: size, transposeA: true })
    for (let index = 0; index < leading.length; index++)
      leading[index] = (leading[index] as number) - (change[index] as number)
  }
}

/** S of H_1 H_2 ... = I - Vᵀ S V: column k is -τ_k S V v_k above its diagonal entry τ_k. */
function triangle(overlaps: Float64Array, factors: Float64Array): Float64Array {
  const count = factors.length
  const s = new Float64Array(count * count)
  for (let k = 0; k < count; k++) {
    const factor = factors[k] as number
    for (let i = 0; i < k; i++) {
      let sum = 0
      for (let j = i; j < k; j++) sum += (s[i * count + j] as number) * (overlaps[j * count + k] as number)
      s[i * count + k] = -factor * sum
    }
    s[k * count + k] = factor
  }
  return s
}
