import { LabError, penaltyMetricNames, type ClassifierSpec, type MetricName } from '../../../contract/index.js'
import type { HostTree } from '../../executor/tree.js'
import type { TrainMeasures } from '../../training/trainStep.js'

/** Sums over the steps of an epoch. */
export interface ClassifierTally {
  steps: number
  images: number
  loss: number
  crossEntropy: number
  correct: number
  gradientNorm: number
  penalties: number[]
}

export const emptyClassifierTally = (penalties: number): ClassifierTally => ({ steps: 0, images: 0, loss: 0, crossEntropy: 0, correct: 0, gradientNorm: 0, penalties: new Array<number>(penalties).fill(0) })

const valueOf = (scalar: { data: ArrayLike<number> } | undefined): number => scalar?.data[0] ?? NaN

/**
 * Adds one step, in place: each tally belongs to one epoch alone.
 *
 * @throws LabError `run.notANumber` with step, rate and the term that was not finite first
 */
export function addClassifierStep(tally: ClassifierTally, measures: HostTree<TrainMeasures>, images: number, spec: ClassifierSpec, at: { epoch: number; step: number; rate: number }): void {
  const penalties = spec.regularisers.map((_, index) => valueOf(measures.penalties[`penalty${index}`]))
  const [loss, crossEntropy, gradientSquare] = [valueOf(measures.loss), valueOf(measures.crossEntropy), valueOf(measures.gradientSquare)]
  const spoilt = penalties.findIndex((value) => !Number.isFinite(value))
  const term = !Number.isFinite(crossEntropy) ? 'the cross entropy' : spoilt >= 0 ? `penalty ${spoilt + 1} (${spec.regularisers[spoilt]?.kind ?? ''})` : !Number.isFinite(loss) ? 'the loss' : !Number.isFinite(gradientSquare) ? 'the gradient' : null
  if (term !== null) {
    const value = spoilt >= 0 && Number.isFinite(crossEntropy) ? penalties[spoilt] : Number.isFinite(crossEntropy) ? loss : crossEntropy
    throw new LabError('run.notANumber', `${term} became ${Number.isNaN(value ?? NaN) ? 'NaN' : 'infinite'} in step ${at.step} of epoch ${at.epoch} at a learning rate of ${at.rate.toPrecision(3)}`, { ...at, term })
  }
  tally.steps += 1
  tally.images += images
  tally.loss += loss
  tally.crossEntropy += crossEntropy
  tally.correct += valueOf(measures.correct)
  tally.gradientNorm += Math.sqrt(gradientSquare)
  penalties.forEach((value, index) => {
    tally.penalties[index] = (tally.penalties[index] ?? 0) + value
  })
}

/** The measures of a finished epoch: means over its batches. */
export function classifierMeasures(tally: ClassifierTally, spec: ClassifierSpec, rate: number): [MetricName, number][] {
  const mean = (sum: number): number => sum / tally.steps
  return [
    ['learningRate', rate], ['loss', mean(tally.loss)], ['crossEntropy', mean(tally.crossEntropy)], ['trainAccuracy', tally.correct / tally.images], ['gradientNorm', mean(tally.gradientNorm)],
    ...spec.regularisers.flatMap(({ strength }, index): [MetricName, number][] => {
      const { term, weighted } = penaltyMetricNames(index)
      const value = mean(tally.penalties[index] ?? NaN)
      return [[term, value], [weighted, strength * value]]
    }),
  ]
}

/** Reads a tally back from a checkpoint; null when it is none. */
export function classifierTallyFrom(value: unknown, penalties: number): ClassifierTally | null {
  if (typeof value !== 'object' || value === null) return null
  const { steps, images, loss, crossEntropy, correct, gradientNorm, penalties: sums } = value as Partial<Record<keyof ClassifierTally, unknown>>
  if (![steps, images, loss, crossEntropy, correct, gradientNorm].every((entry) => typeof entry === 'number') || !Array.isArray(sums) || sums.length !== penalties) return null
  return value as ClassifierTally
}
