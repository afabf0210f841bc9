import { onScopeDispose, watch } from 'vue'
import type { ComparedProbes } from '../../../contract/compare/probes.js'
import type { Comparison } from '../../../contract/compare/comparison.js'
import { useLink } from '../../composables/useLink.js'
import { useQuery, type Query } from '../../composables/useQuery.js'

/** Stored spectra and robustness passes of the compared groups; read again when a sweep or a run ends. */
export function useProbes(comparison: () => Comparison | null): Query<ComparedProbes> {
  const link = useLink()
  const groups = (): string[][] => (comparison()?.groups ?? []).map(({ runs }) => runs.map(({ id }) => id))
  const query = useQuery((signal) => link.call('compare.probes', { groups: groups() }, { signal }))
  const read = (): void => {
    if (groups().length === 0) query.clear()
    else void query.run()
  }
  watch(() => groups().join(';'), read, { immediate: true })
  const stops = [
    link.listen('robustness.changed', ({ record }) => (record.state === 'finished' ? read() : undefined), read),
    link.listen('run.changed', ({ record }) => {
      if (record.state === 'finished' && groups().flat().includes(record.id)) read()
    }),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  return query
}
