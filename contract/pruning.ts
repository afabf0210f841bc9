import type { ConvergenceVerdict } from './convergence.js'
import type { RunId } from './runId.js'

/**
 * How the cutoff is found (section 5.4). `corrected`: the mixture of the smallest BIC whose top component is a group of its
 * own; `faithful`: the last mixture tried, as the original does.
 */
export type PruningMode = 'corrected' | 'faithful'

/** Which units to remove from a run's layer. */
export interface PruningRequest {
  id: RunId
  mode: PruningMode
  /** Variance at and above which units are removed, > 0; null: as the mixture decides. */
  cutoff: number | null
  /** Also removes units whose norm is further than this from R, > 0; null or absent: no. */
  offNorm?: number | null
}

/** One Gaussian mixture on z = ln variance, as fitted. */
export interface MixtureFit {
  components: number
  weights: number[]
  means: number[]
  variances: number[]
  logLikelihood: number
  /** p-value of the likelihood-ratio test against one component less; null for one component and in `corrected`. */
  pValue: number | null
  /** (3c - 1) ln n - 2 ln L, smaller is better; null in `faithful`, which does not use it. */
  bic: number | null
  /** `corrected`: the mixture that decides, exactly one. `faithful`: whether the likelihood test accepted it. */
  accepted: boolean
}

/** What pruning would do, before anything is changed. */
export interface PruningPlan {
  mode: PruningMode
  /** Unbiased variance of every unit's weights along the inputs, H. */
  variances: Float64Array
  mixtures: MixtureFit[]
  /** Variance at and above which units are removed; null when nothing is. `manual` when the user set it. */
  cutoff: number | null
  manual: boolean
  /** Units whose norm is further than this from R are removed too; null: by the variance alone. */
  offNorm: number | null
  /** 1 for every unit that would be removed, H. */
  removed: Uint8Array
  removedCount: number
  /** In words: what was found, and warnings such as "more than 20 % would go". */
  notes: string[]
}

/** A pruning that was carried out and stored with its run. */
export interface PruningRecord {
  mode: PruningMode
  cutoff: number | null
  manual: boolean
  /** Absent in records of earlier versions. */
  offNorm?: number | null
  components: number | null
  removedCount: number
  prunedAt: string
  /** How the remaining units have converged; absent in records of earlier versions, null when no unit is left. */
  verdict?: ConvergenceVerdict | null
  /** Path inside the run's folder. */
  model: string
}
