import type { PowerLawFit } from './spectrum.js'

/** What limits the rank of a covariance, besides rounding. */
export interface RankLimits {
  /** N, images or samples of which the covariance was taken; null where it is not known. */
  images: number | null
  /** Columns that can differ from each other, such as distinct units of a layer; null: all columns. */
  columns?: number | null
}

/** A covariance has no negative eigenvalues, so the most negative one shows how large rounding errors are; errors are about symmetric. */
const ROUNDING_MARGIN = 2

/**
 * Numerical rank of a covariance spectrum: how many leading eigenvalues are no rounding errors.
 *
 *     rank = #{n : λ_n > max(λ_1 · max(N, W) · ε, 2 |min(0, λ_W)|)}, at most N - 1 and at most the distinct columns
 *
 * with the machine epsilon ε = 2⁻⁵² of float64. The second term covers products in float32, whose errors are larger.
 *
 * @param eigenvalues - descending, W of them
 * @returns 0 to W
 *
 * Source: NumPy, `numpy.linalg.matrix_rank`; docs/SOURCES.md 5.2.
 */
export function numericalRank(eigenvalues: ArrayLike<number>, { images, columns = null }: RankLimits): number {
  const width = eigenvalues.length
  let [largest, smallest] = [0, 0]
  for (let index = 0; index < width; index++) {
    const value = eigenvalues[index] ?? NaN
    if (value > largest) largest = value
    if (value < smallest) smallest = value
  }
  const floor = Math.max(largest * Math.max(images ?? 0, width) * Number.EPSILON, -ROUNDING_MARGIN * smallest)
  const most = Math.min(width, images === null ? width : Math.max(0, images - 1), columns ?? width)
  let rank = 0
  while (rank < most && (eigenvalues[rank] ?? NaN) > floor) rank++
  return rank
}

/** Inputs over which spectra are taken: images of a set, and Gaussian noise ξ(t). */
export const SPECTRUM_SCOPES = ['dataset', 'noise'] as const
export type SpectrumScope = (typeof SPECTRUM_SCOPES)[number]

/** First and last rank, counted from 1, both ends included. */
export type RankWindow = readonly [first: number, last: number]

/** Windows of the paper's fits, for 2000 units (section 5.2). */
export const PAPER_WINDOWS: Readonly<Record<SpectrumScope, RankWindow>> = { dataset: [11, 500], noise: [11, 100] }

/**
 * The window that fits use unless another one is chosen: the paper's, ending at half of the ranks that a layer can carry. The last ranks
 * of a spectrum always fall off, so that a window over all of them bends.
 *
 * @param ranks - columns or numerical rank of the smallest spectrum that is fitted; null where it is not known
 */
export function defaultWindow(scope: SpectrumScope, ranks: number | null): RankWindow {
  const [first, last] = PAPER_WINDOWS[scope]
  if (ranks === null) return [first, last]
  const end = Math.min(last, Math.floor(ranks / 2))
  return end >= first + 2 ? [first, end] : [1, Math.max(3, end)]
}

/** The window, clipped to a spectrum of this number of ranks; the default window if fewer than three ranks remain. */
export function windowInside([first, last]: RankWindow, ranks: number, scope: SpectrumScope = 'dataset'): RankWindow {
  return Math.min(last, ranks) >= first + 2 ? [first, Math.min(last, ranks)] : defaultWindow(scope, ranks)
}

/** From here on, in absolute value, points bend so much inside a window that one exponent describes them badly. */
export const BEND_LIMIT = 0.15

/**
 * What a reader of a fit must know before its exponent: where it stopped short of its window, and whether the points bend.
 *
 * @param window - that was asked for
 * @param ranks - eigenvalues of the spectrum, W
 * @param rank - {@link numericalRank}
 * @param curvature - coefficient of (ln n)²
 * @returns full sentences; none for a sound fit
 */
export function fitWarnings(
  fit: Pick<PowerLawFit, 'window'>,
  { window, ranks, rank, curvature }: { window: RankWindow; ranks: number; rank: number; curvature: number },
): string[] {
  const [first, last] = window
  const end = fit.window[1]
  const short =
    end >= last
      ? []
      : [
          `The fit over ranks ${first} to ${last} stops at rank ${end}: ${rank < ranks ? `the numerical rank of the spectrum is ${rank}, and the eigenvalues after it are rounding errors` : `the spectrum has ${ranks} eigenvalues`}.`,
        ]
  const bent =
    Math.abs(curvature) > BEND_LIMIT
      ? [
          `The spectrum is curved within the window (curvature ${curvature.toFixed(2)}; a straight line has 0), so a single exponent describes it poorly. Choose a shorter window.`,
        ]
      : []
  return [...short, ...bent]
}
