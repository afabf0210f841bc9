import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { ColumnFacts } from '../../../contract/library/column.js'
import type { SavedView } from '../../../contract/library/edits.js'
import { useLink } from '../../composables/useLink.js'
import { COUNTED, countsOf, type LibraryCounts } from './treeOf.js'
import { createRunNews } from './runNews.js'
import { useSoon } from './useSoon.js'

/** Runs of a view, or null while it is not counted or its query is wrong. */
export interface CountedView extends SavedView {
  runs: number | null
}

/** Views, counts of folders and tags, and the columns that runs have; refreshed after edits. */
export interface LibraryTree {
  readonly counts: Readonly<ShallowRef<LibraryCounts | null>>
  readonly trashed: Readonly<ShallowRef<number>>
  readonly views: Readonly<ShallowRef<Readonly<Record<string, CountedView>>>>
  readonly facts: Readonly<ShallowRef<readonly ColumnFacts[]>>
  readonly totalColumns: Readonly<ShallowRef<number>>
}

/** Counts follow changes at most this often; they read the whole library. */
const COUNT_EVERY_MS = 1000
const MOST_COLUMNS = 1000

export function useLibraryTree(): LibraryTree {
  const link = useLink()
  const counts = shallowRef<LibraryCounts | null>(null)
  const trashed = shallowRef(0)
  const views = shallowRef<Readonly<Record<string, CountedView>>>({})
  const facts = shallowRef<readonly ColumnFacts[]>([])
  const totalColumns = shallowRef(0)
  let counting = false
  let again = false

  const countRuns = async (): Promise<void> => {
    const { lines } = await link.call('library.table', { groupBy: [...COUNTED] })
    // All runs of such a group have the same cells, so one of them is enough.
    const firsts = lines.map(({ ids }) => ids.slice(0, 1))
    counts.value = countsOf(lines, await link.call('library.cells', { lines: firsts, columns: [...COUNTED] }))
    trashed.value = (await link.call('library.table', { from: 'trash' })).total
  }
  const countViews = async (): Promise<void> => {
    const found = await link.call('library.views', null)
    views.value = Object.fromEntries(
      Object.entries(found).map(([name, view]) => [name, { ...view, runs: views.value[name]?.runs ?? null }]),
    )
    for (const [name, view] of Object.entries(found)) {
      const runs = await link.call('library.table', { query: view.query }).then(
        ({ matching }) => matching,
        () => null,
      )
      views.value = { ...views.value, [name]: { ...view, runs } }
    }
  }
  const countColumns = async (): Promise<void> => {
    const answer = await link.call('library.columns', { search: '', count: MOST_COLUMNS })
    facts.value = answer.columns
    totalColumns.value = answer.total
  }
  const count = async (): Promise<void> => {
    if (counting) {
      again = true
      return
    }
    counting = true
    do {
      again = false
      // The old counts stay when the lab cannot be reached; the link listens again by itself.
      await countRuns()
        .then(countViews)
        .then(countColumns)
        .catch(() => undefined)
    } while (again)
    counting = false
  }
  const isNews = createRunNews()
  const soon = useSoon(COUNT_EVERY_MS, () => void count())
  soon()
  const stops = [
    link.listen('library.changed', soon, soon),
    link.listen('run.changed', ({ record }) => (isNews(record) ? soon() : undefined), soon),
    link.listen('run.removed', soon, soon),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  return { counts, trashed, views, facts, totalColumns }
}
