import { LabError, type PruningMode, type PruningPlan } from '../../../contract/index.js'
import { meanAndVariance } from '../../linalg/statistics.js'
import { cutoffOf, selectMixture } from './mixtureSelection.js'

export { fitMixture, mixtureLogLikelihood, singleGaussian, type MixtureParameters } from './gaussianMixture.js'
export { cutoffOf, selectMixture, startParameters } from './mixtureSelection.js'

/** ln variance of the units that take part in the fit lies strictly between. */
const FIT_RANGE = [-9, -3] as const
/** A share of removed units above this deserves a second look. */
const SANITY_LIMIT = 0.2

export interface PruningOptions {
  /** Units x inputs, H x d. */
  weights: Float32Array
  hiddenUnits: number
  inputSize: number
  mode: PruningMode
  /** A variance chosen by hand, > 0; null lets the mixture decide. */
  manualCutoff: number | null
  /** Where mixtures begin, for golden tests; k-means when absent. */
  start?: Parameters<typeof selectMixture>[1]
}

function rangeNote(logVariances: Float64Array): string {
  const sorted = [...logVariances].filter(Number.isFinite).sort((a, b) => a - b)
  return sorted.length === 0 ? 'all weights of every unit are equal' : `they lie between ${sorted[0]?.toFixed(1)} and ${sorted.at(-1)?.toFixed(1)}`
}

/**
 * Decides which units did not converge, by the variance of their weights.
 *
 * A Gaussian mixture on z = ln variance (only -9 < z < -3) separates fields from noise; units with a variance at or above
 * the midpoint of the two largest means go. `corrected` uses the last mixture that the likelihood test accepted and removes
 * nothing when that is a single Gaussian; `faithful` the last one tried, as the original does.
 *
 * @returns the plan; nothing is changed. Without any z inside the range nothing can be fitted, and the notes say why
 * @throws LabError `value.range` for a manual cutoff that is not positive, `shape.mismatch`
 *
 * Source: the original's StatisticGardener; docs/SOURCES.md 5.4.
 */
export function planPruning(options: PruningOptions): PruningPlan {
  const { weights, hiddenUnits, inputSize, mode, manualCutoff } = options
  if (weights.length !== hiddenUnits * inputSize) throw new LabError('shape.mismatch', `expected ${hiddenUnits} x ${inputSize} weights, got ${weights.length}`)
  if (manualCutoff !== null && !(manualCutoff > 0)) throw new LabError('value.range', `expected a cutoff above 0, got ${manualCutoff}`)
  const variances = Float64Array.from({ length: hiddenUnits }, (_, unit) => meanAndVariance(weights, unit * inputSize, inputSize).variance)
  const logVariances = variances.map((variance) => Math.log(variance))
  const fitted = logVariances.filter((value) => value > FIT_RANGE[0] && value < FIT_RANGE[1])
  const notes: string[] = []
  const mixtures = fitted.length === 0 ? [] : selectMixture(fitted, options.start)
  if (fitted.length === 0) notes.push(`Nothing can be fitted: no unit has a ln variance between ${FIT_RANGE[0]} and ${FIT_RANGE[1]}; ${rangeNote(logVariances)}. The layer is flat or has not learnt.`)

  const chosen = mode === 'faithful' ? mixtures.at(-1) : mixtures.filter((mixture) => mixture.accepted).at(-1)
  const cutoff = manualCutoff ?? (chosen === undefined ? null : cutoffOf(chosen))
  if (manualCutoff === null && chosen?.components === 1) notes.push('One Gaussian describes the variances: no group of noisy units stands apart, so nothing is removed.')
  if (mode === 'faithful' && chosen !== undefined && !chosen.accepted && manualCutoff === null) notes.push(`The mixture of ${chosen.components} was rejected by the likelihood test and is used all the same, as the original does.`)
  const removed = Uint8Array.from(variances, (variance) => (cutoff !== null && variance >= cutoff ? 1 : 0))
  const removedCount = removed.reduce((sum, flag) => sum + flag, 0)
  if (removedCount > SANITY_LIMIT * hiddenUnits) notes.push(`${removedCount} of ${hiddenUnits} units would go, more than ${100 * SANITY_LIMIT} %: look at the histogram before you agree.`)
  return { mode, variances, mixtures, cutoff, manual: manualCutoff !== null, removed, removedCount, notes }
}

/**
 * Sets the weights of the removed units to 0; shapes stay, the units are dead.
 *
 * @param weights - units x inputs; left as they are
 * @param removed - 1 where a unit goes, H
 */
export function pruneWeights(weights: Float32Array, hiddenUnits: number, inputSize: number, removed: Uint8Array): Float32Array {
  const pruned = weights.slice()
  for (let unit = 0; unit < hiddenUnits; unit++) if (removed[unit] === 1) pruned.fill(0, unit * inputSize, (unit + 1) * inputSize)
  return pruned
}
