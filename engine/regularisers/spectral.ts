import type { RegulariserSpec } from '../../contract/index.js'
import { LabError } from '../../contract/index.js'
import { symmetricEigen } from '../linalg/symmetricEigen.js'
import { createCovarianceSum } from '../probes/covariance.js'
import {
  add,
  cast,
  customGrad,
  div,
  equal,
  expandDims,
  greater,
  matMul,
  max,
  maximum,
  mean,
  mul,
  neg,
  pow,
  range,
  relu,
  square,
  sub,
  sum,
  zerosLike,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '../tf.js'
import type { EpochView, HostInputs, RegulariserCode } from './regulariser.js'

type SpectralSpec = Extract<RegulariserSpec, { kind: 'spectral' }>

/** The original's fixed shift of the hidden values of a batch. */
const BATCH_SHIFT = 0.02
/** An eigenvalue of less than this share of the largest is zero: projections carry seven digits, their squares fourteen. */
const ZERO_SHARE = 1e-12
/** Keeps the anchor of a layer that is dead beyond the first index off zero. */
const SMALLEST_ANCHOR = 1e-30

/** A value whose gradient is not followed. */
const held = (x: Tensor): Tensor =>
  customGrad((value) => ({ value: mul(value as Tensor, 1), gradFunc: (dy: Tensor) => zerosLike(dy) }))(x)

/** (1/H) Σ_n [δ_n² + max(δ_n, 0)] over the eigenvalues that take part, 1 or 0. */
function penaltyOf(deviation: Tensor, takesPart: Tensor, units: number): Scalar {
  return mul(sum(mul(add(square(deviation), relu(deviation)), takesPart)), 1 / units) as Scalar
}

const above = (values: Tensor, limit: number): Tensor => cast(greater(values, limit), 'float32')

/**
 * The original's term: λ of the uncentred batch in the epoch's basis, target n^(-α) on an absolute scale,
 * λ_n = (Σ_b P_bn² - (mean_b P_bn)²/B) / (B-1), P = (hidden - 0.02) S, δ_n = λ_n n^α - 1, n from τ + 1.
 */
function faithfulTerm(hidden: Tensor2D, basis: Tensor2D, { exponent, firstIndex }: SpectralSpec): Scalar {
  const [batch, units] = hidden.shape
  const projected = matMul(sub(hidden, BATCH_SHIFT), basis)
  const eigenvalues = mul(
    sub(sum(square(projected), 0), mul(square(mean(projected, 0)), 1 / batch)),
    1 / (batch - 1),
  ) as Tensor1D
  const ranks = range(1, units + 1)
  return penaltyOf(sub(mul(eigenvalues, pow(ranks, exponent)), 1), above(ranks, firstIndex + 0.5), units)
}

/**
 * Nassar's term: λ of the centred batch in the epoch's basis, sorted; target anchored at the first index s, γ_n = λ_s ((s+1)/(n+1))^α
 * with λ_s held; only positive eigenvalues after s take part. A place in the order is the number of larger ones, so nothing is moved.
 */
function correctedTerm(hidden: Tensor2D, basis: Tensor2D, { exponent, firstIndex }: SpectralSpec): Scalar {
  const [batch, units] = hidden.shape
  const projected = matMul(sub(hidden, mean(hidden, 0, true)), basis)
  const eigenvalues = mul(sum(square(projected), 0), 1 / (batch - 1)) as Tensor1D
  const rested = held(eigenvalues)
  const places = sum(cast(greater(expandDims(rested, 0), expandDims(rested, 1)), 'float32'), 1)
  const atAnchor = cast(equal(places, firstIndex), 'float32')
  const anchor = maximum(div(sum(mul(rested, atAnchor)), maximum(sum(atAnchor), 1)), SMALLEST_ANCHOR)
  const target = mul(anchor, pow(mul(add(places, 1), 1 / (firstIndex + 1)), neg(exponent)))
  return penaltyOf(
    sub(div(eigenvalues, target), 1),
    mul(above(places, firstIndex + 0.5), cast(greater(rested, mul(max(rested), ZERO_SHARE)), 'float32')),
    units,
  )
}

/** (YᵀY - m mᵀ/N) / (N-1) of the last batch alone, Y = hidden - K, m its column means, N all images: as the original computes it. */
async function lastBatchMatrix(view: EpochView): Promise<Float64Array> {
  const { hiddenUnits: units, images } = view
  const shift = view.inputMean()
  const shifted = Float64Array.from(await view.hidden(view.batches - 1), (value) => value - shift)
  const samples = shifted.length / units
  const means = new Float64Array(units)
  for (let index = 0; index < shifted.length; index++)
    means[index % units] = (means[index % units] as number) + (shifted[index] as number) / samples
  const products = await view.executor.multiply64(shifted, shifted, {
    rows: units,
    inner: samples,
    columns: units,
    transposeA: true,
  })
  return products.map(
    (value, at) =>
      (value - ((means[Math.floor(at / units)] as number) * (means[at % units] as number)) / images) / (images - 1),
  )
}

/** The centred covariance over all batches. */
async function wholeCovariance(view: EpochView): Promise<Float64Array> {
  const covariance = createCovarianceSum(view.hiddenUnits, view.executor.multiply64)
  for (let batch = 0; batch < view.batches; batch++) {
    const hidden = Float64Array.from(await view.hidden(batch))
    await covariance.add(hidden, hidden.length / view.hiddenUnits)
  }
  return covariance.covariance()
}

/** Eigenvectors as columns, largest eigenvalue first, H x H. */
async function basisOf(spec: SpectralSpec, view: EpochView): Promise<HostInputs> {
  const { hiddenUnits: units } = view
  const matrix = spec.estimator === 'faithful' ? await lastBatchMatrix(view) : await wholeCovariance(view)
  if (matrix.some((value) => !Number.isFinite(value)))
    throw new LabError(
      'run.notANumber',
      'the covariance of the hidden layer is not finite, so its spectrum cannot be computed',
    )
  const { vectors } = await symmetricEigen(matrix, units, view.executor)
  return { basis: { data: Float32Array.from(vectors), shape: [units, units] } }
}

/**
 * Draws the covariance spectrum of the hidden layer to a power law n^(-α).
 *
 * A basis S of eigenvectors is taken once an epoch, in float64; every batch is projected on it first and squared then, so that small
 * eigenvalues keep their digits in float32: λ_n = (Sᵀ M_b S)_nn is a sum of squares and no difference of large numbers.
 *
 * Source: J. Nassar et al. 2020 (`corrected`), and the original's SpecReg (`faithful`); docs/SOURCES.md 4.3.
 */
export const spectral: RegulariserCode<SpectralSpec> = {
  needsHidden: true,
  term: ({ hidden, inputs }, spec) => {
    const basis = inputs['basis'] as Tensor2D | undefined
    if (hidden === null || basis === undefined)
      throw new LabError('value.range', 'the spectral penalty needs the hidden layer and the basis of its epoch')
    return (spec.estimator === 'faithful' ? faithfulTerm : correctedTerm)(hidden, basis, spec)
  },
  prepare: basisOf,
}
