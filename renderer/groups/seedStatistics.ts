/** Natural logarithm of the gamma function for x > 0 (Lanczos, g = 7, nine terms). */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const sum = coefficients.reduce((total, coefficient, index) => total + coefficient / (x + index), 0.99999999999980993)
  const shifted = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(shifted) - shifted + Math.log(sum)
}

const TERMS = 300
const TINY = 1e-300

/** Continued fraction of the incomplete beta function (modified Lentz), for x below (a + 1) / (a + b + 2). */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY)
  let value = d
  for (let term = 1; term <= TERMS; term++) {
    const even = (term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term))
    d = 1 / (1 + even * d || TINY)
    c = 1 + even / c || TINY
    value *= d * c
    const odd = (-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1))
    d = 1 / (1 + odd * d || TINY)
    c = 1 + odd / c || TINY
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return value
}

function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/**
 * Quantile of Student's t: the t whose two tails together hold 1 - `confidence`.
 *
 * @param degrees - of freedom, >= 1
 * @param confidence - in (0, 1)
 */
export function studentQuantile(degrees: number, confidence: number): number {
  const tails = (t: number): number => incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t))
  let [low, high] = [0, 2]
  while (tails(high) > 1 - confidence) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2
    if (tails(middle) > 1 - confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Confidence of every interval over seeds; charts and tables say it. */
export const CONFIDENCE = 0.95

/** A mean over seeds with its interval. */
export interface SeedInterval {
  count: number
  mean: number
  /** Unbiased; NaN for one value. */
  standardDeviation: number
  /** Half the width of the interval t s / √n; null for fewer than two values, which say nothing about their spread. */
  halfWidth: number | null
}

/** Mean and Student interval of some values; null without any. Values that are no numbers are left out. */
export function seedInterval(values: readonly number[]): SeedInterval | null {
  const finite = values.filter(Number.isFinite)
  const count = finite.length
  if (count === 0) return null
  const mean = finite.reduce((sum, value) => sum + value, 0) / count
  if (count === 1) return { count, mean, standardDeviation: NaN, halfWidth: null }
  const standardDeviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1))
  return {
    count,
    mean,
    standardDeviation,
    halfWidth: (studentQuantile(count - 1, CONFIDENCE) * standardDeviation) / Math.sqrt(count),
  }
}

/** A curve over seeds: at every epoch the mean of those runs that have it, and the ends of its interval. */
export interface SeedCurve {
  epoch: number[]
  mean: number[]
  low: number[]
  high: number[]
  /** Runs behind each epoch. */
  count: number[]
}

/** The mean curve of runs with different seeds; where only one run has come so far the interval has no width. */
export function seedCurve(columns: readonly { epoch: ArrayLike<number>; value: ArrayLike<number> }[]): SeedCurve {
  const values = new Map<number, number[]>()
  for (const { epoch, value } of columns) {
    for (let place = 0; place < epoch.length; place++) {
      const at = epoch[place] ?? NaN
      const list = values.get(at) ?? []
      if (list.length === 0) values.set(at, list)
      list.push(value[place] ?? NaN)
    }
  }
  const curve: SeedCurve = { epoch: [], mean: [], low: [], high: [], count: [] }
  for (const [epoch, list] of [...values].sort(([a], [b]) => a - b)) {
    const interval = seedInterval(list)
    if (interval === null) continue
    curve.epoch.push(epoch)
    curve.mean.push(interval.mean)
    curve.low.push(interval.mean - (interval.halfWidth ?? 0))
    curve.high.push(interval.mean + (interval.halfWidth ?? 0))
    curve.count.push(interval.count)
  }
  return curve
}
