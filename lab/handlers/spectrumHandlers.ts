import { numericalRank } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { measureSpectrum } from '../spectra.js'

/** Covariance spectra of runs and their power-law fits. */
export function spectrumHandlers(context: LabContext): SomeHandlers<'spectrum.measure' | 'spectrum.fit'> {
  const { analysis, bus } = context
  return {
    'spectrum.measure': async ({ id, layer, source, images, window }, { signal }) => {
      const text = `${layer} layer, ${source}`
      const spectrum = await measureSpectrum(context, { id, layer, source, images }, signal, ({ done, total }) => {
        bus.emit('lab.progress', { topic: 'spectrum.measure', subject: id, done, total, unit: 'images', text })
      })
      const { fit, fitNote, warnings } = await analysis.ask(
        'spectrumFits',
        { eigenvalues: spectrum.eigenvalues, window, rank: spectrum.rank },
        { signal },
      )
      return { source, ...spectrum, fit, fitNote, warnings }
    },
    'spectrum.fit': async ({ eigenvalues, window }, { signal }) =>
      (
        await analysis.ask(
          'spectrumFits',
          { eigenvalues, window, rank: numericalRank(eigenvalues, { images: null }) },
          { signal },
        )
      ).fit,
  }
}
