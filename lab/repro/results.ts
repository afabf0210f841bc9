import {
  LabError,
  type ModelSpectrum,
  type PlaneResult,
  type RobustnessResult,
  type RobustnessSeries,
  type RunRecord,
} from '../../contract/index.js'
import type { ReproAttack, ReproModel, ShownModel } from './plan.js'
import { planeKey, spectrumKey, type SpectrumInput, type SpectrumRow } from './keys.js'
import { jobOf, type ReplayContext } from './step.js'

/** The archived run of a model. */
export async function runOf(context: ReplayContext, model: ReproModel): Promise<RunRecord> {
  return (await context.lab.call('run.get', { id: jobOf(context, `train/${model}`) })).record
}

/** The archived sweep of an attack against the models. */
export function sweepOf(context: ReplayContext, attack: ReproAttack): Promise<RobustnessResult> {
  return context.lab.call('robustness.get', { id: jobOf(context, `robustness/${attack}`) })
}

/** What a sweep says about a model. @throws LabError `run.nothingToShow` */
export function seriesOf({ series, record }: RobustnessResult, model: ShownModel): RobustnessSeries {
  const found = series.find(({ label }) => label === model)
  if (found === undefined)
    throw new LabError('run.nothingToShow', `${record.id} has no finished pass for ${model}`, { id: record.id })
  return found
}

/** An archived spectrum. */
export function spectrumOf(context: ReplayContext, row: SpectrumRow, input: SpectrumInput): Promise<ModelSpectrum> {
  return context.lab.call('spectrum.get', { id: jobOf(context, spectrumKey(row, input)) })
}

/** The archived map of a model. */
export function planeOf(context: ReplayContext, model: ShownModel): Promise<PlaneResult> {
  return context.lab.call('plane.get', { id: jobOf(context, planeKey(model)) })
}
