/** Ordinary least squares of ln(λ_n/λ_1) on ln n over ranks `window[0]..window[1]`, both ends included (section 5.2). */
export interface PowerLawFit {
  /** Slope; the exponent is its negative, figures print the slope as α. */
  slope: number
  intercept: number
  standardError: number
  rValue: number
  rSquared: number
  pValue: number
  /** First and last rank that took part, counted from 1. */
  window: readonly [first: number, last: number]
}

/** Which inputs a spectrum is measured with. */
export type SpectrumSource = 'dataset' | 'noise'

/** A covariance spectrum as measured: eigenvalues descending, float64. */
export interface SpectrumResult {
  source: SpectrumSource
  eigenvalues: Float64Array
  /** Null with a reason when the window does not fit the spectrum. */
  fit: PowerLawFit | null
  fitNote: string | null
  /** (Σλ)²/Σλ²; ours, not the paper's. */
  participationRatio: number
  images: number
}
