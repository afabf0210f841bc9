import { REDUCERS, type ColumnReference, type Reducer } from './column.js'
import type { Comparison, QueryNode, QueryValue } from './query.js'
import { queryCursor, type QueryCursor } from './queryCursor.js'
import { queryError, type QuerySpan } from './queryTokens.js'

/** More nested brackets than any reader follows; deeper ones would exhaust the stack. */
const MOST_NESTED = 100
const KEYWORDS = ['and', 'or', 'in', 'not']

const isReducer = (name: string): name is Reducer => (REDUCERS as readonly string[]).includes(name)

function readEpoch(cursor: QueryCursor): number {
  if (!cursor.isKind('comma')) throw queryError('at(…) needs an epoch, such as at(testAccuracy, 50)', cursor.place())
  cursor.skip()
  const written = cursor.value('the comma')
  const epoch = Number(written.text)
  if (!Number.isInteger(epoch) || epoch < 0)
    throw queryError(`expected an epoch of 0 or more, got ${written.text}`, written)
  return epoch
}

/** The name of a column, quoted if it contains spaces, or a reducer of one. */
function readColumn(cursor: QueryCursor): { column: ColumnReference; columnAt: QuerySpan } {
  const first = cursor.value('the operator')
  if (first.quoted || !isReducer(first.text) || !cursor.isKind('open'))
    return { column: { name: first.text, reducer: null, epoch: null }, columnAt: first }
  cursor.skip()
  const { text: name } = cursor.value(`${first.text}(`)
  const epoch = first.text === 'at' ? readEpoch(cursor) : null
  cursor.expect('close', '“)”', `after ${first.text}(${name}`)
  return { column: { name, reducer: first.text, epoch }, columnAt: { from: first.from, to: cursor.end() } }
}

function readList(cursor: QueryCursor, written: string): QueryValue[] {
  cursor.expect('open', '“(”', `after ${written} in`)
  const values = [cursor.value(`${written} in (`)]
  while (cursor.isKind('comma')) {
    cursor.skip()
    values.push(cursor.value('the comma'))
  }
  cursor.expect('close', '“)”', `at the end of the values of ${written}`)
  return values
}

function readComparison(cursor: QueryCursor): QueryNode {
  const { from } = cursor.place()
  const found = readColumn(cursor)
  const written = cursor.since(from)
  const made = (comparison: Comparison, values: QueryValue[]): QueryNode => ({
    kind: 'compare',
    ...found,
    comparison,
    values,
    from,
    to: cursor.end(),
  })
  const negated = cursor.isWord('not') && cursor.isWord('in', 1)
  if (negated) cursor.skip()
  if (cursor.isWord('in')) {
    cursor.skip()
    const node = made('in', readList(cursor, written))
    return negated ? { kind: 'not', of: node } : node
  }
  const operator = cursor.peek()
  if (operator?.kind !== 'operator')
    throw queryError(`expected an operator after ${written}, such as = or >`, cursor.place())
  cursor.skip()
  return made(operator.text, [cursor.value(`${written} ${operator.text}`)])
}

function isComparison(cursor: QueryCursor): boolean {
  const token = cursor.peek()
  if (cursor.isKind('operator', 1)) return true
  if (token?.kind === 'word' && isReducer(token.text) && cursor.isKind('open', 1)) return true
  return (
    (cursor.isWord('in', 1) && cursor.isKind('open', 2)) ||
    (cursor.isWord('not', 1) && cursor.isWord('in', 2) && cursor.isKind('open', 3))
  )
}

function readTerm(cursor: QueryCursor, depth: number): QueryNode {
  const token = cursor.peek()
  if (token === undefined) throw queryError('expected a condition, but the query ends here', cursor.place())
  if (depth > MOST_NESTED) throw queryError(`more than ${MOST_NESTED} nested conditions`, token)
  if (token.kind === 'minus' || (cursor.isWord('not') && !cursor.isKind('operator', 1))) {
    cursor.skip()
    return { kind: 'not', of: readTerm(cursor, depth + 1) }
  }
  if (token.kind === 'open') {
    cursor.skip()
    const inner = readOr(cursor, depth + 1)
    cursor.expect('close', '“)”', 'after the condition')
    return inner
  }
  if (cursor.isWord('has') && cursor.isKind('operator', 1)) {
    cursor.skip(2)
    return { kind: 'has', ...readColumn(cursor) }
  }
  if (token.kind !== 'word' && token.kind !== 'quoted')
    throw queryError(`expected a condition, but got “${cursor.textOf(token)}”`, token)
  if (isComparison(cursor)) return readComparison(cursor)
  if (token.kind === 'word' && KEYWORDS.includes(token.text.toLowerCase()))
    throw queryError(`expected a condition before “${token.text}”; quote the word to search for it`, token)
  cursor.skip()
  return { kind: 'text', text: token.text }
}

const many = (kind: 'and' | 'or', of: QueryNode[]): QueryNode => (of.length === 1 ? (of[0] as QueryNode) : { kind, of })

function readAnd(cursor: QueryCursor, depth: number): QueryNode {
  const parts = [readTerm(cursor, depth)]
  while (cursor.peek() !== undefined && !cursor.isKind('close') && !cursor.isWord('or')) {
    if (cursor.isWord('and') && !cursor.isKind('operator', 1)) cursor.skip()
    parts.push(readTerm(cursor, depth))
  }
  return many('and', parts)
}

function readOr(cursor: QueryCursor, depth: number): QueryNode {
  const parts = [readAnd(cursor, depth)]
  while (cursor.isWord('or')) {
    cursor.skip()
    parts.push(readAnd(cursor, depth))
  }
  return many('or', parts)
}

/**
 * Parses a query such as `accuracy > .5 and tag:paper and hiddenUnits in (1000, 2000)`.
 *
 * or := and {"or" and};  and := not {["and"] not};  not := ("not" | "-") not | "(" or ")" | term
 * term := column (operator value | ["not"] "in" "(" value {"," value} ")") | "has:" column | text
 * column := name | reducer "(" name ["," epoch] ")"
 *
 * @param text - empty for all runs
 * @throws LabError `query.invalid`; its details `from` and `to` are the place in the text, in UTF-16 units
 */
export function parseQuery(text: string): QueryNode {
  const cursor = queryCursor(text)
  if (cursor.peek() === undefined) return { kind: 'all' }
  const tree = readOr(cursor, 0)
  const left = cursor.peek()
  if (left !== undefined) throw queryError(`there is no “(” for this “${cursor.textOf(left)}”`, left)
  return tree
}

/**
 * Parses the name of a column alone: `accuracy`, `min(loss)`, `at(testAccuracy, 50)`.
 *
 * @throws LabError `query.invalid`
 */
export function parseColumn(text: string): ColumnReference {
  const cursor = queryCursor(text)
  const { column } = readColumn(cursor)
  const left = cursor.peek()
  if (left !== undefined) throw queryError(`expected the name of a column, got “${text}”`, left)
  return column
}
