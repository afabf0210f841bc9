import type { ColumnReference } from './column.js'
import type { QuerySpan } from './queryTokens.js'

/** How a value of a column is compared. `:` is membership for sets, containment for text, equality otherwise. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | ':' | 'in'

/** A value as it was written, with its place for messages. */
export interface QueryValue extends QuerySpan {
  text: string
  quoted: boolean
}

/** A query of the library as a tree. */
export type QueryNode =
  | { kind: 'all' }
  | { kind: 'and'; of: readonly QueryNode[] }
  | { kind: 'or'; of: readonly QueryNode[] }
  | { kind: 'not'; of: QueryNode }
  | ({
      kind: 'compare'
      column: ColumnReference
      /** The place of the column's name. */
      columnAt: QuerySpan
      comparison: Comparison
      values: readonly QueryValue[]
    } & QuerySpan)
  /** Whether the run has a value in the column. */
  | { kind: 'has'; column: ColumnReference; columnAt: QuerySpan }
  /** Text in the name, the id or a tag. */
  | { kind: 'text'; text: string }
