import type { RunId } from '../../contract/index.js'
import { MOST_COMPARED, type GroupingRequest } from '../../contract/compare/request.js'
import { SPECIFICATION } from '../../contract/library/table.js'
import type { Library } from '../library/library.js'

/**
 * Divides runs into groups, in the order of their first runs. With `seeds`, runs that are all seeds of one experiment are compared with
 * each other. Ids that the archive does not have stay, each by itself: the comparison says so.
 *
 * @throws LabError `query.invalid`
 */
export async function comparedGroups(
  { library }: { library: Pick<Library, 'table'> },
  { ids, query, groupBy }: GroupingRequest,
): Promise<RunId[][]> {
  const keys = groupBy === 'seeds' ? [SPECIFICATION] : groupBy === 'runs' ? [] : groupBy
  const linesOf = async (from: 'library' | 'trash'): Promise<RunId[][]> =>
    (await library.table({ query, groupBy: keys, from }, true)).lines.map((line) => line.ids)
  const found = await linesOf('library')
  const known = new Set(found.flat())
  // Runs that were chosen by their ids may be in the trash by now.
  const trashed = ids?.every((id) => known.has(id)) === false ? await linesOf('trash') : []
  const order = new Map((ids ?? found.flat()).map((id, place) => [id, place]))
  const placeOf = (id: RunId | undefined): number => order.get(id ?? '') ?? Infinity
  const groups = [...found, ...trashed]
    .map((line) => line.filter((id) => order.has(id)).sort((a, b) => placeOf(a) - placeOf(b)))
    .filter((line) => line.length > 0)
  const grouped = new Set(groups.flat())
  const all = [...groups, ...(ids ?? []).filter((id) => !grouped.has(id)).map((id) => [id])].sort(
    ([a], [b]) => placeOf(a) - placeOf(b),
  )
  const [only = []] = all
  return groupBy === 'seeds' && all.length === 1 && only.length > 1 && only.length <= MOST_COMPARED
    ? only.map((id) => [id])
    : all
}
