const MOST_ITERATIONS = 120

/** diag(d) + ρ z zᵀ with d ascending and distinct, no z zero, ρ > 0. */
export interface RankOneChange {
  poles: Float64Array
  vector: Float64Array
  strength: number
}

/** Its eigenvalues, and how far each lies from each pole. */
export interface SecularRoots {
  values: Float64Array
  /** Entry i k + j is d_j - λ_i, accurate to its last digits even where both nearly agree. */
  distances: Float64Array
}

/** The sums of the secular equation at one place: below the root's interval and above it, with their derivatives. */
interface Sums {
  below: number
  belowSlope: number
  above: number
  aboveSlope: number
}

/** Σ z_j² / (d_j - λ) with λ = d_origin + μ, over j <= split and j > split. */
function evaluate(
  poles: Float64Array,
  squares: Float64Array,
  base: number,
  offset: number,
  split: number,
  into: Sums,
): void {
  let sum = 0
  let slope = 0
  for (let j = 0; j <= split; j++) {
    const distance = (poles[j] as number) - base - offset
    const part = (squares[j] as number) / distance
    sum += part
    slope += part / distance
  }
  into.below = sum
  into.belowSlope = slope
  sum = 0
  slope = 0
  for (let j = poles.length - 1; j > split; j--) {
    const distance = (poles[j] as number) - base - offset
    const part = (squares[j] as number) / distance
    sum += part
    slope += part / distance
  }
  into.above = sum
  into.aboveSlope = slope
}

/** The root of c x² - a x + b that lies strictly between low and high, or their middle when rounding leaves none. */
function rootBetween(c: number, a: number, b: number, low: number, high: number): number {
  const root = Math.sqrt(Math.max(0, a * a - 4 * b * c))
  const sum = (a + (a >= 0 ? root : -root)) / 2
  for (const candidate of [b / sum, sum / c]) if (candidate > low && candidate < high) return candidate
  return (low + high) / 2
}

/**
 * Solves 1/ρ + Σ_j z_j² / (d_j - λ) = 0, whose i-th root lies between d_i and d_{i+1}, the last one below d_k + ρ‖z‖².
 *
 * A root is kept as its distance from the nearer pole. Each step replaces the sums on either side by a pole of the same value and
 * slope, which converges quadratically and from one side; bisection is the fallback.
 *
 * Source: J. R. Bunch, C. P. Nielsen, D. C. Sorensen, Rank-one modification of the symmetric eigenproblem, Numer. Math. 31 (1978);
 * R.-C. Li, Solving secular equations stably and efficiently, LAPACK Working Note 89 (1993).
 */
export function solveSecular({ poles, vector, strength }: RankOneChange): SecularRoots {
  const count = poles.length
  const squares = vector.map((value) => value * value)
  const values = new Float64Array(count)
  const distances = new Float64Array(count * count)
  for (let index = 0; index < count; index++) {
    const { base, offset } = findRoot(poles, squares, strength, index)
    values[index] = base + offset
    for (let j = 0; j < count; j++) distances[index * count + j] = (poles[j] as number) - base - offset
  }
  return { values, distances }
}

function findRoot(
  poles: Float64Array,
  squares: Float64Array,
  strength: number,
  index: number,
): { base: number; offset: number } {
  const count = poles.length
  if (count === 1) return { base: poles[0] as number, offset: strength * (squares[0] as number) }
  const last = index === count - 1
  const split = last ? count - 2 : index
  const gap = last
    ? strength * squares.reduce((sum, square) => sum + square, 0)
    : (poles[index + 1] as number) - (poles[index] as number)
  const sums: Sums = { below: 0, belowSlope: 0, above: 0, aboveSlope: 0 }
  const constant = 1 / strength
  let base = poles[index] as number
  evaluate(poles, squares, base, gap / 2, split, sums)
  let low = 0
  let high = gap
  let offset = gap / 2
  if (last) {
    // Rounding may leave the last root a little beyond its bound.
    high = gap * (1 + 8 * Number.EPSILON)
  } else {
    // The half that holds the root decides the nearer pole; the poles of the interval are taken as they are, the rest as a constant.
    const [mine, next] = [squares[index] as number, squares[index + 1] as number]
    const rest = constant + sums.below + sums.above + (2 * mine) / gap - (2 * next) / gap
    if (constant + sums.below + sums.above >= 0) {
      high = gap / 2
      offset = rootBetween(rest, rest * gap + mine + next, mine * gap, low, high)
    } else {
      base = poles[index + 1] as number
      low = -gap / 2
      high = 0
      offset = rootBetween(rest, mine + next - rest * gap, -next * gap, low, high)
    }
  }
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    evaluate(poles, squares, base, offset, split, sums)
    const { below, belowSlope, above, aboveSlope } = sums
    const value = constant + below + above
    if (Math.abs(value) <= 4 * Number.EPSILON * (constant + Math.abs(below) + Math.abs(above))) break
    if (value < 0) low = offset
    else high = offset
    const first = (poles[split] as number) - base - offset
    const second = (poles[split + 1] as number) - base - offset
    const constantPart = value - first * belowSlope - second * aboveSlope
    const linearPart = (first + second) * value - first * second * (belowSlope + aboveSlope)
    const step = rootBetween(constantPart, linearPart, first * second * value, low - offset, high - offset)
    const next = offset + step
    if (next === offset || next <= low || next >= high) break
    offset = next
  }
  return { base, offset }
}

/**
 * The vector ẑ for which the computed roots are exact (Löwner's formula), ẑ_j² = Π_i (λ_i - d_j) / Π_{i≠j} (d_i - d_j), up to a factor.
 *
 * With it the eigenvectors ẑ_j / (d_j - λ_i) are orthogonal however close the roots lie.
 *
 * Source: M. Gu, S. C. Eisenstat, A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem, SIAM J. Matrix
 * Anal. Appl. 16 (1995).
 */
export function refineVector({ poles, vector }: RankOneChange, { distances }: SecularRoots): Float64Array {
  const count = poles.length
  const squares = new Float64Array(count).fill(1)
  for (let i = 0; i < count; i++) {
    const row = i * count
    const pole = poles[i] as number
    for (let j = 0; j < i; j++)
      squares[j] = (squares[j] as number) * ((distances[row + j] as number) / ((poles[j] as number) - pole))
    squares[i] = (squares[i] as number) * (distances[row + i] as number)
    for (let j = i + 1; j < count; j++)
      squares[j] = (squares[j] as number) * ((distances[row + j] as number) / ((poles[j] as number) - pole))
  }
  return squares.map((square, index) => Math.sign(vector[index] as number) * Math.sqrt(Math.abs(square)))
}
