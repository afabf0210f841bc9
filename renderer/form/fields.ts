import { z } from 'zod'
import { fieldMeta, localLearningSpec, type FieldMeta } from '../../contract/index.js'
import { formatExact } from '../format/index.js'
import type { DraftTree, DraftValue } from '../stores/drafts.js'

/** One field of the form, as its schema describes it. */
export interface FormField {
  /** Dotted path in the spec: `layer.hiddenUnits`. */
  path: string
  kind: 'number' | 'text' | 'choice'
  meta: FieldMeta
  integer: boolean
  /** Whether empty is a value. */
  nullable: boolean
  /** Largest and smallest value with whether they themselves are allowed; null without a bound. */
  smallest: Bound | null
  largest: Bound | null
  /** The range in words: `1 to 20 000`, `> 0`. */
  range: string
  choices: readonly { value: string; label: string; note?: string }[]
}

export interface Bound {
  value: number
  inclusive: boolean
}

/** A group of fields under one heading. */
export interface FormSection {
  id: string
  title: string
  fields: FormField[]
}

/** Titles of the groups of the spec; a group that is new shows its own name until it has one. */
const TITLES: Record<string, string> = {
  '': 'Name and seed', 'dataset': 'Data', 'layer': 'Layer', 'rule': 'Learning rule', 'schedule': 'Schedule', 'checks': 'Checks after training', 'probes': 'Probes while learning', 'checkpoints': 'Checkpoints',
}

/** The tightest bound that a schema's checks set on one side. */
function boundOf(schema: z.ZodNumber, side: 'greater_than' | 'less_than'): Bound | null {
  let tightest: Bound | null = null
  for (const { _zod: { def } } of schema.def.checks ?? []) {
    if (def.check !== side) continue
    const { value, inclusive } = def as z.core.$ZodCheckLessThanDef | z.core.$ZodCheckGreaterThanDef
    const tighter = tightest === null || (side === 'greater_than' ? Number(value) > tightest.value : Number(value) < tightest.value)
    if (tighter) tightest = { value: Number(value), inclusive }
  }
  return tightest
}

function rangeInWords(meta: FieldMeta, smallest: Bound | null, largest: Bound | null): string {
  if (meta.range !== undefined) return meta.range
  if (smallest?.inclusive === true && largest?.inclusive === true) return `${formatExact(smallest.value)} to ${formatExact(largest.value)}`
  const low = smallest === null ? '' : `${smallest.inclusive ? '≥' : '>'} ${formatExact(smallest.value)}`
  const high = largest === null ? '' : `${largest.inclusive ? '≤' : '<'} ${formatExact(largest.value)}`
  return [low, high].filter((part) => part !== '').join(', ')
}

function leafField(path: string, schema: z.ZodType): FormField | null {
  const meta = fieldMeta(schema)
  if (meta === undefined) return null
  const nullable = schema instanceof z.ZodNullable
  const inner = nullable ? schema.unwrap() : schema
  const common = { path, meta, nullable, integer: false, smallest: null, largest: null, range: meta.range ?? '', choices: [] }
  if (inner instanceof z.ZodEnum) {
    const choices = inner.options.map((option) => ({ value: String(option), label: meta.choices?.[String(option)] ?? String(option) }))
    return { ...common, kind: 'choice', choices }
  }
  if (inner instanceof z.ZodNumber) {
    const [smallest, largest] = [boundOf(inner, 'greater_than'), boundOf(inner, 'less_than')]
    return { ...common, kind: 'number', integer: inner.isInt, smallest, largest, range: rangeInWords(meta, smallest, largest) }
  }
  return inner instanceof z.ZodString ? { ...common, kind: 'text' } : null
}

/** Shape of a group; of a group with variants the one that the value names. */
function shapeOf(schema: z.ZodType, value: DraftValue | undefined): Record<string, z.ZodType> | null {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return null
  const key = schema.def.discriminator
  const chosen = typeof value === 'object' && value !== null ? value[key] : undefined
  for (const option of schema.options) {
    if (!(option instanceof z.ZodObject)) continue
    const literal: unknown = option.shape[key]
    if (literal instanceof z.ZodLiteral && literal.values.has(chosen as string)) return option.shape as Record<string, z.ZodType>
  }
  return null
}

function fieldsOf(path: string, schema: z.ZodType, value: DraftValue | undefined): FormField[] {
  const shape = shapeOf(schema, value)
  if (shape === null) return [leafField(path, schema)].filter((field) => field !== null)
  const branch = typeof value === 'object' && value !== null ? value : {}
  return Object.entries(shape).flatMap(([key, inner]) => fieldsOf(path === '' ? key : `${path}.${key}`, inner, branch[key]))
}

/**
 * The sections of the form, by walking the schema of a local-learning experiment.
 *
 * @param spec - decides which variant's fields are shown, such as those of a dataset
 */
export function formSections(spec: DraftTree): FormSection[] {
  const plain: FormField[] = []
  const groups: FormSection[] = []
  for (const [key, schema] of Object.entries(localLearningSpec.shape as Record<string, z.ZodType>)) {
    const fields = fieldsOf(key, schema, spec[key])
    if (fieldMeta(schema) !== undefined) plain.push(...fields)
    else if (fields.length > 0) groups.push({ id: key, title: TITLES[key] ?? key, fields })
  }
  return [{ id: 'identity', title: TITLES[''] ?? '', fields: plain }, ...groups]
}
