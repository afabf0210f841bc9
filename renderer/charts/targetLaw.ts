import type { RegulariserSpec } from '../../contract/index.js'

type SpectralTerm = Extract<RegulariserSpec, { kind: 'spectral' }>

/** The target spectrum of a spectral penalty, as points of a plot. */
export interface TargetLaw {
  label: string
  points: [rank: number, value: number][]
}

/**
 * The target of a spectral penalty over the ranks that it acts on: as the original n^(-α) from rank τ+1 on, at its own scale;
 * corrected λ_τ ((τ+1)/(n+1))^α for zero-based n > τ, anchored at the measured eigenvalue of index τ.
 *
 * @param eigenvalues - descending, as measured
 * @returns null where there is nothing to draw: a first index beyond the spectrum, or an anchor that is not above zero
 *
 * Source: docs/SOURCES.md 4.3.
 */
export function targetLaw(
  { estimator, exponent, firstIndex }: SpectralTerm,
  eigenvalues: ArrayLike<number>,
): TargetLaw | null {
  const anchor = eigenvalues[firstIndex] ?? 0
  if (firstIndex >= eigenvalues.length || (estimator === 'corrected' && !(anchor > 0))) return null
  const scale = estimator === 'corrected' ? anchor * (firstIndex + 1) ** exponent : 1
  // Two points and the power between them are a straight line in a double logarithmic plot, but not where an axis cuts it.
  const ranks = Array.from({ length: eigenvalues.length - firstIndex }, (_, index) => firstIndex + index + 1)
  return {
    label: `target n^−${exponent}`,
    points: ranks.map((rank): [number, number] => [rank, scale * rank ** -exponent]),
  }
}

/** The spectral penalty whose law a plot shows: the first that acts, else the first that is recorded. */
export function shownSpectralTerm(regularisers: readonly RegulariserSpec[]): SpectralTerm | null {
  const terms = regularisers.filter((term) => term.kind === 'spectral')
  return terms.find(({ strength }) => strength > 0) ?? terms[0] ?? null
}
