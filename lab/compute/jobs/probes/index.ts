import type { JobFunction } from '../job.js'
import type { ProbeJobs } from '../../probeJobs.js'
import { makeGallery } from './gallery.js'
import { maskingOf } from './masking.js'
import { spectrumFitsOf, spectrumOfModel, windowMapOf } from './modelSpectrum.js'
import { computePlane } from './plane.js'
import { planePoint } from './planePoint.js'
import { partialPassOf, seriesOf } from './series.js'
import { sweepPass } from './sweep.js'

/** The work of every probe. */
export const PROBE_JOBS = {
  sweep: sweepPass,
  series: seriesOf,
  partialPass: partialPassOf,
  gallery: makeGallery,
  masking: maskingOf,
  modelSpectrum: spectrumOfModel,
  spectrumFits: spectrumFitsOf,
  windowMap: windowMapOf,
  plane: computePlane,
  planePoint: planePoint,
} satisfies { [Name in keyof ProbeJobs]: JobFunction<Name> }
