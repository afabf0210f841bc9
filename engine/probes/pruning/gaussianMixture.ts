/** Parameters of a one-dimensional Gaussian mixture; entries belong together. */
export interface MixtureParameters {
  weights: number[]
  means: number[]
  variances: number[]
}

/** A fitted mixture with its total log-likelihood. */
export interface FittedMixture extends MixtureParameters {
  logLikelihood: number
  iterations: number
}

const VARIANCE_FLOOR = 1e-6
const TOLERANCE = 1e-3
const LARGEST_ITERATIONS = 2000
/** Added to every component's share of the data, as the original's library does; a starved component then gets mean 0. */
const SHARE_FLOOR = 10 * Number.EPSILON

function logDensities(value: number, { weights, means, variances }: MixtureParameters): number[] {
  return weights.map((weight, index) => {
    const variance = variances[index] ?? NaN
    return Math.log(weight) - 0.5 * (Math.log(2 * Math.PI * variance) + (value - (means[index] ?? NaN)) ** 2 / variance)
  })
}

function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest === -Infinity ? -Infinity : largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

/** The M step: shares, means and second moments of the responsibilities. */
function maximise(values: Float64Array, responsibilities: readonly Float64Array[]): MixtureParameters {
  const shares = responsibilities.map((column) => column.reduce((sum, value) => sum + value, 0) + SHARE_FLOOR)
  const means = responsibilities.map((column, index) => column.reduce((sum, value, row) => sum + value * (values[row] ?? 0), 0) / (shares[index] ?? NaN))
  const variances = responsibilities.map((column, index) => {
    const second = column.reduce((sum, value, row) => sum + value * (values[row] ?? 0) ** 2, 0) / (shares[index] ?? NaN)
    return second - (means[index] ?? NaN) ** 2 + VARIANCE_FLOOR
  })
  const total = shares.reduce((sum, share) => sum + share, 0)
  return { weights: shares.map((share) => share / total), means, variances }
}

/**
 * Fits a Gaussian mixture by expectation maximisation from given parameters.
 *
 * Stops when the mean log-likelihood changes by less than 1e-3, after at most 2000 iterations. A component that no value
 * belongs to ends with weight 0 and mean exactly 0, as in the original's library.
 *
 * @param values - the data
 * @param start - weights, means and variances to begin with
 *
 * Source: docs/SOURCES.md 5.4.
 */
export function fitMixture(values: Float64Array, start: MixtureParameters): FittedMixture {
  let parameters = start
  let lastMean = -Infinity
  let iterations = 0
  for (let round = 1; round <= LARGEST_ITERATIONS; round++) {
    const responsibilities = parameters.weights.map(() => new Float64Array(values.length))
    let total = 0
    values.forEach((value, row) => {
      const densities = logDensities(value, parameters)
      const sum = logSumExp(densities)
      total += sum
      densities.forEach((density, index) => { (responsibilities[index] as Float64Array)[row] = Math.exp(density - sum) })
    })
    parameters = maximise(values, responsibilities)
    iterations = round
    const mean = total / values.length
    if (Math.abs(mean - lastMean) < TOLERANCE) break
    lastMean = mean
  }
  return { ...parameters, iterations, logLikelihood: mixtureLogLikelihood(values, parameters) }
}

/** Σ ln p(z) of the data under a mixture. */
export function mixtureLogLikelihood(values: Float64Array, parameters: MixtureParameters): number {
  return values.reduce((sum, value) => sum + logSumExp(logDensities(value, parameters)), 0)
}

/** The single Gaussian of greatest likelihood: sample mean and biased variance. */
export function singleGaussian(values: Float64Array): FittedMixture {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const parameters = { weights: [1], means: [mean], variances: [variance] }
  return { ...parameters, iterations: 0, logLikelihood: mixtureLogLikelihood(values, parameters) }
}
