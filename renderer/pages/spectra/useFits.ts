import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ModelSpectrum, PowerLawFit, SpectrumFits } from '../../../contract/index.js'
import { quickFit } from '../../charts/powerLaw.js'
import { useLink } from '../../composables/useLink.js'
import { sameWindow, SCOPES, type ScopeName, type SpectraRow, type Window } from './spectraSetup.js'

/** How an exponent is estimated: all ranks alike, every octave alike, or with the interval of resampled images. */
export type Estimator = 'plain' | 'weighted' | 'bootstrap'

/** A fit as the page shows it; what is not known yet, or cannot be, is null. */
export interface ShownFit {
  slope: number
  standardError: number
  rSquared: number
  intercept: number
  curvature: number | null
  densityExponent: number | null
  /** Warnings about the exponent. */
  warnings: readonly string[]
  /** The fit of the lab; null while a window is dragged and the page uses its own estimate. */
  exact: PowerLawFit | null
}

interface Known {
  eigenvalues: Float64Array
  window: Window
  fits: SpectrumFits
}

/** Delay before the lab fits a window that was moved. */
const REST_MS = 120

/**
 * Fits of every spectrum for the window of its scope: at once by the page itself, then by the lab with everything about the window.
 *
 * @param spectrumOf - null where nothing is measured
 */
export function useFits(
  rows: () => readonly SpectraRow[],
  windows: () => Readonly<Record<ScopeName, Window>>,
  spectrumOf: (row: SpectraRow, scope: ScopeName) => ModelSpectrum | null,
): {
  fitOf(row: SpectraRow, scope: ScopeName, estimator: Estimator): ShownFit | null
  /** Why there is no fit; null where there is one, or where it is not known yet. */
  noteOf(row: SpectraRow, scope: ScopeName): string | null
} {
  const link = useLink()
  const known = shallowRef<ReadonlyMap<string, Known>>(new Map())
  const place = (row: SpectraRow, scope: ScopeName): string => `${scope} ${row.key}`
  const current = (row: SpectraRow, scope: ScopeName, spectrum: ModelSpectrum): SpectrumFits | null => {
    const window = windows()[scope]
    const mine = known.value.get(place(row, scope))
    if (mine !== undefined && mine.eigenvalues === spectrum.eigenvalues && sameWindow(mine.window, window))
      return mine.fits
    // A measurement includes the fits for its own window.
    return sameWindow(spectrum.request.window, window) ? spectrum : null
  }
  let timer = 0
  const ask = async (): Promise<void> => {
    const open = rows().flatMap((row) =>
      SCOPES.flatMap((scope) => {
        const spectrum = spectrumOf(row, scope)
        return spectrum === null || current(row, scope, spectrum) !== null
          ? []
          : [
              {
                key: place(row, scope),
                eigenvalues: spectrum.eigenvalues,
                rank: spectrum.rank,
                window: windows()[scope],
              },
            ]
      }),
    )
    if (open.length === 0) return
    const found = await Promise.all(
      open.map(async ({ eigenvalues, window, rank }) =>
        link.call('spectrum.fits', { eigenvalues, window: [window[0], window[1]], rank }).catch(() => null),
      ),
    )
    const next = new Map(known.value)
    for (const [index, fits] of found.entries()) {
      const question = open[index]
      if (fits !== null && question !== undefined)
        next.set(question.key, { eigenvalues: question.eigenvalues, window: question.window, fits })
    }
    known.value = next
  }
  watch(
    () => [windows(), ...rows().flatMap((row) => SCOPES.map((scope) => spectrumOf(row, scope)))],
    () => {
      window.clearTimeout(timer)
      timer = window.setTimeout(() => void ask(), REST_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => window.clearTimeout(timer))

  return {
    fitOf: (row, scope, estimator) => {
      const spectrum = spectrumOf(row, scope)
      if (spectrum === null) return null
      const fits = current(row, scope, spectrum)
      if (fits === null) {
        const quick = estimator === 'weighted' ? null : quickFit(spectrum.eigenvalues, windows()[scope], spectrum.rank)
        return quick === null
          ? null
          : {
              ...quick,
              curvature: null,
              densityExponent: quick.slope < 0 ? 1 - 1 / quick.slope : null,
              warnings: [],
              exact: null,
            }
      }
      const fit = estimator === 'weighted' ? fits.weighted : fits.fit
      return fit === null
        ? null
        : {
            slope: fit.slope,
            standardError: fit.standardError,
            rSquared: fit.rSquared,
            intercept: fit.intercept,
            curvature: fits.curvature,
            densityExponent: fit.slope < 0 ? 1 - 1 / fit.slope : null,
            warnings: fits.warnings,
            exact: fits.fit,
          }
    },
    noteOf: (row, scope) => {
      const spectrum = spectrumOf(row, scope)
      return spectrum === null ? null : (current(row, scope, spectrum)?.fitNote ?? null)
    },
  }
}
