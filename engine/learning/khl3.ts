import type { LearningRuleSpec } from '../../contract/index.js'
import {
  abs,
  add,
  concat,
  div,
  equal,
  expandDims,
  fill,
  gather,
  max,
  maximum,
  mul,
  ones,
  pow,
  range,
  reshape,
  scalar,
  scatterND,
  slice,
  sub,
  sum,
  tidy,
  topk,
  where,
  zeros,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '../tf.js'
import { scan } from '../executor/trace/scan.js'
import { normPowers, overlap } from '../networks/localLearningLayer.js'
import type { LayerStepInput, LayerStepOutput, LearningRuleCode, RuleParameters } from './rule.js'

type Khl3 = Extract<LearningRuleSpec, { kind: 'khl3' }>

/**
 * One batch of KHL3, the sequential rule: each image sees the weights that the one before has changed.
 *
 * With Q_μ = h_μ / (‖w_μ‖_p^p)^((p-1)/p), g = 1 for the largest Q, -Δ for every rank 2..k, else 0:
 *
 *     W_μi <- W_μi + rate · g_μ (R^p x_i - h_μ W_μi)
 *
 * No division by the largest increment. The reference, hundreds of times slower than FKHL3.
 *
 * @param input - weights H x d, images B x d (normalised), rate = 1/τ > 0
 * @param parameters - p >= 1, k in 2..H, Δ >= 0, R > 0; precision is not used
 *
 * Source: Krotov and Hopfield, PNAS 116 (2019), eq. 3 as in the original's KHL3; docs/SOURCES.md 2.5.
 */
export function khl3Step(input: LayerStepInput, parameters: RuleParameters<Khl3>): LayerStepOutput {
  const { images, rate } = input
  const { lebesgueNorm, rank, antiHebbianStrength, radius } = parameters
  const [units] = input.weights.shape
  const [batch, inputs] = images.shape
  return tidy(() => {
    const strength = concat([ones([1]), fill([rank - 1], -antiHebbianStrength)])
    const first = {
      weights: input.weights,
      winners: zeros([batch], 'int32') as Tensor1D,
      winningOverlapSum: scalar(0),
      largestChange: scalar(0),
      absoluteChangeSum: scalar(0),
    }
    return scan(batch, first, ({ weights, winners, winningOverlapSum, largestChange, absoluteChangeSum }, index) => {
      const image = reshape(gather(images, reshape(index, [1]) as Tensor1D), [1, inputs]) as Tensor2D
      const hidden = reshape(overlap(image, weights, lebesgueNorm), [units]) as Tensor1D
      const normalised = div(
        hidden,
        pow(normPowers(weights, lebesgueNorm), (lebesgueNorm - 1) / lebesgueNorm),
      ) as Tensor1D
      const ranked = topk(normalised, rank, true).indices as Tensor1D
      const g = scatterND(expandDims(ranked, 1), strength, [units])
      const pull = mul(expandDims(g, 1), mul(image, radius ** lebesgueNorm))
      const change = mul(sub(pull, mul(weights, expandDims(mul(g, hidden), 1))), rate)
      const absolute = abs(change)
      const winner = slice(ranked, [0], [1])
      return {
        weights: add(weights, change) as Tensor2D,
        winners: where(equal(range(0, batch, 1, 'int32'), index), winner, winners) as Tensor1D,
        winningOverlapSum: add(winningOverlapSum, reshape(gather(hidden, winner), [])) as Scalar,
        largestChange: maximum(largestChange, max(max(absolute, 1))) as Scalar,
        absoluteChangeSum: add(absoluteChangeSum, sum(sum(absolute, 1))) as Scalar,
      }
    })
  })
}

/** KHL3. */
export const khl3: LearningRuleCode<Khl3> = { step: khl3Step }
