import { LabError } from './errors.js'

/** Numbers of the penalties of a loss, in the order of the spec (MOST_REGULARISERS of them). */
const PENALTY_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8] as const
type PenaltyNumber = (typeof PENALTY_NUMBERS)[number]
interface PenaltyMetric {
  label: string
  symbol: string
  unit: string
  help: string
  per: 'epoch'
}

const penaltyMetrics = Object.fromEntries(
  PENALTY_NUMBERS.flatMap((number) => [
    [
      `penalty${number}`,
      {
        label: `Penalty ${number}`,
        symbol: '',
        unit: '',
        help: 'Unweighted penalty, averaged over the batches of the epoch.',
        per: 'epoch',
      },
    ],
    [
      `testPenalty${number}`,
      {
        label: `Penalty ${number}, test`,
        symbol: '',
        unit: '',
        help: 'Unweighted penalty on the test images after the epoch, averaged over batches.',
        per: 'epoch',
      },
    ],
    [
      `weightedPenalty${number}`,
      {
        label: `Penalty ${number}, weighted`,
        symbol: '',
        unit: '',
        help: 'Strength times the penalty: its contribution to the loss.',
        per: 'epoch',
      },
    ],
  ]),
) as Record<
  `penalty${PenaltyNumber}` | `testPenalty${PenaltyNumber}` | `weightedPenalty${PenaltyNumber}`,
  PenaltyMetric
>

/** Every scalar that a run records, with what charts and tables need to label it. */
export const METRICS = {
  learningRate: {
    label: 'Learning rate',
    symbol: '',
    unit: '',
    help: 'Learning rate of the epoch: the largest weight change in a step of a layer, or Adam’s step size.',
    per: 'epoch',
  },
  meanWeightChange: {
    label: 'Mean weight change',
    symbol: '⟨|Δw|⟩',
    unit: '',
    help: 'Mean absolute change of a weight over the epoch.',
    per: 'epoch',
  },
  largestWeightChange: {
    label: 'Largest weight change',
    symbol: 'max |Δw|',
    unit: '',
    help: 'Largest absolute change of a weight over the epoch.',
    per: 'epoch',
  },
  winningOverlap: {
    label: 'Winning overlap',
    symbol: '⟨h_max⟩',
    unit: '',
    help: 'Mean overlap of the winning unit with its image.',
    per: 'epoch',
  },
  convergedFraction: {
    label: 'Converged units',
    symbol: '',
    unit: '',
    help: 'Fraction of units whose norm is within the tolerance of R.',
    per: 'epoch',
  },
  neverWonFraction: {
    label: 'Units that never won',
    symbol: '',
    unit: '',
    help: 'Fraction of units that won no image in the epoch.',
    per: 'epoch',
  },
  normQuantile05: {
    label: 'Distance to R, 5 %',
    symbol: '|‖w‖−R|',
    unit: '',
    help: 'Quantile over the units.',
    per: 'epoch',
  },
  normQuantile25: {
    label: 'Distance to R, 25 %',
    symbol: '|‖w‖−R|',
    unit: '',
    help: 'Quantile over the units.',
    per: 'epoch',
  },
  normQuantile50: {
    label: 'Distance to R, median',
    symbol: '|‖w‖−R|',
    unit: '',
    help: 'Quantile over the units.',
    per: 'epoch',
  },
  normQuantile75: {
    label: 'Distance to R, 75 %',
    symbol: '|‖w‖−R|',
    unit: '',
    help: 'Quantile over the units.',
    per: 'epoch',
  },
  normQuantile95: {
    label: 'Distance to R, 95 %',
    symbol: '|‖w‖−R|',
    unit: '',
    help: 'Quantile over the units.',
    per: 'epoch',
  },
  samplesPerSecond: {
    label: 'Speed',
    symbol: '',
    unit: 'images/s',
    help: 'Training images per second, not counting measurements.',
    per: 'epoch',
  },
  secondsLeft: {
    label: 'Time left',
    symbol: '',
    unit: 's',
    help: 'Estimated from the most recent epochs.',
    per: 'epoch',
  },
  spectrumSlope: {
    label: 'Exponent',
    symbol: 'α',
    unit: '',
    help: 'Slope of ln λ against ln n within the fit window.',
    per: 'spectrum',
  },
  spectrumStandardError: {
    label: 'Standard error of α',
    symbol: '',
    unit: '',
    help: 'Standard error of the regression slope.',
    per: 'spectrum',
  },
  spectrumRSquared: {
    label: 'r²',
    symbol: 'r²',
    unit: '',
    help: 'Coefficient of determination of the regression.',
    per: 'spectrum',
  },
  loss: {
    label: 'Loss',
    symbol: 'L',
    unit: '',
    help: 'Cross entropy plus weighted penalties, averaged over the batches of the epoch.',
    per: 'epoch',
  },
  crossEntropy: {
    label: 'Cross entropy',
    symbol: 'CE',
    unit: 'nat',
    help: 'Averaged over the training batches of the epoch, while the weights change.',
    per: 'epoch',
  },
  trainAccuracy: {
    label: 'Training accuracy',
    symbol: '',
    unit: '',
    help: 'Fraction of training images classified correctly when they were used in the epoch.',
    per: 'epoch',
  },
  testAccuracy: {
    label: 'Test accuracy',
    symbol: '',
    unit: '',
    help: 'Fraction of test images classified correctly after the epoch.',
    per: 'epoch',
  },
  testCrossEntropy: {
    label: 'Test cross entropy',
    symbol: 'CE',
    unit: 'nat',
    help: 'Averaged over the test images after the epoch.',
    per: 'epoch',
  },
  gradientNorm: {
    label: 'Gradient norm',
    symbol: '‖∇L‖',
    unit: '',
    help: 'Euclidean norm over all trained parameters, averaged over the batches of the epoch.',
    per: 'epoch',
  },
  ...penaltyMetrics,
} as const satisfies Record<
  string,
  { label: string; symbol: string; unit: string; help: string; per: 'epoch' | 'spectrum' }
