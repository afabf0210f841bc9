import type { z } from 'zod'
import { experimentSpec, type ExperimentSpec } from '../../contract/index.js'
import { formatExact, numberFault } from '../format/index.js'
import type { DraftTree, DraftValue } from '../stores/drafts.js'
import { valueAt } from './draftTree.js'
import type { Bound, FormField } from './fields.js'

type Issue = z.core.$ZodIssue

/** A value that is not a number, and why: a decimal comma gets its own message. */
const notNumber = (value: DraftValue | undefined): string =>
  (typeof value === 'string' ? numberFault(value) : '') || `${shown(value)} is not a number.`

const shown = (value: DraftValue | undefined): string =>
  typeof value === 'number' ? formatExact(value) : typeof value === 'string' ? `“${value}”` : 'This'

function advice({ smallest, largest, integer, nullable, range }: FormField): string {
  const whole = integer ? 'a whole number' : 'a number'
  const empty = nullable ? ', or leave it empty' : ''
  const bound = (limit: Bound | null, words: string, exclusive: string): string =>
    limit === null
      ? ''
      : limit.inclusive
        ? `${words} ${formatExact(limit.value)}`
        : `${exclusive} ${formatExact(limit.value)}`
  if (smallest?.inclusive === true && largest?.inclusive === true)
    return `Must be ${whole} from ${formatExact(smallest.value)} to ${formatExact(largest.value)}${empty}.`
  const limits = [bound(smallest, 'at least', 'greater than'), bound(largest, 'at most', 'less than')].filter(
    (part) => part !== '',
  )
  return limits.length === 0
    ? `Must be ${range === '' ? whole : range}${empty}.`
    : `Must be ${integer ? 'a whole number, ' : ''}${limits.join(' and ')}${empty}.`
}

/** A fault in one or two sentences: the fact, then what to do. Sentences of the schema are kept. */
function sentenceOf(issue: Issue, value: DraftValue | undefined, field: FormField | undefined): string {
  if (field === undefined || issue.code === 'custom') return issue.message
  if (field.kind === 'choice')
    return `${shown(value)} is not an option. Use ${field.choices.map(({ label }) => label).join(' or ')}.`
  if (field.kind === 'mixed' && issue.code === 'invalid_union')
    return `${(typeof value === 'string' && /^[\d,./+-]+$/.test(value) ? numberFault(value) : '') || `${shown(value)} is not allowed.`} Use ${field.range}${field.nullable ? ', or leave it empty' : ''}.`
  if (field.kind === 'numbers')
    return issue.path.length > 1
      ? `${shown(value)} is not a whole number of at least 0.`
      : `${field.meta.label} are missing. Enter ${field.range}`
  if (field.kind === 'text') {
    if (issue.code === 'too_small')
      return field.nullable
        ? `Enter a ${field.meta.label.toLowerCase()}, or leave the field empty.`
        : `Enter a ${field.meta.label.toLowerCase()}.`
    return issue.code === 'too_big'
      ? `${field.meta.label} is too long. Use ${formatExact(Number(issue.maximum))} characters or fewer.`
      : issue.message
  }
  if (issue.code === 'invalid_type') {
    if (value === '' || value === null || value === undefined) return `Enter a number. ${advice(field)}`
    return typeof value === 'number' ? advice(field) : `${notNumber(value)} ${advice(field)}`
  }
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return advice(field)
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return advice(field)
  return issue.message
}

/** A checked draft: the spec if it is one, and the faults by path. */
export interface Checked {
  spec: ExperimentSpec | null
  faults: ReadonlyMap<string, string>
}

/**
 * Checks a draft as the lab will.
 *
 * @param tree - the draft
 * @param fields - fields of the form, which give the sentences their bounds
 */
export function checkDraft(tree: DraftTree, fields: readonly FormField[]): Checked {
  const result = experimentSpec.safeParse(tree)
  return result.success
    ? { spec: result.data, faults: new Map() }
    : { spec: null, faults: faultsOf(result.error.issues, tree, fields) }
}

/** Faults of a draft in sentences, by the path of the field that shows them. */
export function faultsOf(issues: readonly Issue[], tree: DraftTree, fields: readonly FormField[]): Map<string, string> {
  const faults = new Map<string, string>()
  for (const issue of issues) {
    const whole = issue.path.join('.')
    // An entry of a list that is one field is shown there.
    const field = fields.find(
      ({ path, kind }) => path === whole || (kind === 'numbers' && whole.startsWith(`${path}.`)),
    )
    const path = field?.path ?? whole
    if (!faults.has(path)) faults.set(path, sentenceOf(issue, valueAt(tree, whole), field))
  }
  return faults
}

/** A field outside the spec: how often an experiment is repeated. */
export const SEEDS_FIELD = {
  path: 'seeds',
  kind: 'number',
  nullable: false,
  integer: true,
  smallest: { value: 1, inclusive: true },
  largest: { value: 100, inclusive: true },
  range: '1 to 100',
  choices: [],
  variantOf: null,
  meta: {
    label: 'Seeds',
    unit: 'runs',
    help: 'Number of runs with consecutive seeds; they are grouped.',
    source: '1.4',
  },
} as const satisfies FormField

const LARGEST_SEED = 0xffffffff

/** The fault of the number of seeds in a sentence; null if valid. */
export function seedsFault(seeds: DraftValue, seed: DraftValue | undefined): string | null {
  if (typeof seeds !== 'number')
    return `${seeds === '' || seeds === null ? 'Enter a number.' : notNumber(seeds)} ${advice(SEEDS_FIELD)}`
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > 100) return advice(SEEDS_FIELD)
  if (typeof seed === 'number' && seed + seeds - 1 > LARGEST_SEED)
    return `The last seed would exceed ${formatExact(LARGEST_SEED)}. Use at most ${formatExact(Math.max(1, LARGEST_SEED - seed + 1))} runs, or a smaller first seed.`
  return null
}
