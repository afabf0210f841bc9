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

/** When expectation maximisation stops, and how narrow a component may become. */
export interface MixtureLimits {
  /** Largest change of the mean log-likelihood per value at the end. */
  tolerance: number
  /** Added to every component's variance, so that none collapses onto a single value. */
  varianceFloor: number
  largestIterations: number
}

/** The limits of the original. */
export const PUBLISHED_LIMITS: MixtureLimits = { tolerance: 1e-3, varianceFloor: 1e-6, largestIterations: 2000 }
/** Added to every component's share of the data, as the original's library does; a starved component then gets mean 0. */
const SHARE_FLOOR = 10 * Number.EPSILON

/** ln of a component's weight and peak, and the factor of the squared distance: ln density = peak - steepness (z - mean)². */
function peaksOf({ weights, variances }: MixtureParameters): { peak: number; steepness: number }[] {
  return weights.map((weight, index) => {
    const variance = variances[index] ?? NaN
    return { peak: Math.log(weight) - 0.5 * Math.log(2 * Math.PI * variance), steepness: 0.5 / variance }
  })
}

/**
 * The E step: the share of every component in every value.
 *
 * @param shares - written: one column of n shares per component; null computes the sum only
 * @returns Σ ln p(z)
 */
function expect(values: Float64Array, parameters: MixtureParameters, shares: readonly Float64Array[] | null): number {
  const peaks = peaksOf(parameters)
  const logs = new Float64Array(peaks.length)
  let total = 0
  for (let row = 0; row < values.length; row++) {
    let largest = -Infinity
    for (let index = 0; index < peaks.length; index++) {
      const { peak, steepness } = peaks[index] as { peak: number; steepness: number }
      const distance = (values[row] as number) - (parameters.means[index] ?? NaN)
      const density = peak - steepness * distance * distance
      logs[index] = density
      if (!(density <= largest)) largest = density
    }
    let sum = 0
    for (let index = 0; index < peaks.length; index++) sum += Math.exp((logs[index] as number) - largest)
    const logSum = largest === -Infinity ? -Infinity : largest + Math.log(sum)
    total += logSum
    if (shares !== null)
      shares.forEach((column, index) => {
        column[row] = Math.exp((logs[index] as number) - logSum)
      })
  }
  return total
}

/** The M step: shares, means and second moments of the responsibilities. */
function maximise(
  values: Float64Array,
  responsibilities: readonly Float64Array[],
  varianceFloor: number,
): MixtureParameters {
  const sums = responsibilities.map((column) => {
    let [share, first, second] = [SHARE_FLOOR, 0, 0]
    for (let row = 0; row < values.length; row++) {
      const weighted = (column[row] as number) * (values[row] as number)
      share += column[row] as number
      first += weighted
      second += weighted * (values[row] as number)
    }
    return { share, mean: first / share, variance: second / share - (first / share) ** 2 + varianceFloor }
  })
  const total = sums.reduce((sum, { share }) => sum + share, 0)
  return {
    weights: sums.map(({ share }) => share / total),
    means: sums.map(({ mean }) => mean),
    variances: sums.map(({ variance }) => variance),
  }
}

/**
 * Fits a Gaussian mixture by expectation maximisation from given parameters.
 *
 * Stops when the mean log-likelihood changes by less than the tolerance. A component that no value belongs to ends with
 * weight 0 and mean exactly 0, as in the original's library.
 *
 * @param values - the data
 * @param start - weights, means and variances to begin with
 * @param limits - when to stop; by default as the original does
 *
 * Source: docs/SOURCES.md 5.4.
 */
export function fitMixture(
  values: Float64Array,
  start: MixtureParameters,
  limits: MixtureLimits = PUBLISHED_LIMITS,
): FittedMixture {
  let parameters = start
  let lastMean = -Infinity
  let iterations = 0
  const shares = parameters.weights.map(() => new Float64Array(values.length))
  for (let round = 1; round <= limits.largestIterations; round++) {
    const mean = expect(values, parameters, shares) / values.length
    parameters = maximise(values, shares, limits.varianceFloor)
    iterations = round
    if (Math.abs(mean - lastMean) < limits.tolerance) break
    lastMean = mean
  }
  return { ...parameters, iterations, logLikelihood: mixtureLogLikelihood(values, parameters) }
}

/** p(z) under a mixture. */
export function mixtureDensity(value: number, parameters: MixtureParameters): number {
  return Math.exp(expect(Float64Array.of(value), parameters, null))
}

/** Σ ln p(z) of the data under a mixture. */
export function mixtureLogLikelihood(values: Float64Array, parameters: MixtureParameters): number {
  return expect(values, parameters, null)
}

/** The single Gaussian of greatest likelihood: sample mean and biased variance. */
export function singleGaussian(values: Float64Array): FittedMixture {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const parameters = { weights: [1], means: [mean], variances: [variance] }
  return { ...parameters, iterations: 0, logLikelihood: mixtureLogLikelihood(values, parameters) }
}
