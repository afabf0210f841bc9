import { NETWORKS, DATASETS, LEARNING_RULES, RATE_SCHEDULES, REGULARISERS } from '../../contract/index.js'
import { formatExact } from '../format/index.js'
import type { DraftValue } from '../stores/drafts.js'
import type { FormField } from './fields.js'

const NOUNS: Record<string, string> = { regularisers: 'Regulariser', 'schedule.rate.steps': 'Step' }

/** The name of an entry of a list: `Regulariser`, `Step`. */
export const entryNoun = (list: string): string => NOUNS[list] ?? 'Entry'

const KIND_NAMES: Record<string, string> = {
  localLearning: 'receptive-field layer',
  classifier: 'classifier',
  ...Object.fromEntries(NETWORKS.map(({ kind, short }) => [kind, short])),
  ...Object.fromEntries(RATE_SCHEDULES.map(({ kind, label }) => [kind, label])),
  ...Object.fromEntries(LEARNING_RULES.map(({ kind, label }) => [kind, label])),
  ...Object.fromEntries(REGULARISERS.map(({ kind, short }) => [kind, short])),
  ...Object.fromEntries(Object.entries(DATASETS).map(([kind, { label }]) => [kind, label])),
}

/**
 * A value of a draft in a few words, for lists of changes.
 *
 * @param field - its field, which names choices; null for groups and entries of lists
 */
export function valueWords(value: DraftValue | undefined, field: FormField | null): string {
  if (value === undefined) return ''
  if (value === null) return field?.meta.empty ?? 'empty'
  if (typeof value === 'number') return formatExact(value)
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'string') {
    // A choice between forms has long labels; use their short names.
    const choice =
      field === null || field.variantOf !== null ? undefined : field.choices.find((each) => each.value === value)?.label
    return choice ?? (field === null || field.kind === 'choice' ? KIND_NAMES[value] : undefined) ?? value
  }
  if (Array.isArray(value)) return value.map((entry) => valueWords(entry, null)).join(' + ') || 'none'
  const { kind, ...rest } = value
  const numbers = Object.values(rest)
    .filter((each): each is number => typeof each === 'number')
    .map(formatExact)
  // The first number of a penalty is its strength; a step of a rate is an epoch and a rate.
  return typeof kind === 'string' ? [KIND_NAMES[kind] ?? kind, ...numbers.slice(0, 1)].join(' ') : numbers.join(': ')
}
