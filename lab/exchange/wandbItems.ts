import { protoFields, protoText } from './protobuf.js'

/** Fields of `HistoryItem`, `SummaryItem` and `ConfigItem`. */
const ITEM = { key: 1, nested: 2, json: 16 } as const
const NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity }
const LONGEST_JSON = 1 << 20
const DEEPEST_JSON = 100

/** Whether brackets are nested deeper than in any configuration; those inside texts count too. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const letter of text)
    if (letter === '[' || letter === '{') {
      depth += 1
      if (depth > DEEPEST_JSON) return true
    } else if (letter === ']' || letter === '}') depth -= 1
  return false
}

/** JSON as W&B writes it: also NaN and infinities. Undefined for what is none, or is too long to be a setting. */
function jsonOf(text: string): unknown {
  if (Object.hasOwn(NUMBERS, text)) return NUMBERS[text]
  if (text.length > LONGEST_JSON || isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A key with the keys inside it, and its value. */
function itemOf(bytes: Uint8Array): { path: string[]; value: unknown } {
  const nested: string[] = []
  let key = ''
  let value: unknown
  for (const field of protoFields(bytes)) {
    if (field.number === ITEM.key) key = protoText(field)
    else if (field.number === ITEM.nested) nested.push(protoText(field))
    else if (field.number === ITEM.json) value = jsonOf(protoText(field))
  }
  return { path: key === '' ? nested : [key, ...nested], value }
}

/** Items of a `HistoryRecord`, or updates of a `SummaryRecord` or `ConfigRecord`. */
export const itemsOf = (bytes: Uint8Array): ReturnType<typeof itemOf>[] =>
  [...protoFields(bytes)].filter(({ number }) => number === 1).map((field) => itemOf(field.bytes))

/** The parts of media (histograms, images, tables) carry a `_type`. */
export const mediaOf = (items: readonly { path: string[] }[]): ReadonlySet<string> =>
  new Set(items.filter(({ path }) => path.at(-1) === '_type').map(({ path }) => path.slice(0, -1).join('.')))

export const isInside = (path: readonly string[], media: ReadonlySet<string>): boolean =>
  path.some((_, place) => media.has(path.slice(0, place + 1).join('.')))

/** Numbers of a value, under their names; texts and lists are none. */
export function numbersOf(name: string, value: unknown, take: (name: string, value: number) => void, depth = 0): void {
  if (typeof value === 'number') take(name, value)
  else if (typeof value === 'boolean') take(name, value ? 1 : 0)
  else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 8 && !('_type' in value))
    for (const [key, inner] of Object.entries(value)) numbersOf(`${name}.${key}`, inner, take, depth + 1)
}
