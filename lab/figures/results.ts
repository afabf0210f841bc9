import type { PowerLawFit } from '../../contract/index.js'

/** What figures need of archived probe results; the results of `robustness.get`, `spectrum.get` and `plane.get` have it. */

/** A robustness sweep: one pass for each model and seed, and one series for each label. */
export interface SweepResult {
  record: { request: { attack: { kind: string } } }
  passes: readonly { model: { label: string }; criticalNorm: Float64Array }[]
  series: readonly {
    label: string
    cleanAccuracy: number
    epsilons: Float64Array
    relativeAccuracy: Float64Array
    criticalNorm: { median: number } | null
  }[]
}

/** A covariance spectrum for growing numbers of units; the fit is of the largest. */
export interface SpectrumResultOf {
  growing: readonly { units: number; eigenvalues: Float64Array }[]
  fit: PowerLawFit | null
}

/** Maps of several models over one plane, row by row along the second axis. */
export interface PlaneMaps {
  firstAxis: Float64Array
  secondAxis: Float64Array
  geometry: { classNames: readonly string[] }
  maps: readonly { model: { label: string }; labels: Uint8Array; confidence: Float32Array; jacobianNorm: Float32Array }[]
}
