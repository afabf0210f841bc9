/** `corrected` uses the last mixture that the likelihood test accepted; `faithful` the last one tried (section 5.4). */
export type PruningMode = 'corrected' | 'faithful'

/** One Gaussian mixture on z = ln variance, as fitted. */
export interface MixtureFit {
  components: number
  weights: number[]
  means: number[]
  variances: number[]
  logLikelihood: number
  /** p-value of the likelihood-ratio test against the mixture with one component less; null for one component. */
  pValue: number | null
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
  /** 1 where the unit goes, H. */
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
  components: number | null
  removedCount: number
  prunedAt: string
  /** Paths inside the run's folder. */
  model: string
}
