import { LabError } from '../../../../contract/index.js'
import { symmetricEigen, symmetricEigenvaluesOn } from '../../../../engine/linalg/symmetricEigen.js'
import { spectrumFits, windowMap } from '../../../../engine/probes/spectra/fits.js'
import { modelSpectrum } from '../../../../engine/probes/spectra/modelSpectrum.js'
import type { JobFunction } from '../job.js'
import { hiddenNetworkOf, openProbe } from './subject.js'

/** The covariance spectrum of a model, or of the data, with all that the page shows. */
export const spectrumOfModel: JobFunction<'modelSpectrum'> = async (
  { request, subject, imageNorm, places },
  { resources, requested, report },
) => {
  const { source, executor, computed } = await openProbe(resources, request, places)
  const tools = {
    executor,
    eigenvalues: (matrix: Float64Array, size: number) => symmetricEigenvaluesOn(executor, matrix, size),
    eigen: (matrix: Float64Array, size: number) => symmetricEigen(matrix, size, executor),
    step: () => {
      if (requested() !== 'run') throw new LabError('cancelled', 'the spectrum was cancelled')
    },
  }
  const measured = await modelSpectrum(
    request,
    subject === null ? null : hiddenNetworkOf(subject.record),
    source,
    imageNorm,
    tools,
    (done, total) => report({ done, total }),
  )
  return { ...measured, computed }
}

/** Fits of one window. */
export const spectrumFitsOf: JobFunction<'spectrumFits'> = async ({ eigenvalues, window, rank }) =>
  spectrumFits(eigenvalues, window, rank)

/** The exponent over all windows. */
export const windowMapOf: JobFunction<'windowMap'> = async ({ eigenvalues, size, rank }) =>
  windowMap(eigenvalues, size, rank)
