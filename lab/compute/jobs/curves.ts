import { mapEach } from '../../files/eachOf.js'
import { readAtEpoch, readSummary, readThinned } from '../../library/curves.js'
import type { JobFunction } from './job.js'

/** Files that are read at once: parsing, not the disk, takes the time. */
const AT_ONCE = 4

/** Reduces the curves of several runs. */
export const curvesOf: JobFunction<'curves'> = ({ paths }) => mapEach(paths, readSummary, AT_ONCE)

/** Reads a measure of several runs, thinned. */
export const thinnedCurvesOf: JobFunction<'thinnedCurves'> = ({ paths, name, points }) =>
  mapEach(paths, (path) => readThinned(path, name, points), AT_ONCE)

/** Reads a measure at one epoch of several runs. */
export const epochValuesOf: JobFunction<'epochValues'> = ({ paths, name, epoch }) =>
  mapEach(paths, (path) => readAtEpoch(path, name, epoch), AT_ONCE)
