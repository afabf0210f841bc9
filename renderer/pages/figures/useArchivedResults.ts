import { computed, onScopeDispose, type ComputedRef } from 'vue'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useLink } from '../../composables/useLink.js'
import type { ArchivedResults } from './archiveResults.js'

/** What the archive holds for figures, read again when sweeps or models come and go. */
export function useArchivedResults(): { archive: ComputedRef<ArchivedResults | null>; ask: Query<ArchivedResults> } {
  const link = useLink()
  const ask = useQuery(async (signal): Promise<ArchivedResults> => {
    const [sweeps, spectra, planes, models] = await Promise.all([
      link.call('robustness.list', null, { signal }),
      link.call('spectrum.list', null, { signal }),
      link.call('plane.list', null, { signal }),
      link.call('model.list', null, { signal }),
    ])
    return { sweeps, spectra, planes, models }
  })
  const refresh = (): void => void ask.run()
  for (const stop of [
    link.listen('robustness.changed', ({ record }) => (record.state === 'finished' ? refresh() : undefined), refresh),
    link.listen('robustness.removed', refresh),
    link.listen('model.changed', refresh),
  ])
    onScopeDispose(stop)
  refresh()
  return { archive: computed(() => ask.value.value), ask }
}
