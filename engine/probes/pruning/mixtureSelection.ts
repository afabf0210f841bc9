import type { MixtureFit } from '../../../contract/index.js'
import { chiSquare3 } from '../../../contract/statistics/special.js'
import { fitMixture, singleGaussian, type MixtureParameters } from './gaussianMixture.js'
import { kMeans } from './kMeans.js'

/** Means that every mixture starts from, the first c of them. */
const START_MEANS = [-7.1, -8.5, -6.5, -6.0] as const
const SIGNIFICANCE = 0.01
const VARIANCE_FLOOR = 1e-6
const K_MEANS_SEED = 0

/** Weights and variances of a mixture's start from k-means; the clusters' order is arbitrary and not matched to the means. */
export function startParameters(values: Float64Array, components: number): MixtureParameters {
  const labels = kMeans(values, components, K_MEANS_SEED)
  const groups = Array.from({ length: components }, (_, group) =>
    values.filter((_value, index) => labels[index] === group),
  )
  return {
    weights: groups.map((group) => group.length / values.length),
    means: START_MEANS.slice(0, components),
    variances: groups.map((group) => {
      const mean = group.reduce((sum, value) => sum + value, 0) / group.length
      return group.reduce((sum, value) => sum + (value - mean) ** 2, 0) / group.length + VARIANCE_FLOOR
    }),
  }
}

/**
 * Tries one to four Gaussian components on ln variance and tests each against the one before.
 *
 * Λ = -2 (LL_(c-1) - LL_c), p = 1 - χ²_3(Λ); p < 0.01 accepts c and goes on, otherwise the search ends.
 *
 * @param values - z = ln variance of the units inside the fitting range, at least one
 * @param start - where each mixture begins; by default from k-means
 * @returns every mixture tried, in order; the last may be rejected
 *
 * Source: docs/SOURCES.md 5.4.
 */
export function selectMixture(
  values: Float64Array,
  start: (values: Float64Array, components: number) => MixtureParameters = startParameters,
): MixtureFit[] {
  const single = singleGaussian(values)
  const fits: MixtureFit[] = [
    {
      components: 1,
      weights: single.weights,
      means: single.means,
      variances: single.variances,
      logLikelihood: single.logLikelihood,
      pValue: null,
      bic: null,
      accepted: true,
    },
  ]
  for (let components = 2; components <= START_MEANS.length && components <= values.length; components++) {
    const fitted = fitMixture(values, start(values, components))
    const before = fits[fits.length - 1]?.logLikelihood ?? NaN
    const pValue = 1 - chiSquare3(-2 * (before - fitted.logLikelihood))
    const accepted = pValue < SIGNIFICANCE
    fits.push({
      components,
      weights: fitted.weights,
      means: fitted.means,
      variances: fitted.variances,
      logLikelihood: fitted.logLikelihood,
      pValue,
      bic: null,
      accepted,
    })
    if (!accepted) break
  }
  return fits
}

/**
 * The variance at which the noise begins: with the two largest means, exp(m_top - |m_top - m_next| / 2).
 *
 * @returns null for a single component
 */
export function cutoffOf(mixture: Pick<MixtureFit, 'means'>): number | null {
  const [top, next] = [...mixture.means].sort((a, b) => b - a)
  return top === undefined || next === undefined ? null : Math.exp(top - Math.abs(top - next) / 2)
}
