import type { ColumnReference } from './column.js'
import { parseColumn, parseQuery } from './parseQuery.js'
import type { QueryNode } from './query.js'
import { SPECIFICATION, type TableRequest } from './table.js'

function ofNode(node: QueryNode): ColumnReference[] {
  if (node.kind === 'and' || node.kind === 'or') return node.of.flatMap(ofNode)
  if (node.kind === 'not') return ofNode(node.of)
  return node.kind === 'compare' || node.kind === 'has' ? [node.column] : []
}

/** Every column that a table needs. @throws LabError `query.invalid` */
export function columnsOfTable({ query = '', sort = [], groupBy = [] }: TableRequest): ColumnReference[] {
  const names = [...sort.map(({ column }) => column), ...groupBy.filter((name) => name !== SPECIFICATION)]
  return [...ofNode(parseQuery(query)), ...names.map(parseColumn)]
}
