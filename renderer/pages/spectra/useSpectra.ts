import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import {
  asLabError,
  type LabError,
  type MeasuredRequest,
  type ModelSpectrum,
  type SpectrumRequest,
} from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import {
  dependsOnWindow,
  exceptWindow,
  requestOf,
  sameWindow,
  SCOPES,
  type ScopeName,
  type SpectraRow,
  type SpectraSetup,
  type Window,
} from './spectraSetup.js'

/** A measurement that the page needs. */
interface Wanted {
  row: SpectraRow
  scope: ScopeName
  request: MeasuredRequest
  key: string
}

/** How far measuring is. */
export interface MeasuringProgress {
  /** Number of this measurement in the current batch, from 1. */
  number: number
  count: number
  label: string
  scope: ScopeName
  /** Steps inside this one; total null before the first. */
  done: number
  total: number | null
  /** Of this one, from the pace of its steps; null before the first. */
  secondsLeft: number | null
}

/** The spectra that the page shows, and how the missing ones come. */
export interface Spectra {
  missing: ComputedRef<number>
  progress: Readonly<ShallowRef<MeasuringProgress | null>>
  /** Parts fitted with a window may belong to another window than the current one: see its request. */
  spectrum(row: SpectraRow, scope: ScopeName): ModelSpectrum | null
  failure(row: SpectraRow, scope: ScopeName): LabError | null
  /** Measures missing spectra sequentially; a failure does not stop the others. */
  measure(): Promise<void>
  cancel(): void
  /** Loads earlier measurements without starting new ones. */
  recall(): Promise<void>
}

/** A request as text that does not depend on the order of its keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** What of a request decides the eigenvalues: neither window nor bands, nulls and checks around them. */
const bare = (request: SpectrumRequest): string =>
  canonical({ ...request, window: null, mapSize: 0, resamples: 0, shuffles: 0, crossValidation: null })

/**
 * Measures spectra of the chosen models for both scopes and keeps them by what they were asked with, so that a change of the setup that
 * is taken back costs nothing.
 *
 * @param windows - of each scope at this moment
 */
export function useSpectra(
  setup: () => SpectraSetup,
  rows: () => readonly SpectraRow[],
  windows: () => Readonly<Record<ScopeName, Window>>,
): Spectra {
  const link = useLink()
  const spectra = shallowRef<ReadonlyMap<string, ModelSpectrum>>(new Map())
  const failures = shallowRef<ReadonlyMap<string, LabError>>(new Map())
  const progress = shallowRef<MeasuringProgress | null>(null)
  let current: AbortController | null = null
  let startedMs = 0

  const wantedOf = (row: SpectraRow, scope: ScopeName): Wanted => {
    const request = requestOf(setup(), row, scope, windows()[scope])
    return { row, scope, request, key: exceptWindow(request) }
  }
  const wanted = computed(() => rows().flatMap((row) => SCOPES.map((scope) => wantedOf(row, scope))))
  const missing = computed(() =>
    wanted.value.filter(({ key, request }) => {
      const known = spectra.value.get(key)
      return known === undefined || (dependsOnWindow(request) && !sameWindow(known.request.window, request.window))
    }),
  )
  const cancel = (): void => {
    current?.abort()
    current = null
    progress.value = null
  }
  const fetch = async (list: readonly Wanted[]): Promise<void> => {
    cancel()
    const mine = (current = new AbortController())
    for (const [index, { row, scope, request, key }] of list.entries()) {
      startedMs = performance.now()
      progress.value = {
        number: index + 1,
        count: list.length,
        label: row.label,
        scope,
        done: 0,
        total: null,
        secondsLeft: null,
      }
      try {
        const spectrum = await link.call('spectrum.ofModel', request, { signal: mine.signal })
        if (current !== mine) return
        spectra.value = new Map(spectra.value).set(key, spectrum)
        const left = new Map(failures.value)
        if (left.delete(key)) failures.value = left
      } catch (thrown) {
        if (current !== mine) return
        failures.value = new Map(failures.value).set(key, asLabError(thrown))
      }
    }
    cancel()
  }
  onScopeDispose(cancel)
  onScopeDispose(
    link.listen('lab.progress', ({ topic, done, total }) => {
      if (topic === 'spectrum.ofModel' && progress.value !== null)
        progress.value = {
          ...progress.value,
          done,
          total,
          secondsLeft:
            total === null || done < 2 ? null : ((performance.now() - startedMs) / 1000 / done) * (total - done),
        }
    }),
  )
  return {
    missing: computed(() => missing.value.length),
    progress,
    cancel,
    // Bands and references may still be missing; the spectrum stays on screen meanwhile.
    spectrum: (row, scope) => {
      const { key, request } = wantedOf(row, scope)
      return (
        spectra.value.get(key) ??
        [...spectra.value.values()].findLast((known) => bare(known.request) === bare(request)) ??
        null
      )
    },
    failure: (row, scope) => failures.value.get(wantedOf(row, scope).key) ?? null,
    measure: () => fetch(missing.value),
    recall: async () => {
      // A measurement for another window can be reused unless the window was part of it.
      const comparable = (request: SpectrumRequest): string =>
        canonical(dependsOnWindow(request) ? request : { ...request, window: null })
      const known = new Map(
        (await link.call('spectrum.list', null).catch(() => [])).map(({ request }) => [comparable(request), request]),
      )
      const stored = missing.value.flatMap((wanted) => {
        const request = known.get(comparable(wanted.request))
        return request === undefined ? [] : [{ ...wanted, request }]
      })
      if (stored.length > 0 && current === null) await fetch(stored)
    },
  }
}
