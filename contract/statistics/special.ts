/** ln Γ(x) for x > 0 (Lanczos, g = 7, nine coefficients; relative error below 1e-14). */
export function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  const base = shifted + 7.5
  const series = coefficients.reduce(
    (sum, coefficient, index) => (index === 0 ? coefficient : sum + coefficient / (shifted + index)),
    0,
  )
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series)
}

/** The continued fraction of the incomplete beta function (Lentz). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return result
}

/** The regularised incomplete beta function I_x(a, b), for a, b > 0 and x in [0, 1]. */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/** P(|T| > t) of Student's t distribution. @param degrees - degrees of freedom, > 0 */
export function studentTwoSided(t: number, degrees: number): number {
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t))
}

/** erf(x) by its series or its continued fraction; absolute error below 1e-15. */
export function errorFunction(x: number): number {
  const size = Math.abs(x)
  if (size < 2.5) {
    let term = size
    let sum = size
    for (let n = 1; n < 200 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-size * size) / n
      sum += term / (2 * n + 1)
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = 0
  for (let n = 120; n > 0; n--) fraction = n / 2 / (size + fraction)
  return Math.sign(x) * (1 - Math.exp(-size * size) / ((size + fraction) * Math.sqrt(Math.PI)))
}

/**
 * P(|Z| >= |z|) of the standard normal distribution; relative error below 1e-12, also far out, where 1 - erf would lose it.
 */
export function normalTwoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  if (x < 2.5) return 1 - errorFunction(x)
  let fraction = 0
  for (let n = 120; n > 0; n--) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / ((x + fraction) * Math.sqrt(Math.PI))
}

/**
 * P(X <= λ) of the chi-square distribution with three degrees of freedom: erf(√(λ/2)) - √(2λ/π) exp(-λ/2).
 *
 * @param statistic - λ; 0 for anything not positive
 */
export function chiSquare3(statistic: number): number {
  if (!(statistic > 0)) return 0
  // Near zero both terms agree to the last digit; rounding must not make a probability negative.
  return Math.max(
    0,
    errorFunction(Math.sqrt(statistic / 2)) - Math.sqrt((2 * statistic) / Math.PI) * Math.exp(-statistic / 2),
  )
}

/**
 * The quantile of the standard normal distribution, by Newton's method on Φ(x) = (1 + erf(x/√2)) / 2.
 *
 * @param probability - in (0, 1)
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return probability === 0 ? -Infinity : probability === 1 ? Infinity : NaN
  // Φ is steepest at 0 and concave beyond: from 0 outwards Newton's steps never overshoot.
  const upper = Math.max(probability, 1 - probability)
  let x = 0
  for (let step = 0; step < 100; step++) {
    const change = (upper - (1 + errorFunction(x / Math.SQRT2)) / 2) * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2)
    x += change
    if (Math.abs(change) < 1e-14 * Math.max(1, x)) break
  }
  return probability < 0.5 ? -x : x
}
