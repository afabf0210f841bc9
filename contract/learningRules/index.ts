import { z } from 'zod'
import { memberByKind, type SchemasOf, type SettingRemark } from '../family.js'
import { fieldMeta } from '../field.js'
import { COMPETITION } from './competition.js'
import type { LearningRuleDefinition, RulePlace, StoredRule } from './definition.js'
import { fkhl3 } from './fkhl3.js'
import { khl3 } from './khl3.js'

export type { LearningRuleDefinition, RulePlace, StoredRule }

/** Every local learning rule, in the order in which forms and tables list them. */
export const LEARNING_RULES = [fkhl3, khl3] as const

/** A local learning rule with its settings. */
export const learningRuleSpec = z.discriminatedUnion(
  'kind',
  LEARNING_RULES.map(({ schema }) => schema) as unknown as SchemasOf<typeof LEARNING_RULES>,
)
export type LearningRuleSpec = z.infer<typeof learningRuleSpec>
export type LearningRuleKind = LearningRuleSpec['kind']

/** A definition without the type of its own settings. */
export type AnyLearningRule = Omit<
  LearningRuleDefinition<LearningRuleKind, z.ZodRawShape>,
  'first' | 'schema' | 'settings'
> & { readonly settings: z.ZodRawShape; readonly first: LearningRuleSpec }

/** The definition of a kind. */
export const learningRuleOf = memberByKind<LearningRuleKind, AnyLearningRule>(
  LEARNING_RULES as unknown as readonly AnyLearningRule[],
  'learning rule',
)

/** Settings that mean the same in several rules, so that a form keeps them when the rule changes. */
export const COMMON_RULE_SETTINGS: readonly string[] = Object.keys(COMPETITION)

/** Why a rule cannot train a layer. */
export const learningRuleFaults = (spec: LearningRuleSpec, place: RulePlace): SettingRemark[] =>
  learningRuleOf(spec.kind).faults(spec, place)

/** Valid but questionable settings of a rule. */
export const learningRuleWarnings = (spec: LearningRuleSpec, place: RulePlace): SettingRemark[] =>
  learningRuleOf(spec.kind).warnings(spec, place)

/** What model files store of a rule. */
export const storedRule = (spec: LearningRuleSpec): StoredRule => learningRuleOf(spec.kind).stored(spec)

/**
 * A rule in few words: `fkhl3, k = 2, Δ = 0.4`.
 *
 * @param number - writes a number
 * @param symbol - writes a symbol; as it is, unless given
 */
export function describeLearningRule(
  spec: LearningRuleSpec,
  number: (value: number) => string,
  symbol: (text: string) => string = (text) => text,
): string {
  const parts = Object.entries(learningRuleOf(spec.kind).settings).flatMap(([key, schema]) => {
    const value = (spec as Readonly<Record<string, unknown>>)[key]
    const sign = fieldMeta(schema as z.ZodType)?.symbol
    return sign === undefined || typeof value !== 'number' ? [] : [`${symbol(sign)} = ${number(value)}`]
  })
  return [spec.kind, ...parts].join(', ')
}

/** Steps that a rule takes for a number of images. */
export const learningSteps = ({ kind }: LearningRuleSpec, images: number, batchSize: number): number =>
  learningRuleOf(kind).sequential ? images : Math.ceil(images / batchSize)
