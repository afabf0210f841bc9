/** Every scalar that a run records, with what charts and tables need to label it. */
export const METRICS = {
  learningRate: { label: 'Learning rate', symbol: '1/τ', unit: '', help: 'Largest weight change allowed in a step.', per: 'epoch' },
  meanWeightChange: { label: 'Mean weight change', symbol: '⟨|Δw|⟩', unit: '', help: 'Mean absolute change of a weight over the epoch.', per: 'epoch' },
  largestWeightChange: { label: 'Largest weight change', symbol: 'max |Δw|', unit: '', help: 'Largest absolute change of a weight over the epoch.', per: 'epoch' },
  winningOverlap: { label: 'Winning overlap', symbol: '⟨h_max⟩', unit: '', help: 'Mean overlap of the winning unit with its image.', per: 'epoch' },
  convergedFraction: { label: 'Converged units', symbol: '', unit: '', help: 'Fraction of units whose norm is within the tolerance of R.', per: 'epoch' },
  neverWonFraction: { label: 'Units that never won', symbol: '', unit: '', help: 'Fraction of units without a win in the epoch.', per: 'epoch' },
  normQuantile05: { label: 'Distance to R, 5 %', symbol: '|‖w‖−R|', unit: '', help: 'Quantile over units.', per: 'epoch' },
  normQuantile25: { label: 'Distance to R, 25 %', symbol: '|‖w‖−R|', unit: '', help: 'Quantile over units.', per: 'epoch' },
  normQuantile50: { label: 'Distance to R, median', symbol: '|‖w‖−R|', unit: '', help: 'Quantile over units.', per: 'epoch' },
  normQuantile75: { label: 'Distance to R, 75 %', symbol: '|‖w‖−R|', unit: '', help: 'Quantile over units.', per: 'epoch' },
  normQuantile95: { label: 'Distance to R, 95 %', symbol: '|‖w‖−R|', unit: '', help: 'Quantile over units.', per: 'epoch' },
  samplesPerSecond: { label: 'Speed', symbol: '', unit: 'images/s', help: 'Images learnt per second, probes not counted.', per: 'epoch' },
  secondsLeft: { label: 'Time left', symbol: '', unit: 's', help: 'Estimated from the last epochs.', per: 'epoch' },
  spectrumSlope: { label: 'Exponent', symbol: 'α', unit: '', help: 'Slope of ln λ on ln n inside the window.', per: 'spectrum' },
  spectrumStandardError: { label: 'Standard error of α', symbol: '', unit: '', help: 'Of the regression.', per: 'spectrum' },
  spectrumRSquared: { label: 'r²', symbol: 'r²', unit: '', help: 'Of the regression.', per: 'spectrum' },
} as const satisfies Record<string, { label: string; symbol: string; unit: string; help: string; per: 'epoch' | 'spectrum' }>
export type MetricName = keyof typeof METRICS

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
  wins: { label: 'Wins', help: 'How often every unit won in the epoch, int32 H.' },
  spectrum: { label: 'Covariance spectrum', help: 'Eigenvalues of the hidden layer, descending, float64 H.' },
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
