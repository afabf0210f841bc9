import type { JobName } from '../jobTable.js'
import type { JobFunction } from './job.js'
import { curvesOf, epochValuesOf, eventFileOf, historyOf, measuresOfRun, thinnedCurvesOf } from './curves.js'
import { evaluateModel } from './evaluate.js'
import { drawFigure } from './figure.js'
import { runExperiment } from './experiment.js'
import { matchFieldsOf } from './matchFields.js'
import { measureSpectrumOf } from './spectrum.js'
import { planUnits, pruneModel } from './prune.js'
import { probe } from './probe.js'
import { PROBE_JOBS } from './probes/index.js'
import { measureRate } from './rate.js'
import { unitImages, unitTable } from './units.js'
import { untrainedModel } from './untrained.js'

/** The work of each name; a job without code does not compile. */
export const JOBS = {
  probe: probe,
  rate: measureRate,
  experiment: runExperiment,
  curves: curvesOf,
  epochValues: epochValuesOf,
  thinnedCurves: thinnedCurvesOf,
  measures: measuresOfRun,
  history: historyOf,
  eventFile: eventFileOf,
  spectrum: measureSpectrumOf,
  prune: planUnits,
  pruneModel: pruneModel,
  untrainedModel: untrainedModel,
  units: unitTable,
  matchFields: matchFieldsOf,
  unitImages: unitImages,
  evaluate: evaluateModel,
  figure: drawFigure,
  ...PROBE_JOBS,
} satisfies { [Name in JobName]: JobFunction<Name> }
