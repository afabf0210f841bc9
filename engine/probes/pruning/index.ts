import { LabError, type MixtureFit, type PruningMode, type PruningPlan } from '../../../contract/index.js'
import { unitStatistics } from '../unitStatistics.js'
import { cutoffOf, selectMixture } from './mixtureSelection.js'
import { separatedMixture } from './separatedMixture.js'

export { fitMixture, mixtureLogLikelihood, singleGaussian, type MixtureParameters } from './gaussianMixture.js'
export { cutoffOf, selectMixture, startParameters } from './mixtureSelection.js'
export { hasSeparateTop, separatedMixture } from './separatedMixture.js'

/** ln variance of the units that take part in the fit lies strictly between. */
const FIT_RANGE = [-9, -3] as const
/** A share of removed units above this deserves a second look. */
const SANITY_LIMIT = 0.2

/** Units that go because their norm did not converge: | ‖w‖_p - R | > tolerance. */
export interface NormRule {
  /** p, >= 1. */
  lebesgueNorm: number
  /** R, > 0. */
  radius: number
  /** > 0. */
  tolerance: number
}

export interface PruningOptions {
  /** Units x inputs, H x d. */
  weights: Float32Array
  hiddenUnits: number
  inputSize: number
  mode: PruningMode
  /** A variance chosen by hand, > 0; null lets the mixture decide. */
  manualCutoff: number | null
  /** Also removes units by their norm; null or absent: by the variance alone. */
  offNorm?: NormRule | null
  /** Where mixtures begin, for golden tests; k-means and other starts when absent. */
  start?: Parameters<typeof selectMixture>[1]
}

function rangeNote(logVariances: Float64Array): string {
  const sorted = [...logVariances].filter(Number.isFinite).sort((a, b) => a - b)
  return sorted.length === 0
    ? 'the weights of each unit are all equal'
    : `they lie between ${sorted[0]?.toFixed(1)} and ${sorted.at(-1)?.toFixed(1)}`
}

/** What a person should know of the mixture that decides, in sentences. */
function mixtureNotes(mode: PruningMode, mixtures: readonly MixtureFit[], chosen: MixtureFit | undefined): string[] {
  if (chosen === undefined) return []
  if (mode === 'faithful') {
    if (chosen.accepted)
      return chosen.components === 1 ? ['A single Gaussian describes the variances, so no units are removed.'] : []
    return [
      `The likelihood-ratio test rejected the mixture of ${chosen.components} components. It is used anyway, as in the original program.`,
    ]
  }
  if (chosen.components > 1) return []
  const best = [...mixtures].sort((a, b) => (a.bic ?? 0) - (b.bic ?? 0))[0]
  return [
    best === undefined || best.components === 1
      ? 'A single Gaussian describes the variances best (lowest BIC), so no units are removed.'
      : `${best.components} components describe the variances best (lowest BIC), but they overlap: no group of noisy units is separate from the rest, so no units are removed.`,
  ]
}

/**
 * Decides which units did not converge, by the variance of their weights.
 *
 * A Gaussian mixture on z = ln variance (only -9 < z < -3) separates fields from noise; units with a variance at or above
 * the midpoint of the two largest means are removed. `corrected` uses the mixture of the smallest BIC whose top component is
 * a group of its own, and removes nothing when there is none; `faithful` uses the last mixture tried, as the original does.
 *
 * @returns the plan; nothing is changed. Without any z inside the range nothing can be fitted, and the notes say why
 * @throws LabError `value.range` for a manual cutoff or a tolerance that is not positive, `shape.mismatch`
 *
 * Source: the original's StatisticGardener; docs/SOURCES.md 5.4.
 */
export function planPruning(options: PruningOptions): PruningPlan {
  const { weights, hiddenUnits, inputSize, mode, manualCutoff, offNorm = null } = options
  if (weights.length !== hiddenUnits * inputSize)
    throw new LabError('shape.mismatch', `expected ${hiddenUnits} x ${inputSize} weights, got ${weights.length}`)
  if (manualCutoff !== null && !(manualCutoff > 0))
    throw new LabError('value.range', `expected a cutoff above 0, got ${manualCutoff}`)
  if (offNorm !== null && !(offNorm.tolerance > 0))
    throw new LabError('value.range', `expected a norm tolerance above 0, got ${offNorm.tolerance}`)
  const { variances, norms } = unitStatistics(weights, hiddenUnits, inputSize, offNorm?.lebesgueNorm ?? 2)
  const logVariances = variances.map((variance) => Math.log(variance))
  const fitted = logVariances.filter((value) => value > FIT_RANGE[0] && value < FIT_RANGE[1])
  const select = mode === 'faithful' ? selectMixture : separatedMixture
  const mixtures = fitted.length === 0 ? [] : select(fitted, options.start)
  const notes: string[] = []
  if (fitted.length === 0)
    notes.push(
      `Nothing can be fitted: no unit has an ln variance between ${FIT_RANGE[0]} and ${FIT_RANGE[1]} (${rangeNote(logVariances)}). The layer may not have learned anything.`,
    )

  const chosen = mode === 'faithful' ? mixtures.at(-1) : mixtures.find((mixture) => mixture.accepted)
  const cutoff = manualCutoff ?? (chosen === undefined ? null : cutoffOf(chosen))
  if (manualCutoff === null) notes.push(...mixtureNotes(mode, mixtures, chosen))
  const isOff = (unit: number): boolean =>
    offNorm !== null && !(Math.abs((norms[unit] ?? NaN) - offNorm.radius) <= offNorm.tolerance)
  const byVariance = (variance: number): boolean => cutoff !== null && variance >= cutoff
  const removed = Uint8Array.from(variances, (variance, unit) => (byVariance(variance) || isOff(unit) ? 1 : 0))
  const removedCount = removed.reduce((sum, flag) => sum + flag, 0)
  if (offNorm !== null) {
    const only = variances.filter((variance, unit) => !byVariance(variance) && isOff(unit)).length
    notes.push(
      `${only} of the removed units are below the cutoff, but have a norm more than ${offNorm.tolerance} from R = ${offNorm.radius}.`,
    )
  }
  if (removedCount > SANITY_LIMIT * hiddenUnits)
    notes.push(
      `${removedCount} of ${hiddenUnits} units would be removed, more than ${100 * SANITY_LIMIT} %. Check the histogram before you prune.`,
    )
  return {
    mode,
    variances,
    mixtures,
    cutoff,
    manual: manualCutoff !== null,
    offNorm: offNorm?.tolerance ?? null,
    removed,
    removedCount,
    notes,
  }
}

/**
 * Sets the weights of the removed units to 0. The shape does not change; removed units are dead.
 *
 * @param weights - units x inputs, H x d; not changed
 * @param removed - 1 for every unit to remove, H
 */
export function pruneWeights(
  weights: Float32Array,
  hiddenUnits: number,
  inputSize: number,
  removed: Uint8Array,
): Float32Array {
  const pruned = weights.slice()
  for (let unit = 0; unit < hiddenUnits; unit++)
    if (removed[unit] === 1) pruned.fill(0, unit * inputSize, (unit + 1) * inputSize)
  return pruned
}
