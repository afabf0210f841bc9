import {
  ATTACKS,
  COMMON_RULE_SETTINGS,
  LEARNING_RULES,
  NETWORKS,
  RATE_SCHEDULES,
  REGULARISERS,
  type FieldMeta,
} from '../../contract/index.js'
import type { DraftTree, DraftValue } from '../stores/drafts.js'

/** A group with several forms, distinguished by `kind`: how the choice is shown, and the defaults of each form. */
export interface Variant {
  meta: FieldMeta
  choices: readonly { value: string; label: string }[]
  /** Defaults of a newly selected form; fitting values that were typed are kept. */
  first: Record<string, DraftTree>
  /** Settings that mean the same in several forms: what was typed is kept. */
  keeps: readonly string[]
}

/** A value of the contract is plain JSON. */
const trees = (values: Record<string, object>): Record<string, DraftTree> => values as Record<string, DraftTree>

/** Choices and first values of the definitions of a family. */
const choicesAmong = (
  family: readonly { kind: string; label: string; first: object }[],
): Pick<Variant, 'choices' | 'first'> => ({
  choices: family.map(({ kind, label }) => ({ value: kind, label })),
  first: trees(Object.fromEntries(family.map(({ kind, first }) => [kind, first]))),
})

/** What the members of a family do, in a sentence each. */
const summariesOf = (family: readonly { label: string; summary: string }[]): string =>
  family.map(({ label, summary }) => `${label}: ${summary}`).join(' ')

/** The groups with several forms, by path; numbers of list entries are written `*`. The dataset has a field of its own. */
const VARIANTS: Record<string, Variant> = {
  model: {
    meta: { label: 'Model', help: 'Network architecture.', source: '3' },
    ...choicesAmong(NETWORKS),
    keeps: ['hiddenUnits', 'batchNorm', 'imageNorm'],
  },
  'schedule.rate': {
    meta: { label: 'Rate', help: 'Learning-rate schedule.', source: '3.6' },
    ...choicesAmong(RATE_SCHEDULES),
    keeps: ['learningRate'],
  },
  rule: {
    meta: { label: 'Rule', help: summariesOf(LEARNING_RULES), source: '2.6' },
    ...choicesAmong(LEARNING_RULES.map((rule) => ({ ...rule, label: rule.title }))),
    keeps: COMMON_RULE_SETTINGS,
  },
  attack: {
    meta: { label: 'Attack', help: 'Attack type.', source: '6' },
    ...choicesAmong(ATTACKS.map((attack) => ({ ...attack, label: attack.title }))),
    keeps: ['norm', 'target'],
  },
  'regularisers.*': {
    meta: { label: 'Penalty', help: 'Penalty added to the loss, multiplied by its strength.', source: '4' },
    ...choicesAmong(REGULARISERS),
    keeps: [],
  },
}

/** The variant at a path such as `regularisers.2`, if the group there has several forms. */
export const variantAt = (path: string): Variant | null => VARIANTS[path.replace(/\.\d+(?=\.|$)/g, '.*')] ?? null

/** Settings of another form of a group: the start's own where it is the start's form, else the first ones with what was typed and fits. */
export function variantOf(
  variant: Variant,
  kind: string,
  typed: DraftValue | undefined,
  original: DraftValue | undefined,
): DraftTree {
  const isGroup = (value: DraftValue | undefined): value is DraftTree =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isGroup(original) && original['kind'] === kind) return original
  const first = variant.first[kind] ?? { kind }
  if (!isGroup(typed)) return first
  // The meaning of a strength depends on the penalty, and that of an exponent on the activation.
  const kept = Object.keys(first).filter((key) => variant.keeps.includes(key) && key in typed)
  return { ...first, ...Object.fromEntries(kept.map((key) => [key, typed[key] ?? null])) }
}

/** A further step of a rate: half the rate, 30 epochs later. */
export function nextStep(steps: readonly DraftValue[]): DraftTree {
  const last = steps.at(-1)
  const number = (key: string, otherwise: number): number => {
    const value = typeof last === 'object' && last !== null && !Array.isArray(last) ? last[key] : undefined
    return typeof value === 'number' ? value : otherwise
  }
  return { after: number('after', 0) + 30, learningRate: number('learningRate', 0.001) / 2 }
}
