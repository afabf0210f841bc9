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
      const { fit, note } = await analysis.ask('fit', { eigenvalues: spectrum.eigenvalues, window }, { signal })
      return { source, ...spectrum, fit, fitNote: note }
    },
    'spectrum.fit': async ({ eigenvalues, window }, { signal }) => (await analysis.ask('fit', { eigenvalues, window }, { signal })).fit,
  }
}
