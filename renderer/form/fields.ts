import { z } from 'zod'
import {
  classifierSpec,
  fieldMeta,
  localLearningSpec,
  type ExperimentKind,
  type FieldMeta,
} from '../../contract/index.js'
import { formatExact } from '../format/index.js'
import type { DraftTree, DraftValue } from '../stores/drafts.js'
import { variantAt } from './variants.js'

/** One field of the form, as its schema describes it. */
export interface FormField {
  /** Dotted path in the spec: `layer.hiddenUnits`. */
  path: string
  /** `mixed`: a number or one of some words; `numbers`: a list of numbers. */
  kind: 'number' | 'text' | 'choice' | 'switch' | 'mixed' | 'numbers'
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
  /** The group whose form this choice decides: `model` of `model.kind`; null for a plain value. */
  variantOf: string | null
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
  lists: FormList[]
}

/** A list of entries of a section, each with fields of its own. */
export interface FormList {
  /** Dotted path in the spec: `regularisers`. */
  path: string
  /** How many entries there may be. */
  fewest: number
  most: number
  entries: FormField[][]
}

/** Titles of the groups of the spec. */
const TITLES: Record<string, string> = {
  '': 'Name and seeds',
  dataset: 'Data',
  layer: 'Layer',
  rule: 'Learning rule',
  schedule: 'Schedule',
  checks: 'Checks after training',
  model: 'Model',
  regularisers: 'Regularisers',
  optimiser: 'Optimiser',
  evaluation: 'Evaluation',
  probes: 'Probes during training',
  checkpoints: 'Checkpoints',
  attack: 'Attack',
  grid: 'ε grid',
}

/** The tightest bound that a schema's checks set on one side. */
function boundOf(schema: z.ZodNumber, side: 'greater_than' | 'less_than'): Bound | null {
  let tightest: Bound | null = null
  for (const {
    _zod: { def },
  } of schema.def.checks ?? []) {
    if (def.check !== side) continue
    const { value, inclusive } = def as z.core.$ZodCheckLessThanDef | z.core.$ZodCheckGreaterThanDef
    const tighter =
      tightest === null || (side === 'greater_than' ? Number(value) > tightest.value : Number(value) < tightest.value)
    if (tighter) tightest = { value: Number(value), inclusive }
  }
  return tightest
}

function rangeInWords(meta: FieldMeta, smallest: Bound | null, largest: Bound | null): string {
  if (meta.range !== undefined) return meta.range
  if (smallest?.inclusive === true && largest?.inclusive === true)
    return `${formatExact(smallest.value)} to ${formatExact(largest.value)}`
  const low = smallest === null ? '' : `${smallest.inclusive ? '≥' : '>'} ${formatExact(smallest.value)}`
  const high = largest === null ? '' : `${largest.inclusive ? '≤' : '<'} ${formatExact(largest.value)}`
  return [low, high].filter((part) => part !== '').join(', ')
}

/** Words that a number field also accepts. */
const MIXED_WORDS: Readonly<Record<string, string>> = {
  linf: 'L∞ (largest change)',
  next: 'next class',
  leastLikely: 'least likely class',
}

/** The words among the forms of a value. */
const wordsOf = (union: z.ZodUnion): string[] =>
  union.options.flatMap((option) =>
    option instanceof z.ZodLiteral
      ? [...option.values].filter((value) => typeof value === 'string')
      : option instanceof z.ZodEnum
        ? option.options.map(String)
        : [],
  )

function leafField(path: string, schema: z.ZodType): FormField | null {
  const meta = fieldMeta(schema)
  if (meta === undefined) return null
  const nullable = schema instanceof z.ZodNullable
  const inner = nullable ? schema.unwrap() : schema
  const common = {
    path,
    meta,
    nullable,
    integer: false,
    smallest: null,
    largest: null,
    range: meta.range ?? '',
    choices: [],
    variantOf: null,
  }
  if (inner instanceof z.ZodEnum) {
    const choices = inner.options.map((option) => ({
      value: String(option),
      label: meta.choices?.[String(option)] ?? String(option),
    }))
    return { ...common, kind: 'choice', choices }
  }
  if (inner instanceof z.ZodNumber) {
    const [smallest, largest] = [boundOf(inner, 'greater_than'), boundOf(inner, 'less_than')]
    return {
      ...common,
      kind: 'number',
      integer: inner.isInt,
      smallest,
      largest,
      range: rangeInWords(meta, smallest, largest),
    }
  }
  if (inner instanceof z.ZodBoolean) return { ...common, kind: 'switch' }
  if (inner instanceof z.ZodUnion)
    return {
      ...common,
      kind: 'mixed',
      choices: wordsOf(inner).map((word) => ({
        value: word,
        label: meta.choices?.[word] ?? MIXED_WORDS[word] ?? word,
      })),
    }
  if (inner instanceof z.ZodArray) return { ...common, kind: 'numbers' }
  return inner instanceof z.ZodString ? { ...common, kind: 'text' } : null
}

