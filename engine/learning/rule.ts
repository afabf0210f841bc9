import type { LearningRuleSpec } from '../../contract/index.js'
import type { Scalar, Tensor1D, Tensor2D } from '../tf.js'

/** What stays fixed while a layer learns: norm p >= 1 and radius R > 0 of the sphere, and the settings of the rule. */
export type RuleParameters<Spec extends LearningRuleSpec = LearningRuleSpec> = Omit<Spec, 'kind'> & {
  lebesgueNorm: number
  radius: number
}

/** What a step takes: weights H x d, images B x d, rate. */
export type LayerStepInput = { weights: Tensor2D; images: Tensor2D; rate: Scalar }

/** What a step gives: new weights H x d, winners B (int32), and three sums for the meters. */
export type LayerStepOutput = {
  weights: Tensor2D
  winners: Tensor1D
  winningOverlapSum: Scalar
  largestChange: Scalar
  absoluteChangeSum: Scalar
}

/** The mathematics of a learning rule; what it says of itself is its definition in `contract/learningRules`. */
export interface LearningRuleCode<Spec extends LearningRuleSpec> {
  /** One step, a pure function of tensors; a sequential rule takes the images of the batch one after the other. */
  step(input: LayerStepInput, parameters: RuleParameters<Spec>): LayerStepOutput
}
