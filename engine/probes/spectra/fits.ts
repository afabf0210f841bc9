import { fitWarnings, LabError, type PowerLawFit, type SpectrumFits, type WindowMap } from '../../../contract/index.js'
import { studentTwoSided } from '../../../contract/statistics/special.js'
import { fitPowerLaw, usableRanks } from '../powerLawFit.js'

/** Ranks of a window, all of them usable, as ln n and ln(λ_n/λ_1). */
function logarithms(
  eigenvalues: Float64Array,
  [first, last]: readonly [number, number],
): { x: Float64Array; y: Float64Array } {
  const count = last - first + 1
  return {
    x: Float64Array.from({ length: count }, (_, index) => Math.log(first + index)),
    y: Float64Array.from({ length: count }, (_, index) =>
      Math.log((eigenvalues[first - 1 + index] as number) / (eigenvalues[0] as number)),
    ),
  }
}

/**
 * The fit of {@link fitPowerLaw} with the rank n weighted 1/n, so that every octave of ranks counts alike.
 *
 * Moments, r and the standard error are those of the plain fit with weighted means in place of means.
 *
 * @throws LabError `probe.window`
 */
export function fitWeighted(eigenvalues: Float64Array, window: readonly [number, number], rank?: number): PowerLawFit {
  // Refuses the same windows, and returns the ranks that took part.
  const plain = fitPowerLaw(eigenvalues, window, rank)
  const { x, y } = logarithms(eigenvalues, plain.window)
  const weights = Float64Array.from(x, (value) => Math.exp(-value))
  const total = weights.reduce((sum, value) => sum + value, 0)
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value, index) => sum + value * (weights[index] as number), 0) / total
  const [mx, my] = [mean(x), mean(y)]
  const moment = (a: Float64Array, ma: number, b: Float64Array, mb: number): number =>
    mean(a.map((value, index) => (value - ma) * ((b[index] as number) - mb)))
  const [xx, xy, yy] = [moment(x, mx, x, mx), moment(x, mx, y, my), moment(y, my, y, my)]
  const rValue = yy === 0 ? 0 : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
  const degrees = x.length - 2
  const unexplained = 1 - rValue * rValue
  const t = unexplained === 0 ? Infinity : rValue * Math.sqrt(degrees / unexplained)
  return {
    slope: xy / xx,
    intercept: my - (xy / xx) * mx,
    standardError: Math.sqrt((unexplained * yy) / xx / degrees),
    rValue,
    rSquared: rValue * rValue,
    pValue: Number.isFinite(t) ? studentTwoSided(t, degrees) : 0,
    window: plain.window,
  }
}

/**
 * How much the points bend inside a window: the coefficient c of y = a + b x + c x², x = ln n, y = ln(λ_n/λ_1); 0 for a straight line.
 *
 * @throws LabError `probe.window` for fewer than three points
 */
export function curvature(eigenvalues: Float64Array, window: readonly [number, number], rank?: number): number {
  const { window: used } = fitPowerLaw(eigenvalues, window, rank)
  const { x, y } = logarithms(eigenvalues, used)
  const count = x.length
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)
  const centred = (values: Float64Array): Float64Array => {
    const m = mean(values)
    return values.map((value) => value - m)
  }
  // Gram and Schmidt: x² without its mean and without its part along x.
  const line = centred(x)
  const square = centred(line.map((value) => value * value))
  const part = dot(square, line) / dot(line, line)
  const bend = square.map((value, index) => value - part * (line[index] as number))
  return dot(bend, y) / dot(bend, bend)
}

/** μ = 1 + 1/α of the density of eigenvalues ρ(λ) ∝ λ^-μ when λ_n ∝ n^-α; null when α <= 0. */
export const densityExponent = (slope: number): number | null => (slope < 0 ? 1 - 1 / slope : null)

/**
 * Everything about a window; a window that does not fit gives nulls and the reason.
 *
 * @param rank - numerical rank of the spectrum (`numericalRank`); nothing after it takes part
 */
export function spectrumFits(eigenvalues: Float64Array, window: readonly [number, number], rank: number): SpectrumFits {
  try {
    const fit = fitPowerLaw(eigenvalues, window, rank)
    const bend = curvature(eigenvalues, window, rank)
    return {
      fit,
      fitNote: null,
      weighted: fitWeighted(eigenvalues, window, rank),
      curvature: bend,
      densityExponent: densityExponent(fit.slope),
      warnings: fitWarnings(fit, { window, ranks: eigenvalues.length, rank, curvature: bend }),
    }
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'probe.window') throw error
    return { fit: null, fitNote: error.message, weighted: null, curvature: null, densityExponent: null, warnings: [] }
  }
}

/** Whole numbers evenly spaced on a logarithmic axis, each once. */
function ranks(from: number, to: number, count: number): Int32Array {
  const values = Array.from({ length: count }, (_, index) =>
    Math.round(from * (to / from) ** (index / Math.max(1, count - 1))),
  )
  return Int32Array.from(new Set(values))
}

/**
 * The exponent over all windows: starts from rank 1 to a third of the ranks, ends from rank 5 to the numerical rank.
 *
 * @param size - how many starts and ends at most
 * @param rank - numerical rank of the spectrum (`numericalRank`)
 * @returns slopes, starts x ends; NaN where fewer than three ranks are left
 * @throws LabError `probe.window` for fewer than five ranks
 */
export function windowMap(eigenvalues: Float64Array, size: number, rank: number): WindowMap {
  const usable = usableRanks(eigenvalues, rank)
  if (usable < 5)
    throw new LabError('probe.window', `expected a numerical rank of at least 5 for a window map, got ${usable}`, {
      rank: usable,
    })
  const starts = ranks(1, Math.max(2, Math.floor(usable / 3)), size)
  const ends = ranks(5, usable, size)
  // Sums from rank 1 on give every window's regression at once.
  const { x, y } = logarithms(eigenvalues, [1, usable])
  const running = (of: (index: number) => number): Float64Array => {
    const sums = new Float64Array(usable + 1)
    for (let index = 0; index < usable; index++) sums[index + 1] = (sums[index] as number) + of(index)
    return sums
  }
  const [sx, sy, sxx, sxy] = [
    running((i) => x[i] as number),
    running((i) => y[i] as number),
    running((i) => (x[i] as number) ** 2),
    running((i) => (x[i] as number) * (y[i] as number)),
  ] as const
  const slopes = new Float64Array(starts.length * ends.length).fill(NaN)
  starts.forEach((start, row) =>
    ends.forEach((end, column) => {
      const count = end - start + 1
      if (count < 3) return
      const between = (sums: Float64Array): number => (sums[end] as number) - (sums[start - 1] as number)
      const [mx, my] = [between(sx) / count, between(sy) / count]
      slopes[row * ends.length + column] = (between(sxy) - count * mx * my) / (between(sxx) - count * mx * mx)
    }),
  )
  return { starts, ends, slopes }
}

/** {@link windowMap}, or the reason why there is none: an extra does not cost the main result. */
export function windowMapOrNote(
  eigenvalues: Float64Array,
  size: number,
  rank: number,
): { map: WindowMap | null; mapNote: string | null } {
  try {
    return { map: size === 0 ? null : windowMap(eigenvalues, size, rank), mapNote: null }
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'probe.window') throw error
    return { map: null, mapNote: error.message }
  }
}
