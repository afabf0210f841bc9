import { numericalRank } from '../../contract/index.js'

/** Slope and standard error of ln λ on ln n, for the read-out while a window is dragged; the lab's fit replaces it. */
export interface QuickFit {
  slope: number
  standardError: number
  rSquared: number
  /** ln(λ/λ_1) at ln n = 0. */
  intercept: number
}

/**
 * Ordinary least squares of ln(λ_n/λ_1) on ln n over ranks first..last, counted from 1, both included.
 *
 * @param rank - numerical rank of the spectrum, after which no eigenvalue takes part; by its eigenvalues alone when left out
 * @returns null when fewer than three eigenvalues lie in the window
 */
export function quickFit(
  eigenvalues: ArrayLike<number>,
  [first, last]: readonly [number, number],
  rank = numericalRank(eigenvalues, { images: null }),
): QuickFit | null {
  const largest = eigenvalues[0] ?? 0
  const points: [number, number][] = []
  for (let place = first; place <= Math.min(last, rank); place++) {
    const value = eigenvalues[place - 1] ?? 0
    if (value > 0) points.push([Math.log(place), Math.log(value / largest)])
  }
  if (points.length < 3) return null
  const mean = (place: 0 | 1): number => points.reduce((sum, point) => sum + point[place], 0) / points.length
  const [mx, my] = [mean(0), mean(1)]
  const sum = (term: (dx: number, dy: number) => number): number =>
    points.reduce((total, [x, y]) => total + term(x - mx, y - my), 0)
  const [xx, xy, yy] = [sum((dx) => dx * dx), sum((dx, dy) => dx * dy), sum((_dx, dy) => dy * dy)]
  const slope = xy / xx
  const rSquared = yy === 0 ? 0 : (xy * xy) / (xx * yy)
  return {
    slope,
    rSquared,
    standardError: Math.sqrt(Math.max(0, (1 - rSquared) * yy) / xx / (points.length - 2)),
    intercept: my - slope * mx,
  }
}
