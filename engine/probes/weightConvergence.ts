import type { ConvergenceVerdict, LocalLearningSpec } from '../../contract/index.js'
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
}

/** A layer with more flat units than this has learnt little but the mean image. */
const FLAT_LIMIT = 0.5

const percent = (fraction: number): string => `${(100 * fraction).toFixed(fraction < 0.1 ? 1 : 0)} %`

/**
 * Judges a layer after training.
 *
 * Norm: the fraction of units with |‖w‖_p - R| > tolerance is below the limit (strictly). Mean: no unit has a mean weight
 * below meanLimit · R (strictly). Flatness, ours: at most half of the units have ln variance below the flat limit; both
 * criteria of the original can pass on a layer of flat columns.
 *
 * @returns numbers and a verdict in words with what to do next
 *
 * Source: the original's convergence checks; docs/SOURCES.md 2.8.
 */
export function convergenceVerdict(options: ConvergenceOptions): ConvergenceVerdict {
  const { hiddenUnits, radius, checks } = options
  const { norms, means, variances } = unitStatistics(options.weights, hiddenUnits, options.inputSize, options.lebesgueNorm)
  const unconvergedUnits = norms.filter((norm) => !(Math.abs(norm - radius) <= checks.normTolerance)).length
  const lowMeanUnits = means.filter((mean) => !(mean >= checks.meanLimit * radius)).length
  const flatUnits = variances.filter((variance) => Math.log(variance) < checks.flatLogVariance).length
  const unconvergedFraction = unconvergedUnits / hiddenUnits
  const flatFraction = flatUnits / hiddenUnits
  const normHolds = unconvergedFraction < checks.unconvergedLimit
  const meanHolds = lowMeanUnits === 0
  const sentences = [
    normHolds
      ? `Converged: ${percent(unconvergedFraction)} of the norms are off R by more than ${checks.normTolerance}, below the limit of ${percent(checks.unconvergedLimit)}.`
      : `Not converged: ${unconvergedUnits} of ${hiddenUnits} norms (${percent(unconvergedFraction)}) are off R by more than ${checks.normTolerance}; the limit is ${percent(checks.unconvergedLimit)}. Train longer, or prune the units that are off.`,
  ]
  if (!meanHolds) sentences.push(`${lowMeanUnits} units have a mean weight below ${checks.meanLimit} R: the wrong attractor. Start again with a larger spread of the first weights or another seed.`)
  if (flatFraction > FLAT_LIMIT) sentences.push(`${percent(flatFraction)} of the units are flat: they show the mean image and no field. Start again with another seed, smaller batches or more units.`)
  return { passed: normHolds && meanHolds && flatFraction <= FLAT_LIMIT, unconvergedFraction, unconvergedUnits, lowMeanUnits, flatFraction, text: sentences.join(' ') }
}
