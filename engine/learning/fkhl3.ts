import type { LearningRuleSpec } from '../../contract/index.js'
import {
  abs,
  concat,
  div,
  expandDims,
  fill,
  max,
  maximum,
  mul,
  ones,
  reshape,
  scatterND,
  slice,
  sub,
  tidy,
  tile,
  topk,
  type Tensor1D,
  type Tensor2D,
} from '../tf.js'
import { overlap } from '../networks/localLearningLayer.js'
import type { LayerStepInput, LayerStepOutput, LearningRuleCode, RuleParameters } from './rule.js'
import { stepOutput } from './stepOutput.js'

type Fkhl3 = Extract<LearningRuleSpec, { kind: 'fkhl3' }>
export type Fkhl3Parameters = RuleParameters<Fkhl3>

/**
 * One step of FKHL3, the fast minibatch rule: all images of the batch see the same weights.
 *
 * With h the overlaps, g_bμ = 1 for the largest h of image b, -Δ for the k-th largest, else 0:
 *
 *     dW_μi = R^p Σ_b g_bμ x_bi  -  W_μi Σ_b g_bμ h_bμ
 *     W    <- W + dW · rate / max(max |dW|, precision)
 *
 * g has two entries per image, so both sums are scatters of 2B rows.
 *
 * @param input - weights H x d, images B x d (normalised), rate > 0
 * @param parameters - p >= 1, k in 2..H, Δ >= 0, R > 0, precision > 0
 * @returns the new weights with the winners and the sums that the run shows
 *
 * Source: Krotov and Hopfield, PNAS 116 (2019), eqs. 3, 9, 10 as in the original's FKHL3; docs/SOURCES.md 2.6.
 */
export function fkhl3Step(input: LayerStepInput, parameters: Fkhl3Parameters): LayerStepOutput {
  const { weights, images, rate } = input
  const { lebesgueNorm, rank, antiHebbianStrength, radius, precision } = parameters
  const [units, inputs] = weights.shape
  const [batch] = images.shape
  return tidy(() => {
    const hidden = overlap(images, weights, lebesgueNorm)
    const ranked = topk(hidden, rank, true)
    const column = <T extends Tensor2D>(tensor: T, index: number): Tensor1D =>
      reshape(slice(tensor, [0, index], [batch, 1]), [batch])
    const winners = column(ranked.indices as Tensor2D, 0)
    const winningOverlap = column(ranked.values as Tensor2D, 0)
    const rows = expandDims(concat([winners, column(ranked.indices as Tensor2D, rank - 1)]), 1)
    const strength = concat([ones([batch]), fill([batch], -antiHebbianStrength)])
    const overlaps = mul(strength, concat([winningOverlap, column(ranked.values as Tensor2D, rank - 1)]))

    const pulls = mul(tile(images, [2, 1]), expandDims(mul(strength, radius ** lebesgueNorm), 1))
    const pull = scatterND(rows, pulls, [units, inputs])
    const decay = scatterND(rows, overlaps, [units])
    const increment = sub(pull, mul(weights, expandDims(decay, 1)))
    const scale = div(rate, maximum(max(max(abs(increment), 1)), precision))
    return stepOutput(weights, mul(increment, scale) as Tensor2D, winners, winningOverlap)
  })
}

/** FKHL3. */
export const fkhl3: LearningRuleCode<Fkhl3> = { step: fkhl3Step }
