import type { ConvergenceVerdict, LocalLearningSpec } from '../../contract/index.js'
import { planPruning } from './pruning/index.js'
import { unitStatistics } from './unitStatistics.js'

/** What is judged, and by which limits. */
export interface ConvergenceOptions {
  /** Units x inputs, H x d. */
  weights: Float32Array
  hiddenUnits: number
  inputSize: number
  lebesgueNorm: number
  radius: number
  checks: LocalLearningSpec['checks']
  /** 1 for every unit that was removed and is not judged, H; absent: none was. */
  removed?: Uint8Array
}

/** A layer with more flat units than this has learned little but the mean image. */
const FLAT_LIMIT = 0.5

const percent = (fraction: number): string => `${(100 * fraction).toFixed(fraction < 0.1 ? 1 : 0)} %`

/** What pruning with its default settings would do to a layer that did not converge. */
function pruningAdvice({ weights, hiddenUnits, inputSize }: ConvergenceOptions, isOff: readonly boolean[]): string {
  const { removed, removedCount } = planPruning({
    weights,
    hiddenUnits,
    inputSize,
    mode: 'corrected',
    manualCutoff: null,
  })
  if (removedCount === 0) return 'Train longer; pruning by variance finds no separate group of noisy units.'
  const left = isOff.filter((off, unit) => off && removed[unit] !== 1).length
  const share = left / Math.max(1, hiddenUnits - removedCount)
  return `Train longer, or prune the layer: this removes ${removedCount} noisy units and leaves ${left} of ${hiddenUnits - removedCount} (${percent(share)}) unconverged.`
}

/** The rows of the units that were not removed. */
function remainingUnits({ weights, hiddenUnits, inputSize, removed }: ConvergenceOptions): Float32Array {
  if (removed === undefined) return weights
  const kept = Array.from({ length: hiddenUnits }, (_, unit) => unit).filter((unit) => removed[unit] !== 1)
  const rows = new Float32Array(kept.length * inputSize)
  kept.forEach((unit, row) => rows.set(weights.subarray(unit * inputSize, (unit + 1) * inputSize), row * inputSize))
  return rows
}

/**
 * Judges a layer after training, or what remains of it after pruning.
 *
 * Norm: the fraction of units with |‖w‖_p - R| > tolerance is below the limit (strictly). Mean: no unit has a mean weight
 * below meanLimit · R (strictly). Flatness, ours: at most half of the units have ln variance below the flat limit; both
 * criteria of the original can pass on a layer of flat columns.
 *
 * @returns numbers and a verdict in words with what to do next; the fractions are of the units that were not removed
 *
 * Source: the original's convergence checks; docs/SOURCES.md 2.8.
 */
export function convergenceVerdict(options: ConvergenceOptions): ConvergenceVerdict {
  const { inputSize, lebesgueNorm, radius, checks } = options
  const weights = remainingUnits(options)
  const hiddenUnits = weights.length / inputSize
  if (hiddenUnits === 0) {
    const text = 'All units were removed.'
    return { passed: false, unconvergedFraction: 0, unconvergedUnits: 0, lowMeanUnits: 0, flatFraction: 0, text }
  }
  const { norms, means, variances } = unitStatistics(weights, hiddenUnits, inputSize, lebesgueNorm)
  const isOff = Array.from(norms, (norm) => !(Math.abs(norm - radius) <= checks.normTolerance))
  const unconvergedUnits = isOff.filter(Boolean).length
  const lowMeanUnits = means.filter((mean) => !(mean >= checks.meanLimit * radius)).length
  const flatUnits = variances.filter((variance) => Math.log(variance) < checks.flatLogVariance).length
  const unconvergedFraction = unconvergedUnits / hiddenUnits
  const flatFraction = flatUnits / hiddenUnits
  const normHolds = unconvergedFraction < checks.unconvergedLimit
  const meanHolds = lowMeanUnits === 0
  const units = options.removed === undefined ? 'units' : 'remaining units'
  const counted = `${unconvergedUnits} of ${hiddenUnits} ${units} (${percent(unconvergedFraction)}) have norms more than ${checks.normTolerance} from R (limit ${percent(checks.unconvergedLimit)}).`
  const sentences = [normHolds ? `Converged: ${counted}` : `Not converged: ${counted}`]
  if (!normHolds)
    sentences.push(
      options.removed === undefined
        ? pruningAdvice(options, isOff)
        : 'Train longer, or also remove the units whose norm is off R.',
    )
  if (!meanHolds)
    sentences.push(
      `${lowMeanUnits} units have a mean weight below ${checks.meanLimit} R: they are in the wrong attractor. Start again with a larger initial weight σ or another seed.`,
    )
  if (flatFraction > FLAT_LIMIT)
    sentences.push(
      `${percent(flatFraction)} of the units are flat: they show the mean image instead of a receptive field. Start again with another seed, smaller batches or more units.`,
    )
  return {
    passed: normHolds && meanHolds && flatFraction <= FLAT_LIMIT,
    unconvergedFraction,
    unconvergedUnits,
    lowMeanUnits,
    flatFraction,
    text: sentences.join(' '),
  }
}
