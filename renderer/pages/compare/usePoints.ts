import { watch } from 'vue'
import { attackMeasureOf } from '../../../contract/compare/attackMeasure.js'
import type { Comparison } from '../../../contract/compare/comparison.js'
import type { CellValue } from '../../../contract/library/column.js'
import type { RunId } from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery, type Query } from '../../composables/useQuery.js'

/** Values of two columns by run. */
export interface PointValues {
  x: ReadonlyMap<RunId, CellValue>
  y: ReadonlyMap<RunId, CellValue>
}

/** Reads two measures or settings of every run of a comparison. */
export function usePoints(comparison: () => Comparison | null, x: () => string, y: () => string): Query<PointValues> {
  const link = useLink()
  const groups = (): RunId[][] => (comparison()?.groups ?? []).map(({ runs }) => runs.map(({ id }) => id))
  const read = async (column: string, signal: AbortSignal): Promise<ReadonlyMap<RunId, CellValue>> => {
    const ids = groups().flat()
    if (attackMeasureOf(column) !== null) {
      const found = await link.call('compare.runs', { groups: groups(), measures: [column], baseline: 0 }, { signal })
      return new Map(found.groups.flatMap(({ runs }) => runs.map(({ id, values }) => [id, values[0] ?? null] as const)))
    }
    const { cells } = await link.call(
      'library.cells',
      { lines: ids.map((id) => [id]), columns: [column], wait: true },
      { signal },
    )
    return new Map(ids.map((id, place) => [id, cells[place]?.[0]?.value ?? null]))
  }
  const query = useQuery(async (signal) => ({ x: await read(x(), signal), y: await read(y(), signal) }))
  watch(
    () => [x(), y(), comparison()] as const,
    ([first, second, found]) => {
      if (first === '' || second === '' || found === null) query.clear()
      else void query.run()
    },
    { immediate: true },
  )
  return query
}