/** The choice between the forms of a group, where the group has a name for it. */
function variantField(path: string): FormField | null {
  const variant = variantAt(path)
  if (variant === null) return null
  return {
    path: `${path}.kind`,
    kind: 'choice',
    meta: variant.meta,
    nullable: false,
    integer: false,
    smallest: null,
    largest: null,
    range: '',
    choices: variant.choices,
    variantOf: path,
  }
}

const isGroup = (value: DraftValue | undefined): value is DraftTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Shape of a group; of a group with variants the one that the value names. */
function shapeOf(schema: z.ZodType, value: DraftValue | undefined): Record<string, z.ZodType> | null {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return null
  const key = schema.def.discriminator
  const chosen = isGroup(value) ? value[key] : undefined
  for (const option of schema.options) {
    if (!(option instanceof z.ZodObject)) continue
    const literal: unknown = option.shape[key]
    if (literal instanceof z.ZodLiteral && literal.values.has(chosen as string))
      return option.shape as Record<string, z.ZodType>
  }
  return null
}

/** Fields and lists of a part of the schema, in its order. */
function partsOf(
  path: string,
  schema: z.ZodType,
  value: DraftValue | undefined,
): { fields: FormField[]; lists: FormList[] } {
  const numbers = schema instanceof z.ZodArray && schema.element instanceof z.ZodNumber
  if (schema instanceof z.ZodArray && !numbers) return { fields: [], lists: [listAt(path, schema, value)] }
  const shape = shapeOf(schema, value)
  if (shape === null) return { fields: [leafField(path, schema)].filter((field) => field !== null), lists: [] }
  const branch = isGroup(value) ? value : {}
  const parts = Object.entries(shape).map(([key, inner]) =>
    partsOf(path === '' ? key : `${path}.${key}`, inner, branch[key]),
  )
  const choice = schema instanceof z.ZodDiscriminatedUnion ? variantField(path) : null
  return {
    fields: [...(choice === null ? [] : [choice]), ...parts.flatMap(({ fields }) => fields)],
    lists: parts.flatMap(({ lists }) => lists),
  }
}

function listAt(path: string, schema: z.ZodArray, value: DraftValue | undefined): FormList {
  const limits = (schema.def.checks ?? []).map(
    ({ _zod: { def } }) => def as { check: string; minimum?: number; maximum?: number },
  )
  const limit = (check: string): number | undefined =>
    limits.flatMap((def) => (def.check === check ? [def.minimum ?? def.maximum ?? 0] : []))[0]
  const entries = Array.isArray(value) ? value : []
  return {
    path,
    fewest: limit('min_length') ?? 0,
    most: limit('max_length') ?? Infinity,
    entries: entries.map((entry, index) => partsOf(`${path}.${index}`, schema.element as z.ZodType, entry).fields),
  }
}

const SCHEMAS = { localLearning: localLearningSpec, classifier: classifierSpec } as const satisfies Record<
  ExperimentKind,
  z.ZodObject
>

/**
 * The sections of the form, by walking the schema of an experiment's kind.
 *
 * @param spec - its `kind` decides the schema, its values which variant's fields are shown, such as those of a dataset
 */
export function formSections(spec: DraftTree): FormSection[] {
  return sectionsOf(SCHEMAS[spec['kind'] === 'classifier' ? 'classifier' : 'localLearning'], spec)
}

/** The sections of any form, by walking its schema: values without a group first, under one heading. */
export function sectionsOf(schema: z.ZodObject, spec: DraftTree): FormSection[] {
  const plain: FormField[] = []
  const groups: FormSection[] = []
  for (const [key, inner] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
    const { fields, lists } = partsOf(key, inner, spec[key])
    if (fieldMeta(inner) !== undefined) plain.push(...fields)
    else if (fields.length > 0 || lists.length > 0) groups.push({ id: key, title: TITLES[key] ?? key, fields, lists })
  }
  return [{ id: 'identity', title: TITLES[''] ?? '', fields: plain, lists: [] }, ...groups]
}

/** Every field of a section, those of its lists too. */
export const fieldsOf = ({ fields, lists }: FormSection): FormField[] => [
  ...fields,
  ...lists.flatMap(({ entries }) => entries.flat()),
]
