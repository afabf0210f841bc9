import type { QueryValue } from './query.js'
import { queryError, queryTokens, type QuerySpan, type QueryToken } from './queryTokens.js'

/** Reads the tokens of a query one after the other. */
export interface QueryCursor {
  /** The token `ahead` places further; undefined after the last one. */
  peek(ahead?: number): QueryToken | undefined
  isWord(word: string, ahead?: number): boolean
  isKind(kind: QueryToken['kind'], ahead?: number): boolean
  skip(count?: number): void
  /** The next token, or the end of the text: where a message points. */
  place(): QuerySpan
  textOf(token: QuerySpan): string
  /** The text from a place to the last token that was read. */
  since(from: number): string
  /** The end of the last token that was read. */
  end(): number
  /** The next token as a value. @throws LabError `query.invalid` */
  value(after: string): QueryValue
  /** Skips a bracket. @throws LabError `query.invalid` */
  expect(kind: 'open' | 'close', mark: string, after: string): void
}

/** @throws LabError `query.invalid` for a text that has no tokens, such as an open quotation */
export function queryCursor(text: string): QueryCursor {
  const tokens = queryTokens(text)
  let at = 0
  const peek = (ahead = 0): QueryToken | undefined => tokens[at + ahead]
  const place = (): QuerySpan => peek() ?? { from: text.length, to: text.length }
  const got = (token: QueryToken | undefined): string =>
    token === undefined ? 'the query ends here' : `got “${text.slice(token.from, token.to)}”`
  const end = (): number => tokens[at - 1]?.to ?? 0
  return {
    peek,
    place,
    end,
    textOf: ({ from, to }) => text.slice(from, to),
    since: (from) => text.slice(from, end()),
    isWord: (word, ahead = 0) => {
      const token = peek(ahead)
      return token?.kind === 'word' && token.text.toLowerCase() === word
    },
    isKind: (kind, ahead = 0) => peek(ahead)?.kind === kind,
    skip: (count = 1) => void (at += count),
    value: (after) => {
      const token = peek()
      if (token?.kind !== 'word' && token?.kind !== 'quoted')
        throw queryError(`expected a value after ${after}, but ${got(token)}`, place())
      at += 1
      return { text: token.text, quoted: token.kind === 'quoted', from: token.from, to: token.to }
    },
    expect: (kind, mark, after) => {
      const token = peek()
      if (token?.kind !== kind) throw queryError(`expected ${mark} ${after}, but ${got(token)}`, place())
      at += 1
    },
  }
}
