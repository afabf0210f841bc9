import type { LocalLearningSpec, MetricName } from '../../contract/index.js'
import { quantileOfSorted } from '../linalg/statistics.js'
import { unitStatistics } from '../probes/unitStatistics.js'
import type { EpochTally } from './epochTally.js'

const QUANTILES = [
  ['normQuantile05', 0.05],
  ['normQuantile25', 0.25],
  ['normQuantile50', 0.5],
  ['normQuantile75', 0.75],
  ['normQuantile95', 0.95],
] as const

/** The measures of an epoch with the norms that they come from. */
export interface EpochMeasures {
  values: [MetricName, number][]
  norms: Float32Array
}

/**
 * What an epoch's curves show, from its tally and the weights at its end.
 *
 * @param weights - units x inputs
 * @param rate - learning rate of the epoch; an epoch of rate 0 has no winners, and none are shown
 */
export function epochMeasures(
  spec: LocalLearningSpec,
  weights: Float32Array,
  inputSize: number,
  tally: EpochTally,
  rate: number,
): EpochMeasures {
  const { hiddenUnits, lebesgueNorm, radius } = spec.layer
  const { norms } = unitStatistics(weights, hiddenUnits, inputSize, lebesgueNorm)
  const distances = Float64Array.from(norms, (norm) => Math.abs(norm - radius)).sort()
  const converged = distances.filter((distance) => distance <= spec.checks.normTolerance).length
  const steps = Math.max(1, tally.steps)
  const values: [MetricName, number][] = [
    ['learningRate', rate],
    ['meanWeightChange', tally.absoluteChangeSum / (weights.length * steps)],
    ['largestWeightChange', tally.largestChange],
    ['convergedFraction', converged / hiddenUnits],
    ...QUANTILES.map(([name, fraction]): [MetricName, number] => [name, quantileOfSorted(distances, fraction)]),
  ]
  if (tally.images > 0) {
    values.push(
      ['winningOverlap', tally.winningOverlapSum / tally.images],
      ['neverWonFraction', tally.wins.filter((wins) => wins === 0).length / hiddenUnits],
    )
  }
  return { values, norms }
}
