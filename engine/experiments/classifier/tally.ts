import { LabError, penaltyMetricNames, type ClassifierSpec, type MetricName } from '../../../contract/index.js'
import type { HostTree } from '../../executor/tree.js'
import type { TrainMeasures } from '../../training/trainStep.js'

/** Sums over the steps of an epoch; those of loss, cross entropy and penalties are weighted by the images of each step. */
export interface ClassifierTally {
  /** Tallies of older programs, whose sums are not weighted, have none. */
  weighting: 'images'
  steps: number
  images: number
  loss: number
  crossEntropy: number
  correct: number
  gradientNorm: number
  penalties: number[]
}

export const emptyClassifierTally = (penalties: number): ClassifierTally => ({
  weighting: 'images',
  steps: 0,
  images: 0,
  loss: 0,
  crossEntropy: 0,
  correct: 0,
  gradientNorm: 0,
  penalties: new Array<number>(penalties).fill(0),
})

const valueOf = (scalar: { data: ArrayLike<number> } | undefined): number => scalar?.data[0] ?? NaN

/**
 * Adds one step, in place: each tally belongs to one epoch alone.
 *
 * @throws LabError `run.notANumber` with step, rate and the term that was not finite first
 */
export function addClassifierStep(
  tally: ClassifierTally,
  measures: HostTree<TrainMeasures>,
  images: number,
  spec: ClassifierSpec,
  at: { epoch: number; step: number; rate: number },
): void {
  const penalties = spec.regularisers.map((_, index) => valueOf(measures.penalties[`penalty${index}`]))
  const [loss, crossEntropy, gradientSquare] = [
    valueOf(measures.loss),
    valueOf(measures.crossEntropy),
    valueOf(measures.gradientSquare),
  ]
  const measured: [term: string, value: number][] = [
    ['the cross entropy', crossEntropy],
    ...penalties.map((value, index): [string, number] => [
      `penalty ${index + 1} (${spec.regularisers[index]?.kind ?? ''})`,
      value,
    ]),
    ['the loss', loss],
    ['the gradient', gradientSquare],
  ]
  const nonFinite = measured.find(([, value]) => !Number.isFinite(value))
  if (nonFinite !== undefined) {
    const [term, value] = nonFinite
    throw new LabError(
      'run.notANumber',
      `${term} became ${Number.isNaN(value) ? 'NaN' : 'infinite'} in step ${at.step} of epoch ${at.epoch} at a learning rate of ${at.rate.toPrecision(3)}`,
      { ...at, term },
    )
  }
  tally.steps += 1
  tally.images += images
  tally.loss += images * loss
  tally.crossEntropy += images * crossEntropy
  tally.correct += valueOf(measures.correct)
  tally.gradientNorm += Math.sqrt(gradientSquare)
  penalties.forEach((value, index) => {
    tally.penalties[index] = (tally.penalties[index] ?? 0) + images * value
  })
}

/** The measures of a finished epoch: means over its images, as accuracies are; the gradient's length is a mean over its steps. */
export function classifierMeasures(tally: ClassifierTally, spec: ClassifierSpec, rate: number): [MetricName, number][] {
  const mean = (sum: number): number => sum / tally.images
  return [
    ['learningRate', rate],
    ['loss', mean(tally.loss)],
    ['crossEntropy', mean(tally.crossEntropy)],
    ['trainAccuracy', tally.correct / tally.images],
    ['gradientNorm', tally.gradientNorm / tally.steps],
    ...spec.regularisers.flatMap(({ strength }, index): [MetricName, number][] => {
      const { term, weighted } = penaltyMetricNames(index)
      const value = mean(tally.penalties[index] ?? NaN)
      return [
        [term, value],
        [weighted, strength * value],
      ]
    }),
  ]
}

/** Reads a tally back from a checkpoint; null when it is none. */
export function classifierTallyFrom(value: unknown, penalties: number): ClassifierTally | null {
  if (typeof value !== 'object' || value === null) return null
  const {
    weighting,
    steps,
    images,
    loss,
    crossEntropy,
    correct,
    gradientNorm,
    penalties: sums,
  } = value as Partial<Record<keyof ClassifierTally, unknown>>
  if (
    ![steps, images, loss, crossEntropy, correct, gradientNorm].every((entry) => typeof entry === 'number') ||
    !Array.isArray(sums) ||
    sums.length !== penalties
  )
    return null
  const tally = value as ClassifierTally
  if (weighting === 'images') return tally
  // Before the end of an epoch all steps have as many images, so that unweighted sums become weighted ones by their number.
  const factor = tally.steps === 0 ? 0 : tally.images / tally.steps
  return {
    ...tally,
    weighting: 'images',
    loss: factor * tally.loss,
    crossEntropy: factor * tally.crossEntropy,
    penalties: tally.penalties.map((sum) => factor * sum),
  }
}