>
export type MetricName = keyof typeof METRICS

/** The metric names of penalty number `index` of the spec's list, counted from 0. */
export function penaltyMetricNames(index: number): { term: MetricName; weighted: MetricName; test: MetricName } {
  const number = PENALTY_NUMBERS[index]
  if (number === undefined)
    throw new LabError('value.range', `expected a penalty index from 0 to ${PENALTY_NUMBERS.length - 1}, got ${index}`)
  return { term: `penalty${number}`, weighted: `weightedPenalty${number}`, test: `testPenalty${number}` }
}

/** One measured number: one line of `metrics.jsonl`. `wall` is milliseconds since 1970. */
export interface MetricRecord {
  epoch: number
  step: number
  name: MetricName
  value: number
  wall: number
}

/** Every array that a run records, one `.npy` an epoch. H units, d inputs. */
export const ARRAYS = {
  weights: { label: 'Receptive fields', help: 'Weights, units x inputs (H x d), float32.' },
  norms: { label: 'Norms', help: 'Lp norm of every unit, float32 H.' },
  wins: { label: 'Wins', help: 'Number of wins of every unit in the epoch, int32 H.' },
  spectrum: { label: 'Covariance spectrum', help: 'Eigenvalues of the hidden layer, descending, float64 H.' },
  confusion: {
    label: 'Confusion matrix',
    help: 'Test images by true class (row) and predicted class (column), int32 C x C.',
  },
  mistakes: {
    label: 'Worst mistakes',
    help: 'Most confident misclassifications of the test set, float32 K x 4: image, true class, predicted class and its probability.',
  },
} as const satisfies Record<string, { label: string; help: string }>
export type ArrayName = keyof typeof ARRAYS

export type NumericArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** A stored or streamed array with its place in the run. */
export interface ArrayRecord {
  name: ArrayName
  epoch: number
  shape: readonly number[]
  data: NumericArray
}

/** Metrics of a run as columns, ready for a chart: entry i of each column belongs together. */
export interface MetricColumns {
  epoch: Float64Array
  step: Float64Array
  value: Float64Array
}
