import type { ColumnFacts } from '../../../contract/library/column.js'
import { OPERATORS_OF } from '../../../contract/library/queryValues.js'
import { COLUMN_ALIASES } from '../../../contract/library/resolveColumn.js'
import { queryWord } from './libraryAddress.js'

/** One way to go on with a query. */
export interface CompletionOption {
  /** What is written into the query. */
  insert: string
  label: string
  note: string
}

/** Ways to go on at a place of a query; `from` to `to` is what an option replaces, in UTF-16 units. */
export interface Completion {
  from: number
  to: number
  options: readonly CompletionOption[]
}

const MOST_OPTIONS = 9
const NAME = String.raw`(?:[a-z]+\()?([\w.]+)(?:\s*,\s*\d+)?\)?`
const VALUE = new RegExp(String.raw`${NAME}\s*(?:!=|<=|>=|[=<>~:≠≤≥])\s*("?)([^\s"(),]*|(?<=")[^"]*)$`, 'i')
const LISTED = new RegExp(String.raw`${NAME}\s+in\s*\((?:[^()]*,)?\s*("?)([^"(),]*)$`, 'i')
const OPERATOR = new RegExp(String.raw`(?:^|[\s(-])${NAME}\s+$`, 'i')
const WORD = /(?:^|[\s(-])([\w.]*)$/

const folded = (text: string): string => text.toLowerCase()
const isAlias = (name: string): name is keyof typeof COLUMN_ALIASES => Object.hasOwn(COLUMN_ALIASES, name)

/** The column of a written name: its own, an alias, or the last part of a path. */
export function columnOf(facts: readonly ColumnFacts[], written: string): ColumnFacts | undefined {
  const name = folded(isAlias(written) ? COLUMN_ALIASES[written] : written)
  return (
    facts.find((column) => folded(column.name) === name) ??
    facts.find((column) => folded(column.name).endsWith(`.${name}`))
  )
}

/** Those that begin with what was written, then those that contain it. */
function ranked<Item>(items: readonly Item[], written: string, textOf: (item: Item) => string): Item[] {
  const wanted = folded(written)
  const starting = items.filter((item) => folded(textOf(item)).startsWith(wanted))
  const containing = items.filter((item) => folded(textOf(item)).includes(wanted) && !starting.includes(item))
  return [...starting, ...containing].slice(0, MOST_OPTIONS)
}

const valueOptions = (column: ColumnFacts, written: string): CompletionOption[] =>
  ranked(column.type === 'boolean' ? ['true', 'false'] : column.values, written, (value) => value)
    .filter((value) => value !== written)
    .map((value) => ({ insert: queryWord(value), label: value, note: '' }))

function nameOptions(facts: readonly ColumnFacts[], written: string): CompletionOption[] {
  const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
  return ranked(facts, written, ({ name }) => (folded(name).startsWith(folded(written)) ? name : lastPart(name))).map(
    ({ name, label, runs }) => ({
      insert: queryWord(name),
      label: name,
      note: label === name ? `${runs} runs` : label,
    }),
  )
}

/**
 * Names of columns, operators, values and tags that may follow at the caret.
 *
 * @param caret - in UTF-16 units
 * @param asked - whether the user asked for options, so that all names are offered before a letter is typed
 * @returns null where nothing is offered
 */
export function completionAt(
  text: string,
  caret: number,
  facts: readonly ColumnFacts[],
  asked: boolean,
): Completion | null {
  const before = text.slice(0, caret)
  const made = (length: number, options: readonly CompletionOption[]): Completion | null =>
    options.length === 0 ? null : { from: caret - length, to: caret, options }
  const value = VALUE.exec(before) ?? LISTED.exec(before)
  if (value !== null) {
    const [, name = '', quote = '', written = ''] = value
    if (name.toLowerCase() === 'has') return made(written.length, nameOptions(facts, written))
    const column = columnOf(facts, name)
    return column === undefined ? null : made(quote.length + written.length, valueOptions(column, written))
  }
  const operand = OPERATOR.exec(before)?.[1]
  const column = operand === undefined ? undefined : columnOf(facts, operand)
  if (column !== undefined)
    return made(
      0,
      OPERATORS_OF[column.type].map((operator) => ({
        insert: operator === 'in' ? 'in (' : `${operator} `,
        label: operator,
        note: '',
      })),
    )
  const written = WORD.exec(before)?.[1]
  if (written === undefined || (written === '' && !asked)) return null
  return made(
    written.length,
    nameOptions(facts, written).filter(({ insert }) => insert !== written),
  )
}
