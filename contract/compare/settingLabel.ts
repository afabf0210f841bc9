import { z } from 'zod'
import { EXPERIMENT_KINDS, experimentSpec } from '../experiment.js'
import { fieldMeta, type FieldMeta } from '../field.js'
import type { CellValue } from '../library/column.js'

/** The schemas that a value of this schema may have at a key, whichever variant it is. */
function childrenOf(schema: z.ZodType, key: string): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const child: unknown = schema.shape[key]
    return child instanceof z.ZodType ? [child] : []
  }
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion)
    return schema.options.flatMap((option) => (option instanceof z.ZodType ? childrenOf(option, key) : []))
  if (schema instanceof z.ZodArray) return schema.element instanceof z.ZodType ? [schema.element] : []
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    const inner: unknown = schema.unwrap()
    return inner instanceof z.ZodType ? childrenOf(inner, key) : []
  }
  return []
}

/** Remembers the answers of a function of a setting; imported runs have thousands of them. */
function remembered<Value>(find: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>()
  return (path) => {
    if (!known.has(path)) known.set(path, find(path))
    return known.get(path) as Value
  }
}

/** The field of a setting in the forms; undefined for imported settings and choices without a field. */
const fieldOf = remembered((path): FieldMeta | undefined => {
  let schemas: z.ZodType[] = [experimentSpec]
  for (const key of path.split('.')) schemas = schemas.flatMap((schema) => childrenOf(schema, key))
  return schemas.map((schema) => fieldMeta(schema)).find((meta) => meta !== undefined)
})

/** `hiddenUnits` as words: `hidden units`; abbreviations keep their capitals. */
const wordsOf = (name: string): string =>
  name.replace(
    /([a-z])([A-Z])(?=[a-z]|$)/g,
    (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`,
  )

/** `model.kind` is the model, and `kind` the kind of experiment. */
function plainLabel(path: string): string {
  if (path === 'kind') return 'experiment'
  const [last = path, before] = path.split('.').reverse()
  return wordsOf(last === 'kind' && before !== undefined && !/^\d+$/.test(before) ? before : last)
}

const NAMES = /^(Adam|Gabor|Gauss|Hebb|Jacobi|Lebesgue)/

/** The first letter small, unless the word is a name or a symbol: `hidden units`, but `L2 strength` and `Lebesgue norm`. */
const inSentence = (label: string): string =>
  /^[A-Z][a-z]/.test(label) && !NAMES.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label

/** The words for a setting without the list entry that it belongs to. */
export const shortLabel = remembered((path) => inSentence(fieldOf(path)?.label ?? plainLabel(path)))

/** The words for a setting inside a sentence: `layer.hiddenUnits` is `hidden units`, `regularisers.0.strength` is `regulariser 1 strength`. */
export const settingLabel = remembered((path): string => {
  const [, list, index] = /([^.]+)\.(\d+)(?:\.|$)/.exec(path) ?? []
  const own = shortLabel(path)
  return list === undefined || index === undefined
    ? own
    : `${wordsOf(list).replace(/s$/, '')} ${Number(index) + 1} ${own}`
})

/** The group of a setting, which distinguishes settings of one label: `layer: hidden units`. */
export function groupedLabel(path: string): string {
  const [group = ''] = path.split('.')
  return path.includes('.') ? `${wordsOf(group)}: ${settingLabel(path)}` : settingLabel(path)
}

/** What an empty value of a setting means, such as all images; null for a run without the group of the setting. */
export function emptyText(path: string, settings: Readonly<Record<string, CellValue>>): string | null {
  const meaning = fieldOf(path)?.empty
  const group = path.slice(0, path.lastIndexOf('.') + 1)
  if (meaning === undefined || group === '') return null
  return Object.keys(settings).some((other) => other.startsWith(group)) ? meaning : null
}

/** A choice as the forms name it; other texts as they are. */
export function choiceText(path: string, value: string): string {
  if (path === 'kind' && Object.hasOwn(EXPERIMENT_KINDS, value))
    return EXPERIMENT_KINDS[value as keyof typeof EXPERIMENT_KINDS].toLowerCase()
  return fieldOf(path)?.choices?.[value] ?? value
}
