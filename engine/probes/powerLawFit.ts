import { LabError, numericalRank, type PowerLawFit } from '../../contract/index.js'
import { studentTwoSided } from '../../contract/statistics/special.js'

/**
 * Fits a power law to a spectrum: ordinary least squares of ln(λ_n / λ_1) on ln n.
 *
 * Standard error of the slope: √((1 - r²) var(y) / var(x) / (m - 2)) over m points.
 *
 * @param eigenvalues - descending, λ_1 > 0
 * @param window - first and last rank, counted from 1, both ends included; the last is cut at the rank
 * @param rank - numerical rank of the spectrum; by its eigenvalues alone when left out
 * @returns slope (the exponent is its negative), intercept, r, p-value of a slope of zero, standard error, the window used
 * @throws LabError `probe.window` when fewer than three points are left
 *
 * Source: the original's spectral notebook; Stringer et al., Nature 571 (2019); docs/SOURCES.md 5.2.
 */
export function fitPowerLaw(
  eigenvalues: Float64Array,
  window: readonly [first: number, last: number],
  rank = numericalRank(eigenvalues, { images: null }),
): PowerLawFit {
  const largest = eigenvalues[0] ?? 0
  const usable = usableRanks(eigenvalues, rank)
  const first = Math.max(1, window[0])
  const last = Math.min(window[1], usable)
  const count = last - first + 1
  if (count < 3)
    throw new LabError('probe.window', windowFault(window, Math.max(0, count), usable, eigenvalues.length), {
      rank: usable,
    })
  const x = Float64Array.from({ length: count }, (_, index) => Math.log(first + index))
  const y = Float64Array.from({ length: count }, (_, index) =>
    Math.log((eigenvalues[first - 1 + index] ?? NaN) / largest),
  )
  const meanX = x.reduce((sum, value) => sum + value, 0) / count
  const meanY = y.reduce((sum, value) => sum + value, 0) / count
  let xx = 0
  let xy = 0
  let yy = 0
  for (let index = 0; index < count; index++) {
    const dx = (x[index] ?? 0) - meanX
    const dy = (y[index] ?? 0) - meanY
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  }
  const slope = xy / xx
  const rValue = yy === 0 ? 0 : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
  const unexplained = 1 - rValue * rValue
  const degrees = count - 2
  const t = unexplained === 0 ? Infinity : rValue * Math.sqrt(degrees / unexplained)
  return {
    slope,
    intercept: meanY - slope * meanX,
    standardError: Math.sqrt((unexplained * yy) / xx / degrees),
    rValue,
    rSquared: rValue * rValue,
    pValue: Number.isFinite(t) ? studentTwoSided(t, degrees) : 0,
    window: [first, last],
  }
}

/** Leading eigenvalues that a logarithm can be taken of and that the rank lets in. */
export function usableRanks(eigenvalues: Float64Array, rank: number): number {
  let usable = 0
  while (usable < Math.min(rank, eigenvalues.length) && (eigenvalues[usable] ?? NaN) > 0) usable++
  return usable
}

function windowFault([first, last]: readonly [number, number], count: number, usable: number, all: number): string {
  const limit =
    usable < all
      ? `the spectrum has a numerical rank of ${usable}; the rest of its ${all} eigenvalues are rounding errors`
      : `the spectrum has ${all} eigenvalues`
  return `expected at least three positive eigenvalues in ranks ${first} to ${last}, got ${count}: ${limit}`
}

/**
 * Participation ratio (Σλ)² / Σλ², an effective dimension; ours, not the paper's.
 *
 * @param eigenvalues - of a covariance; tiny negative ones count as zero
 * @returns between 1 and their number; 0 for a spectrum of zeros
 */
export function participationRatio(eigenvalues: Float64Array): number {
  let sum = 0
  let squares = 0
  for (const value of eigenvalues) {
    const positive = Math.max(0, value)
    sum += positive
    squares += positive * positive
  }
  return squares === 0 ? 0 : (sum * sum) / squares
}
