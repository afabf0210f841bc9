import type { AddressForm } from '../../composables/useAddress.js'

/** A column by which the table is sorted. */
export interface SortKey {
  column: string
  descending: boolean
}

/** Names of columns in a text: `accuracy, at(testAccuracy, 50)`; commas inside brackets and quotation marks belong to a name. */
export const columnsOfText = (text: string): string[] =>
  (text.match(/(?:"[^"]*"|\([^)]*\)|[^,])+/g) ?? []).map((name) => name.trim()).filter((name) => name !== '')

export const COLUMNS: AddressForm<readonly string[]> = {
  read: columnsOfText,
  write: (columns) => columns.join(','),
}

/** `-accuracy` is accuracy, largest first. */
export const SORTING: AddressForm<readonly SortKey[]> = {
  read: (text) =>
    columnsOfText(text).map((name) => ({ column: name.replace(/^-/, ''), descending: name.startsWith('-') })),
  write: (keys) => keys.map(({ column, descending }) => `${descending ? '-' : ''}${column}`).join(','),
}

const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'in', 'not'])

/** A value or name as a query writes it, in quotation marks where it has spaces or operators. */
export const queryWord = (text: string): string =>
  /^[^\s()<>=!~:,"'≠≤≥-][^\s()<>=!~:,"'≠≤≥]*$/.test(text) && !KEYWORDS.has(text.toLowerCase())
    ? text
    : `"${text.replaceAll(/["\\]/g, '\\$&')}"`

/** The query that an address of the earlier page means: every word is searched for. */
export const queryOfFilter = (filter: string): string =>
  filter
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(queryWord)
    .join(' ')

/** The next order after a click on a head: largest first, smallest first for texts, the other direction, none. */
export function nextSort(
  keys: readonly SortKey[],
  column: string,
  { add, descendingFirst }: { add: boolean; descendingFirst: boolean },
): SortKey[] {
  const known = keys.find((key) => key.column === column)
  const next: SortKey[] =
    known === undefined
      ? [{ column, descending: descendingFirst }]
      : known.descending === descendingFirst
        ? [{ column, descending: !descendingFirst }]
        : []
  if (!add) return next
  if (known === undefined) return [...keys, ...next]
  return keys.flatMap((key) => (key.column === column ? next : [key]))
}
