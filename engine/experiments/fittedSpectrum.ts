import { LabError, type MetricName, type PowerLawFit } from '../../contract/index.js'
import { fitPowerLaw } from '../probes/powerLawFit.js'
import type { RunEvent } from './events.js'

function fitOrNull(eigenvalues: Float64Array, window: readonly [number, number]): PowerLawFit | null {
  try {
    return fitPowerLaw(eigenvalues, window)
  } catch (error) {
    if (error instanceof LabError && error.code === 'probe.window') return null
    throw error
  }
}

/** What a run tells of a spectrum: the eigenvalues, and the power law inside the window or why there is none. */
export function* fittedSpectrum(eigenvalues: Float64Array, { windowStart, windowEnd }: { windowStart: number; windowEnd: number }, epoch: number, step: number): Generator<RunEvent> {
  yield { type: 'array', keep: true, record: { name: 'spectrum', epoch, shape: [eigenvalues.length], data: eigenvalues } }
  const fit = fitOrNull(eigenvalues, [windowStart, windowEnd])
  yield { type: 'spectrum', epoch, fit }
  if (fit === null) {
    yield { type: 'notice', notice: { level: 'warning', topic: 'spectrum', text: `no power law was fitted: fewer than three positive eigenvalues in ranks ${windowStart} to ${windowEnd}`, epoch } }
    return
  }
  const measures: [MetricName, number][] = [['spectrumSlope', fit.slope], ['spectrumStandardError', fit.standardError], ['spectrumRSquared', fit.rSquared]]
  for (const [name, value] of measures) yield { type: 'metric', record: { epoch, step, name, value } }
}
