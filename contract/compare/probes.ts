import type { AttackSpec } from '../attacks/index.js'
import type { DatasetSpec, DatasetSplit } from '../dataset.js'
import type { RobustnessSeries, SweepId } from '../robustness.js'
import type { RunId } from '../runId.js'
import type { PowerLawFit } from '../spectrum.js'

/** A stored spectrum of a run. */
export interface ComparedSpectrum {
  run: RunId
  /** Id of the result, or null for a spectrum that the run recorded itself. */
  id: string | null
  eigenvalues: Float64Array
  /** Null with a reason where the window does not fit. */
  fit: PowerLawFit | null
  fitNote: string | null
  /** Numerical rank, after which no eigenvalue is fitted. */
  rank: number
}

/** Spectra of the same thing, so that they may be drawn together. */
export interface SpectrumSet {
  key: string
  /** `hidden layer, test images, 10 000 images`. */
  label: string
  /** The newest of each run, for each group. */
  groups: ComparedSpectrum[][]
}

/** Passes of the same attack on the same images with the same sizes. */
export interface AttackSet {
  key: string
  label: string
  attack: AttackSpec
  dataset: DatasetSpec
  split: DatasetSplit
  sweeps: SweepId[]
  level: number
  /** Passes of the runs of a group pooled; null for a group without any. */
  groups: (RobustnessSeries | null)[]
}

/** Results of probes that are stored for these groups; whatever is missing is not measured here. */
export interface ComparedProbes {
  spectra: SpectrumSet[]
  attacks: AttackSet[]
  /** Results that could not be read, in sentences. */
  problems: string[]
}
