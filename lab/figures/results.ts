import type { AttackSpec, DatasetSpec, DatasetSplit, PowerLawFit, ResultOrigin } from '../../contract/index.js'

/** What figures need of archived probe results, each with where it comes from. */

/** A robustness sweep: one pass for each model and seed, and one series for each label. */
export interface SweepResult {
  origin: ResultOrigin
  attack: AttackSpec
  /** What to know of the attack before its numbers are read. */
  warnings?: readonly string[]
  dataset: DatasetSpec
  split: DatasetSplit
  passes: readonly { model: { label: string }; criticalNorm: Float64Array }[]
  series: readonly {
    label: string
    /** Of the last epoch where that is known, else on the images of the sweep; a fraction. */
    testAccuracy: number
    epsilons: Float64Array
    relativeAccuracy: Float64Array
    criticalNorm: { median: number } | null
  }[]
}

/** A covariance spectrum for growing numbers of units; the fit is of the largest. */
export interface SpectrumResultOf {
  growing: readonly { units: number; eigenvalues: Float64Array }[]
  fit: PowerLawFit | null
  /** What to know before its exponent is read. */
  warnings?: readonly string[]
}

/** An archived spectrum of a model, or of the data. */
export interface NamedSpectrum extends SpectrumResultOf {
  origin: ResultOrigin
  label: string
  /** What it was taken of: the hidden layer, …, the data. */
  layer: string
  dataset: DatasetSpec
}

/** Maps of several models over one plane, row by row along the second axis. */
export interface PlaneMaps {
  firstAxis: Float64Array
  secondAxis: Float64Array
  geometry: { classNames: readonly string[] }
  maps: readonly {
    model: { label: string }
    labels: Uint8Array
    confidence: Float32Array
    jacobianNorm: Float32Array
  }[]
}

/** An archived plane with its place in the space of images. */
export interface PlaneResultOf extends PlaneMaps {
  origin: ResultOrigin
  geometry: { classNames: readonly string[]; origin: Float32Array; u: Float32Array; v: Float32Array }
  jacobian: string
}
