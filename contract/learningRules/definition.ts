import { z } from 'zod'
import type { SettingRemark } from '../family.js'

/** A specification: the kind and its settings. */
export type LearningRuleSpecOf<Kind extends string, Settings extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Settings, z.core.$strict>
>

/** The layer that a rule trains, and for how long. */
export interface RulePlace {
  hiddenUnits: number
  epochs: number
}

/** What the model files of the original code store of a rule. Its classes differ only in how they learn, not in what they compute. */
export interface StoredRule {
  /** Class of the original code that the layer is stored as. */
  type: 'FKHL3' | 'KHL3'
  rank: number
  antiHebbianStrength: number
}

/** What a learning rule says of itself; everything but its mathematics. */
export interface LearningRuleParts<Kind extends string, Settings extends z.ZodRawShape> {
  /** Short name: `FKHL3`. */
  label: string
  /** Name in forms: `FKHL3, minibatch`. */
  title: string
  /** What it does, in one sentence without its name. */
  summary: string
  /** What to know of it beside the heading of the form, in a few words. */
  note: string
  /** Literature. */
  source: string
  /** Schema of each setting, with label and help; those with a symbol appear in the line of a run. */
  settings: Settings
  /** Settings of the paper. */
  first: LearningRuleSpecOf<Kind, Settings>
  /** Whether it takes one image after the other, so that a batch of B images costs B steps. */
  sequential: boolean
  stored: (spec: LearningRuleSpecOf<Kind, Settings>) => StoredRule
  /** Why it cannot train such a layer; nothing, unless given. */
  faults?: (spec: LearningRuleSpecOf<Kind, Settings>, place: RulePlace) => SettingRemark[]
  /** Valid but questionable settings; nothing, unless given. */
  warnings?: (spec: LearningRuleSpecOf<Kind, Settings>, place: RulePlace) => SettingRemark[]
}

/** The definition of a learning rule, from which schema, form, sentences, cost estimates, docs and tests are derived. */
export interface LearningRuleDefinition<Kind extends string, Settings extends z.ZodRawShape> extends Required<
  LearningRuleParts<Kind, Settings>
> {
  readonly kind: Kind
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Settings, z.core.$strict>
}

/**
 * Defines a learning rule. Its mathematics is the member of the same name in `engine/learning`.
 *
 * @param kind - its name in files
 * @param parts - what it says of itself
 */
export function defineLearningRule<const Kind extends string, Settings extends z.ZodRawShape>(
  kind: Kind,
  parts: LearningRuleParts<Kind, Settings>,
): LearningRuleDefinition<Kind, Settings> {
  return {
    faults: () => [],
    warnings: () => [],
    ...parts,
    kind,
    schema: z.strictObject({ kind: z.literal(kind), ...parts.settings }) as LearningRuleDefinition<
      Kind,
      Settings
    >['schema'],
  }
}
