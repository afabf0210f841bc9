import { numericalRank, type ModelSpectrum } from '../../contract/index.js'
import type { WorkerThread } from '../compute/workerThread.js'
import type { ResultStore } from './resultStore.js'

/** As programs before numerical ranks stored it. */
type OldSpectrum = Omit<ModelSpectrum, 'rank' | 'mapNote' | 'warnings'> &
  Partial<Pick<ModelSpectrum, 'rank' | 'mapNote' | 'warnings'>>

/**
 * Spectra of the archive, where those of older programs get their numerical rank. What these fitted to rounding errors is fitted again
 * when it is read; the files stay as they are.
 */
export function rankedSpectra(
  store: ResultStore<OldSpectrum>,
  analysis: Pick<WorkerThread, 'ask'>,
): ResultStore<ModelSpectrum> {
  const ranked = async (spectrum: OldSpectrum): Promise<ModelSpectrum> => {
    const { rank: stored, mapNote = null, warnings } = spectrum
    if (stored !== undefined && warnings !== undefined) return { ...spectrum, rank: stored, mapNote, warnings }
    const {
      eigenvalues,
      images,
      request: { window, mapSize },
      map,
      fit,
      bootstrap,
    } = spectrum
    const rank = numericalRank(eigenvalues, { images })
    const fits = await analysis.ask('spectrumFits', { eigenvalues, window, rank })
    const isBeyondRank = (fit?.window[1] ?? 0) > rank
    const beyond = map !== null && (map.ends.at(-1) ?? 0) > rank
    const made = beyond ? await analysis.ask('windowMap', { eigenvalues, size: mapSize, rank }).catch(() => null) : map
    return {
      ...spectrum,
      ...fits,
      rank,
      map: made,
      mapNote: beyond && made === null ? `the numerical rank (${rank}) is too small for a window map` : null,
      // Its resamples are not kept, so that a slope over rounding errors cannot be mended.
      bootstrap: bootstrap === null || !isBeyondRank ? bootstrap : { ...bootstrap, slope: null },
    }
  }
  const orNull = async (spectrum: OldSpectrum | null): Promise<ModelSpectrum | null> =>
    spectrum === null ? null : ranked(spectrum)
  return {
    ids: () => store.ids(),
    find: async (id) => orNull(await store.find(id)),
    read: async (id) => ranked(await store.read(id)),
    list: async () => Promise.all((await store.list()).map(ranked)),
    write: (spectrum) => store.write(spectrum),
    remove: (id) => store.remove(id),
  }
}
