import { numericalRank, type MetricName } from '../../contract/index.js'
import { distinctUnits } from '../probes/distinctUnits.js'
import { spectrumFits } from '../probes/spectra/fits.js'
import type { RunEvent } from './events.js'

/** A spectrum of a layer as a run measured it. */
export interface MeasuredLayer {
  /** Descending. */
  eigenvalues: Float64Array
  /** Images that it was measured on. */
  images: number
  /** H x d, of which {@link eigenvalues} is. */
  weights: Float32Array
  inputSize: number
}

/**
 * What a run says of a spectrum: the eigenvalues, and the power law inside the window or why there is none. What makes the exponent
 * doubtful is a warning in the log, at the first and at the last epoch.
 *
 * @param epochs - of the whole run
 */
export function* fittedSpectrum(
  { eigenvalues, images, weights, inputSize }: MeasuredLayer,
  { windowStart, windowEnd }: { windowStart: number; windowEnd: number },
  { epoch, epochs, step }: { epoch: number; epochs: number; step: number },
): Generator<RunEvent> {
  yield {
    type: 'array',
    keep: true,
    record: { name: 'spectrum', epoch, shape: [eigenvalues.length], data: eigenvalues },
  }
  const columns = Math.min(inputSize, distinctUnits(weights, eigenvalues.length, inputSize))
  const { fit, fitNote, warnings } = spectrumFits(
    eigenvalues,
    [windowStart, windowEnd],
    numericalRank(eigenvalues, { images, columns }),
  )
  yield { type: 'spectrum', epoch, fit }
  const warning = (text: string): RunEvent => ({
    type: 'notice',
    notice: { level: 'warning', topic: 'spectrum', text, epoch },
  })
  if (fit === null) {
    yield warning(`no power law could be fitted: ${fitNote ?? ''}`)
    return
  }
  if (epoch === 1 || epoch === epochs) for (const text of warnings) yield warning(text)
  const measures: [MetricName, number][] = [
    ['spectrumSlope', fit.slope],
    ['spectrumStandardError', fit.standardError],
    ['spectrumRSquared', fit.rSquared],
  ]
  for (const [name, value] of measures) yield { type: 'metric', record: { epoch, step, name, value } }
}
