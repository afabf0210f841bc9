import { LabError, type RegulariserSpec } from '../../contract/index.js'
import { NETWORKS } from '../networks/index.js'
import {
  addN,
  matMul,
  mul,
  reshape,
  rsqrt,
  slice,
  square,
  sum,
  type Scalar,
  type Tensor2D,
  type Tensor3D,
} from '../tf.js'
import type { RegulariserCode } from './regulariser.js'

/** Σ of all squares, row by row. */
const squares = (matrix: Tensor2D): Scalar => sum(sum(square(matrix), 1)) as Scalar

/** Projection number `index`, as unit vectors: per sample, or (the original, from the second on) over the whole batch together. */
function directions(draws: Tensor3D, index: number, together: boolean): Tensor2D {
  const [, batch, units] = draws.shape
  const raw = reshape(slice(draws, [index, 0, 0], [1, batch, units]), [batch, units]) as Tensor2D
  return mul(raw, rsqrt(together ? squares(raw) : sum(square(raw), 1, true))) as Tensor2D
}

/**
 * Squared Frobenius norm of J = ∂hidden/∂x. The hidden layer is linear in the image, h = x Gᵀ, so `exact` is Σ G² and needs
 * neither images nor derivatives; the others estimate it by P random projections,
 *
 *     term = Σ_j H/(P B) ‖ V_j G ‖²,   V_j of B x H unit vectors, G the hidden layer's matrix (H x d).
 *
 * `corrected` normalises every projection per sample and has the mean ‖J‖²; `faithful` normalises the first per sample and the
 * others over the whole batch, as the original does, so that they count B times too little: mean ‖J‖²/P (1 + (P-1)/B).
 *
 * @throws LabError `value.range` when there are fewer draws than projections
 *
 * Source: Hoffman, Roberts, Yaida 2019, modified as in the original's JFReg; docs/SOURCES.md 4.2.
 */
export const jacobian: RegulariserCode<Extract<RegulariserSpec, { kind: 'jacobian' }>> = {
  needsHidden: false,
  ofFirstLayer: ({ estimator }) => estimator === 'exact',
  term: ({ parameters, network, batch, inputs }, { projections, estimator }) => {
    const matrix = NETWORKS[network.kind].hiddenJacobian(parameters, network)
    if (estimator === 'exact') return squares(matrix)
    const draws = inputs['normal'] as Tensor3D | undefined
    if (draws === undefined || draws.shape[0] < projections)
      throw new LabError(
        'value.range',
        `expected random directions for ${projections} projections, got ${draws?.shape[0] ?? 0}`,
      )
    const [units] = matrix.shape
    const terms = Array.from({ length: projections }, (_, index) =>
      squares(matMul(directions(draws, index, estimator === 'faithful' && index > 0), matrix)),
    )
    return mul(addN(terms), units / (projections * batch)) as Scalar
  },
  draw: ({ estimator, projections }, { batch, hiddenUnits }, random) => {
    if (estimator === 'exact') return {}
    const data = new Float32Array(projections * batch * hiddenUnits)
    random.manyNormals(data)
    return { normal: { data, shape: [projections, batch, hiddenUnits] } }
  },
}
