import type { RunId } from '../../contract/index.js'
import { MOST_COMPARED, type GroupingRequest } from '../../contract/compare/request.js'
import { parseColumn } from '../../contract/library/parseQuery.js'
import { SPECIFICATION } from '../../contract/library/table.js'
import type { Library } from '../library/library.js'
import { tableLines } from '../library/tableLines.js'

type GroupSources = { library: Pick<Library, 'table' | 'chosen'> }

const keysOf = (groupBy: GroupingRequest['groupBy']): string[] =>
  groupBy === 'seeds' ? [SPECIFICATION] : groupBy === 'runs' ? [] : groupBy

/** Groups among these runs alone, wherever they are by now; nothing is read of the others. */
async function groupsAmong(
  { library }: GroupSources,
  ids: readonly RunId[],
  query: string,
  keys: readonly string[],
): Promise<RunId[][]> {
  const { rows, columns } = await library.chosen(ids, keys.filter((name) => name !== SPECIFICATION).map(parseColumn))
  return (['library', 'trash'] as const).flatMap((from) =>
    tableLines(rows, columns, { query, groupBy: [...keys], from }, Date.now()).lines.map((line) =>
      line.rows.flatMap((row) => rows[row]?.record.id ?? []),
    ),
  )
}

/**
 * Divides runs into groups, in the order of their first runs. With `seeds`, runs that are all seeds of one experiment are compared with
 * each other. Ids that the archive does not have stay, each by itself: the comparison says so.
 *
 * @throws LabError `query.invalid`
 */
export async function comparedGroups(
  sources: GroupSources,
  { ids, query, groupBy }: GroupingRequest,
): Promise<RunId[][]> {
  const keys = keysOf(groupBy)
  const found =
    ids === null
      ? (await sources.library.table({ query, groupBy: keys }, true)).lines.map((line) => line.ids)
      : await groupsAmong(sources, ids, query, keys)
  const order = new Map((ids ?? found.flat()).map((id, place) => [id, place]))
  const placeOf = (id: RunId | undefined): number => order.get(id ?? '') ?? Infinity
  const grouped = new Set(found.flat())
  const all = [
    ...found.map((line) => [...line].sort((a, b) => placeOf(a) - placeOf(b))),
    ...(ids ?? []).filter((id) => !grouped.has(id) && query === '').map((id) => [id]),
  ].sort(([a], [b]) => placeOf(a) - placeOf(b))
  const [only = []] = all
  return groupBy === 'seeds' && all.length === 1 && only.length > 1 && only.length <= MOST_COMPARED
    ? only.map((id) => [id])
    : all
}
