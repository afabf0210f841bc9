import { product, type ProductWork } from './productWork.js'
import { refineVector, solveSecular } from './secular.js'

/** Eigenvalues and eigenvectors of diagonal blocks of a tridiagonal matrix. */
export interface BlockEigen {
  values: Float64Array
  /** n x n, an eigenvector per row; 0 outside the blocks. */
  vectors: Float64Array
  size: number
}

/** Rows of eigenvectors that live in the first half, in both, in the second one. */
type Half = 'first' | 'both' | 'second'

interface Deflation {
  /** Rows that take part in the secular equation, by ascending value. */
  kept: number[]
  /** Rows that are eigenvectors already. */
  settled: number[]
  halves: Half[]
}

/**
 * Joins two neighbouring blocks whose coupling was torn off: diag(D1, D2) + ρ z zᵀ with z of the eigenvectors at the seam.
 *
 * Values that z does not touch, or that nearly agree with a neighbour, are settled without it (deflation); the others follow from
 * the secular equation, and their eigenvectors from two products that leave the known zeros out.
 *
 * @param state - blocks [start, seam) and [seam, end) are solved, each by ascending value; after it [start, end) is
 * @param coupling - entry of the matrix between seam-1 and seam; |coupling| was taken from both diagonal entries beside it
 *
 * Source: J. J. M. Cuppen, A divide and conquer method for the symmetric tridiagonal eigenproblem, Numer. Math. 36 (1981); Gu and
 * Eisenstat 1995.
 */
export function* mergeHalves(
  state: BlockEigen,
  start: number,
  seam: number,
  end: number,
  coupling: number,
): ProductWork<void> {
  const { values, vectors, size } = state
  const count = end - start
  const row = (index: number): Float64Array =>
    vectors.subarray((start + index) * size + start, (start + index) * size + end)
  const d = values.subarray(start, end)
  const firsts = seam - start
  // z has norm √2; made 1 at the cost of ρ.
  const z = Float64Array.from(
    { length: count },
    (_, index) =>
      Math.SQRT1_2 *
      (index < firsts ? (row(index)[firsts - 1] as number) : Math.sign(coupling) * (row(index)[firsts] as number)),
  )
  const strength = 2 * Math.abs(coupling)
  const { kept, settled, halves } = deflate(d, z, strength, firsts, row)

  const poles = Float64Array.from(kept, (index) => d[index] as number)
  const change = { poles, vector: Float64Array.from(kept, (index) => z[index] as number), strength }
  const roots = solveSecular(change)
  const weights = toEigenvectors(roots.distances, refineVector(change, roots))
  const upper = yield* combine(
    weights,
    kept,
    (index) => halves[index] !== 'second',
    (index) => row(index).subarray(0, firsts),
    firsts,
  )
  const lower = yield* combine(
    weights,
    kept,
    (index) => halves[index] !== 'first',
    (index) => row(index).subarray(firsts),
    count - firsts,
  )

  const settledRows = settled.map((index) => row(index).slice())
  const all = [...roots.values, ...settled.map((index) => d[index] as number)]
  const order = all.map((_, index) => index).sort((a, b) => (all[a] as number) - (all[b] as number) || a - b)
  order.forEach((index, place) => {
    const target = row(place)
    if (index >= kept.length) target.set(settledRows[index - kept.length] as Float64Array)
    else {
      target.set(upper.subarray(index * firsts, (index + 1) * firsts))
      target.set(lower.subarray(index * (count - firsts), (index + 1) * (count - firsts)), firsts)
    }
  })
  d.set(order.map((index) => all[index] as number))
}

/** Settles what needs no secular equation; rotates neighbours that agree until z touches only one of them. */
function deflate(
  d: Float64Array,
  z: Float64Array,
  strength: number,
  firsts: number,
  row: (index: number) => Float64Array,
): Deflation {
  const order = Array.from(d, (_, index) => index).sort((a, b) => (d[a] as number) - (d[b] as number) || a - b)
  const halves: Half[] = Array.from(d, (_, index) => (index < firsts ? 'first' : 'second'))
  const tolerance = 8 * Number.EPSILON * d.reduce((largest, value) => Math.max(largest, Math.abs(value)), strength)
  const kept: number[] = []
  const settled: number[] = []
  let previous = -1
  for (const index of order) {
    if (strength * Math.abs(z[index] as number) <= tolerance) {
      settled.push(index)
      continue
    }
    if (previous >= 0) {
      const [low, high] = [d[previous] as number, d[index] as number]
      const length = Math.hypot(z[previous] as number, z[index] as number)
      const cosine = (z[index] as number) / length
      const sine = -(z[previous] as number) / length
      if (Math.abs((high - low) * cosine * sine) <= tolerance) {
        z[index] = length
        z[previous] = 0
        if (halves[previous] !== halves[index]) halves[index] = 'both'
        rotate(row(previous), row(index), cosine, sine)
        d[previous] = low * cosine * cosine + high * sine * sine
        d[index] = low * sine * sine + high * cosine * cosine
        settled.push(previous)
      } else kept.push(previous)
    }
    previous = index
  }
  if (previous >= 0) kept.push(previous)
  return { kept, settled, halves }
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let index = 0; index < x.length; index++) {
    const before = x[index] as number
    x[index] = cosine * before + sine * (y[index] as number)
    y[index] = cosine * (y[index] as number) - sine * before
  }
}

/** Turns distances d_j - λ_i into ẑ_j / (d_j - λ_i), normed over j, in place: the eigenvectors of diag(d) + ρ z zᵀ, one per row. */
function toEigenvectors(distances: Float64Array, refined: Float64Array): Float64Array {
  const count = refined.length
  for (let start = 0; start < distances.length; start += count) {
    let squares = 0
    for (let j = 0; j < count; j++) {
      const entry = (refined[j] as number) / (distances[start + j] as number)
      distances[start + j] = entry
      squares += entry * entry
    }
    const scale = 1 / Math.sqrt(squares)
    for (let j = 0; j < count; j++) distances[start + j] = (distances[start + j] as number) * scale
  }
  return distances
}

/**
 * One half of the new eigenvectors: those of the secular equation times the rows that reach into this half.
 *
 * @param weights - kept x kept
 * @param part - the half of a row, `width` entries
 * @returns kept x width
 */
function* combine(
  weights: Float64Array,
  kept: number[],
  reaches: (index: number) => boolean,
  part: (index: number) => Float64Array,
  width: number,
): ProductWork<Float64Array> {
  const count = kept.length
  const places = Int32Array.from(kept.keys()).filter((place) => reaches(kept[place] as number))
  const inner = places.length
  const chosen = new Float64Array(count * inner)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < inner; j++) chosen[i * inner + j] = weights[i * count + (places[j] as number)] as number
  }
  const rows = new Float64Array(inner * width)
  places.forEach((place, to) => rows.set(part(kept[place] as number), to * width))
  return yield* product(chosen, rows, { rows: count, inner, columns: width })
}
