import { computed, onScopeDispose, watch, type ComputedRef } from 'vue'
import type { RunId } from '../../../contract/index.js'
import type { TableAnswer, TableRequest } from '../../../contract/library/table.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { createRunNews } from './runNews.js'
import { useSoon } from './useSoon.js'

/** Lines of the table for a request, up to date. */
export interface LibraryTable {
  readonly answer: Query<TableAnswer>
  /** Milliseconds that the last answer took. */
  readonly tookMs: ComputedRef<number>
  /** The place of a wrong query, in UTF-16 units, with the message; null while the query is right. */
  readonly wrong: ComputedRef<{ from: number; to: number; message: string } | null>
}

/** Most refreshes in a second, whatever changes. */
const REFRESH_EVERY_MS = 200

/**
 * @param request - what the table shows
 * @param changed - called with the runs about which something changed; null where any may have
 */
export function useLibraryTable(
  request: () => TableRequest,
  changed: (ids: readonly RunId[] | null) => void,
): LibraryTable {
  const link = useLink()
  let tookMs = 0
  const answer = useQuery(async (signal) => {
    const sentMs = performance.now()
    const found = await link.call('library.table', request(), { signal })
    tookMs = performance.now() - sentMs
    return found
  })
  watch(
    () => JSON.stringify(request()),
    () => void answer.run(),
    { immediate: true },
  )
  const isNews = createRunNews()
  let waiting: Set<RunId> | null = new Set()
  let order = false
  const refresh = useSoon(REFRESH_EVERY_MS, () => {
    const ids = waiting === null ? null : [...waiting]
    const again = order
    waiting = new Set()
    order = false
    changed(ids)
    if (again) void answer.run()
  })
  const note = (ids: readonly RunId[] | null, lines = true): void => {
    if (ids === null) waiting = null
    else for (const id of ids) waiting?.add(id)
    order ||= lines
    refresh()
  }
  const gap = (): void => note(null)
  const listening = [
    // Without ids curves were read, which may fill any cell.
    link.listen('library.changed', ({ ids }) => note(ids.length === 0 ? null : ids), gap),
    link.listen('run.changed', ({ record }) => note([record.id], isNews(record)), gap),
    link.listen('run.removed', ({ id }) => note([id]), gap),
  ]
  onScopeDispose(() => listening.forEach((stop) => stop()))
  return {
    answer,
    tookMs: computed(() => (answer.value.value === null ? 0 : tookMs)),
    wrong: computed(() => {
      const error = answer.error.value
      if (error === null || error.code !== 'query.invalid') return null
      const { from, to } = error.details
      return typeof from === 'number' && typeof to === 'number' ? { from, to, message: error.message } : null
    }),
  }
}
