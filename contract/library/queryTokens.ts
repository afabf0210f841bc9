import { LabError } from '../errors.js'

/** A part of a query's text, `from` and `to` in UTF-16 units, `to` exclusive. */
export interface QuerySpan {
  from: number
  to: number
}

export type QueryOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | ':'

export type QueryToken = QuerySpan &
  (
    | { kind: 'word'; text: string }
    /** Quoted; never an operator, a number or a keyword. */
    | { kind: 'quoted'; text: string }
    | { kind: 'operator'; text: QueryOperator }
    | { kind: 'open' | 'close' | 'comma' | 'minus' }
  )

/** The refusal of a query, with the place that it concerns. */
export const queryError = (message: string, { from, to }: QuerySpan, details: Record<string, unknown> = {}): LabError =>
  new LabError('query.invalid', message, { from, to, ...details })

const OPERATORS: readonly [text: string, operator: QueryOperator][] = [
  ['!=', '!='],
  ['<=', '<='],
  ['>=', '>='],
  ['==', '='],
  ['=', '='],
  ['<', '<'],
  ['>', '>'],
  ['~', '~'],
  [':', ':'],
  ['≠', '!='],
  ['≤', '<='],
  ['≥', '>='],
]
const MARKS = { '(': 'open', ')': 'close', ',': 'comma' } as const
const isMark = (char: string): char is keyof typeof MARKS => Object.hasOwn(MARKS, char)
const WORD = /[^\s()<>=!~:,"'≠≤≥]/

function quotedAt(text: string, from: number): QueryToken {
  const quote = text[from]
  let content = ''
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] as string
    if (char === '\\' && at + 1 < text.length) content += text[++at]
    else if (char === quote) return { kind: 'quoted', text: content, from, to: at + 1 }
    else content += char
  }
  throw queryError(`the quotation mark at position ${from + 1} has no closing one; add ${quote}`, {
    from,
    to: text.length,
  })
}

function wordAt(text: string, from: number): QueryToken {
  let to = from
  while (to < text.length && WORD.test(text[to] as string)) to++
  return { kind: 'word', text: text.slice(from, to), from, to }
}

/**
 * Splits a query into tokens.
 *
 * @throws LabError `query.invalid` with `from` and `to` in its details
 */
export function queryTokens(text: string): QueryToken[] {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    const operator = OPERATORS.find(([written]) => text.startsWith(written, at))
    const before = tokens.at(-1)?.kind
    const isValue = before === 'operator' || before === 'comma'
    let token: QueryToken
    if (/\s/.test(char)) {
      at += 1
      continue
    } else if (isMark(char)) token = { kind: MARKS[char], from: at, to: at + 1 }
    else if (char === '"' || char === "'") token = quotedAt(text, at)
    else if (operator !== undefined)
      token = { kind: 'operator', text: operator[1], from: at, to: at + operator[0].length }
    else if (char === '!' || (char === '-' && !isValue && /[^\d.\s]/.test(text[at + 1] ?? ' ')))
      token = { kind: 'minus', from: at, to: at + 1 }
    else token = wordAt(text, at)
    tokens.push(token)
    at = token.to
  }
  return tokens
}
