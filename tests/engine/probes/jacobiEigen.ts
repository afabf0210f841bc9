/** Eigenvalues and vectors by Jacobi's rotations: slow, plain and another way than the program's. Vectors in columns, values descending. */
export function jacobiEigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice()
  const v = new Float64Array(size * size)
  for (let index = 0; index < size; index++) v[index * size + index] = 1
  const at = (row: number, column: number): number => a[row * size + column] as number
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) === 0) continue
        off += at(p, q) ** 2
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q))
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1))
        const c = 1 / Math.hypot(t, 1)
        const s = t * c
        for (let k = 0; k < size; k++) {
          const [x, y] = [at(k, p), at(k, q)]
          a[k * size + p] = c * x - s * y
          a[k * size + q] = s * x + c * y
        }
        for (let k = 0; k < size; k++) {
          const [x, y] = [at(p, k), at(q, k)]
          a[p * size + k] = c * x - s * y
          a[q * size + k] = s * x + c * y
          const [f, g] = [v[k * size + p] as number, v[k * size + q] as number]
          v[k * size + p] = c * f - s * g
          v[k * size + q] = s * f + c * g
        }
      }
    }
    if (off < 1e-28) break
  }
  const order = Array.from({ length: size }, (_, index) => index).sort((i, j) => at(j, j) - at(i, i))
  return {
    values: Float64Array.from(order, (index) => at(index, index)),
    vectors: Float64Array.from(
      { length: size * size },
      (_, index) => v[Math.floor(index / size) * size + (order[index % size] as number)] as number,
    ),
  }
}
