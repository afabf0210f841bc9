import type { MixtureFit } from '../../../contract/index.js'
import { randomStream } from '../../random/index.js'
import {
  fitMixture,
  mixtureDensity,
  singleGaussian,
  type FittedMixture,
  type MixtureParameters,
} from './gaussianMixture.js'
import { kMeans } from './kMeans.js'
import { startParameters } from './mixtureSelection.js'

const MOST_COMPONENTS = 4
/** Starts beside those of k-means and of the publication: random centres drawn from the values. */
const RANDOM_STARTS = 6
const SEED = 0
/** A component narrower than this share of the values' variance describes ties, not a group. */
const NARROWEST = 1e-3
const ROUGH = { tolerance: 1e-4, largestIterations: 200 }
const EXACT = { tolerance: 1e-8, largestIterations: 2000 }
/** A difference of BIC from here on is "very strong" evidence (R. E. Kass, A. E. Raftery, JASA 90, 1995). */
const VERY_STRONG = 10
/** Fewer values than this per component cannot show a group. */
const VALUES_PER_COMPONENT = 10
/** Points at which a density is read between two means. */
const READINGS = 200
/** A valley is at most this share of the lower of the two peaks beside it. */
const VALLEY = 0.7

type Start = (values: Float64Array, components: number) => MixtureParameters

/** Weights, means and variances of the groups of given centres, each value in the group of its nearest centre. */
function groupsOf(
  values: Float64Array,
  labels: ArrayLike<number>,
  components: number,
  floor: number,
): MixtureParameters {
  const groups = Array.from({ length: components }, (_, group) =>
    values.filter((_value, index) => labels[index] === group),
  )
  const means = groups.map((group) => group.reduce((sum, value) => sum + value, 0) / Math.max(1, group.length))
  return {
    weights: groups.map((group) => Math.max(group.length, 1) / values.length),
    means,
    variances: groups.map(
      (group, index) =>
        group.reduce((sum, value) => sum + (value - (means[index] ?? 0)) ** 2, 0) / Math.max(1, group.length) + floor,
    ),
  }
}

function nearestCentre(value: number, centres: readonly number[]): number {
  return centres.reduce(
    (best, centre, index) => (Math.abs(value - centre) < Math.abs(value - (centres[best] ?? 0)) ? index : best),
    0,
  )
}

function startsOf(values: Float64Array, components: number, floor: number): MixtureParameters[] {
  const sorted = values.slice().sort()
  const random = Array.from({ length: RANDOM_STARTS }, (_, place) => {
    const stream = randomStream(SEED, 'mixture starts', components, place)
    const centres = Array.from({ length: components }, () => sorted[stream.below(sorted.length)] ?? 0)
    return groupsOf(
      values,
      Array.from(values, (value) => nearestCentre(value, centres)),
      components,
      floor,
    )
  })
  return [
    groupsOf(values, kMeans(values, components, SEED), components, floor),
    startParameters(values, components),
    ...random,
  ]
}

/** The likeliest mixture of several starts: each roughly, then the best of them exactly. */
function bestFit(
  values: Float64Array,
  starts: readonly MixtureParameters[],
  varianceFloor: number,
): FittedMixture | null {
  const rough = starts
    .map((start) => fitMixture(values, start, { ...ROUGH, varianceFloor }))
    .filter(({ logLikelihood, weights }) => Number.isFinite(logLikelihood) && weights.every((weight) => weight > 0))
    .sort((a, b) => b.logLikelihood - a.logLikelihood)
  const [best] = rough
  return best === undefined ? null : fitMixture(values, best, { ...EXACT, varianceFloor })
}

/**
 * Whether the component of the largest mean is a group of its own: the density of the mixture has a valley between this
 * mean and the next lower one.
 *
 * @param mixture - at least two components; a single one is no group of its own
 */
export function hasSeparateTop(mixture: MixtureParameters): boolean {
  const [top, next] = [...mixture.means].sort((a, b) => b - a)
  if (top === undefined || next === undefined) return false
  const readings = Array.from({ length: READINGS + 1 }, (_, index) =>
    mixtureDensity(next + ((top - next) * index) / READINGS, mixture),
  )
  const lowest = readings.indexOf(Math.min(...readings))
  const peak = (from: number, to: number): number => Math.max(...readings.slice(from, to))
  if (lowest === 0 || lowest === READINGS) return false
  return (readings[lowest] ?? 0) <= VALLEY * Math.min(peak(0, lowest), peak(lowest + 1, READINGS + 1))
}

/** BIC = (3c - 1) ln n - 2 ln L of a mixture of c components over n values; smaller is better. */
export const bayesianCriterion = (logLikelihood: number, components: number, count: number): number =>
  (3 * components - 1) * Math.log(count) - 2 * logLikelihood

/**
 * Fits one to four Gaussian components, each from several starts, and chooses the one that separates a noisy group.
 *
 * Every number of components is fitted, whatever the one before it gave, to a change of 1e-8 of the mean log-likelihood.
 * A mixture is eligible when its BIC is at least 10 below that of a single Gaussian and at most 10 above the smallest, and its
 * top component is separated from the others by a valley of the density. The eligible mixture of the smallest BIC is accepted; without one the single
 * Gaussian is, and nothing is removed.
 *
 * @param values - z = ln variance of the units inside the fitting range, at least one
 * @param start - where each mixture begins; by default from k-means, the published start and six random ones
 * @returns every mixture in the order of components; exactly one is accepted
 *
 * Source: G. Schwarz, Annals of Statistics 6 (1978), for BIC; the likelihood test of docs/SOURCES.md 5.4 stops at the first
 * number of components that does not help, which misses groups that only three components describe.
 */
export function separatedMixture(values: Float64Array, start?: Start): MixtureFit[] {
  const single = singleGaussian(values)
  const floor = Math.max(1e-6, NARROWEST * (single.variances[0] ?? 0))
  const fitted: FittedMixture[] = [single]
  for (
    let components = 2;
    components <= MOST_COMPONENTS && components * VALUES_PER_COMPONENT <= values.length;
    components++
  ) {
    const best = bestFit(
      values,
      start === undefined ? startsOf(values, components, floor) : [start(values, components)],
      floor,
    )
    if (best !== null) fitted.push(best)
  }
  const scored = fitted.map((fit) => ({
    fit,
    bic: bayesianCriterion(fit.logLikelihood, fit.weights.length, values.length),
  }))
  const limit = Math.min((scored[0]?.bic ?? NaN) - VERY_STRONG, Math.min(...scored.map(({ bic }) => bic)) + VERY_STRONG)
  const [chosen = scored[0]] = scored
    .filter(({ fit, bic }) => bic <= limit && hasSeparateTop(fit))
    .sort((a, b) => a.bic - b.bic)
  return scored.map((entry) => ({
    components: entry.fit.weights.length,
    weights: entry.fit.weights,
    means: entry.fit.means,
    variances: entry.fit.variances,
    logLikelihood: entry.fit.logLikelihood,
    pValue: null,
    bic: entry.bic,
    accepted: entry === chosen,
  }))
}
