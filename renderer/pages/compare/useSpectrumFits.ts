import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { PowerLawFit } from '../../../contract/index.js'
import type { ComparedSpectrum } from '../../../contract/compare/probes.js'
import { useLink } from '../../composables/useLink.js'

/** A fit of a spectrum for the window of the page; the note says why there is none. */
export interface WindowFit {
  fit: PowerLawFit | null
  note: string | null
}

/** Delay before the lab fits a window that is being moved. */
const REST_MS = 120

/** Fits of spectra for one window. @param window - null takes the fits as they are stored */
export function useSpectrumFits(
  spectra: () => readonly ComparedSpectrum[],
  window: () => readonly [number, number] | null,
): Readonly<ShallowRef<ReadonlyMap<ComparedSpectrum, WindowFit>>> {
  const link = useLink()
  const fits = shallowRef<ReadonlyMap<ComparedSpectrum, WindowFit>>(new Map())
  let timer = 0
  let opened = 0
  const read = async (): Promise<void> => {
    const mine = ++opened
    const asked = window()
    const found = await Promise.all(
      spectra().map(async (spectrum): Promise<readonly [ComparedSpectrum, WindowFit]> => {
        const { eigenvalues, rank, fit, fitNote } = spectrum
        const isStored = asked === null || (fit?.window[0] === asked[0] && fit.window[1] === asked[1])
        if (isStored) return [spectrum, { fit, note: fitNote }]
        const last = Math.min(asked[1], eigenvalues.length)
        const made = await link
          .call('spectrum.fits', { eigenvalues, window: [asked[0], last], rank })
          .catch(() => ({ fit: null, fitNote: 'the window does not fit this spectrum' }))
        return [spectrum, { fit: made.fit, note: made.fitNote }]
      }),
    )
    if (mine === opened) fits.value = new Map(found)
  }
  watch(
    () => [spectra(), window()?.join()] as const,
    (_now, before) => {
      globalThis.clearTimeout(timer)
      if (before === undefined) void read()
      else timer = globalThis.setTimeout(() => void read(), REST_MS) as unknown as number
    },
    { immediate: true },
  )
  onScopeDispose(() => globalThis.clearTimeout(timer))
  return fits
}
