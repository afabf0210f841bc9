import type { LearningRuleKind, LearningRuleSpec } from '../../contract/index.js'
import * as members from './members.js'
import type { LayerStepInput, LayerStepOutput, LearningRuleCode, RuleParameters } from './rule.js'

/** The code of every learning rule; one without code does not compile. */
export const LEARNING_RULE_CODE = members satisfies {
  [Kind in LearningRuleKind]: LearningRuleCode<Extract<LearningRuleSpec, { kind: Kind }>>
}

/** One step of a rule; a kind and its code fit by the type of the table. */
export const learningStep = (
  input: LayerStepInput,
  { kind, ...parameters }: RuleParameters & { kind: LearningRuleKind },
): LayerStepOutput => (LEARNING_RULE_CODE[kind] as LearningRuleCode<LearningRuleSpec>).step(input, parameters)
