import { LabError, type ModelSpectrum, type PlaneResult, type RobustnessResult, type RobustnessSeries, type RunRecord } from '../../contract/index.js'
import type { PlaneMaps, SweepResult } from '../figures/results.js'
import { SHOWN_MODELS, type ReproAttack, type ReproModel, type ShownModel } from './plan.js'
import { planeKey } from './stages/plane.js'
import { spectrumKey, type SpectrumInput, type SpectrumRow } from './stages/spectra.js'
import { jobOf, type ReplayContext } from './step.js'

/** The archived run of a model. */
export async function runOf(context: ReplayContext, model: ReproModel): Promise<RunRecord> {
  return (await context.lab.call('run.get', { id: jobOf(context, `train/${model}`) })).record
}

/** The archived sweep of an attack against a model. */
export function sweepOf(context: ReplayContext, attack: ReproAttack, model: ShownModel): Promise<RobustnessResult> {
  return context.lab.call('robustness.get', { id: jobOf(context, `robustness/${attack}/${model}`) })
}

/** What a sweep says about its one model. @throws LabError `run.nothingToShow` */
export function seriesOf({ series: [only], record }: RobustnessResult): RobustnessSeries {
  if (only === undefined) throw new LabError('run.nothingToShow', `${record.id} has no finished pass`, { id: record.id })
  return only
}

/** The sweeps of one attack against all models as one, for figures; accuracies are those of the trainings. */
export async function sweepOfAll(context: ReplayContext, attack: ReproAttack): Promise<SweepResult> {
  const sweeps = await Promise.all(SHOWN_MODELS.map(async (model) => ({ result: await sweepOf(context, attack, model), run: await runOf(context, model) })))
  return {
    record: { request: { attack: { kind: attack } } },
    passes: sweeps.flatMap(({ result }) => result.passes),
    series: sweeps.map(({ result, run }) => ({ ...seriesOf(result), cleanAccuracy: run.testAccuracy ?? seriesOf(result).cleanAccuracy })),
  }
}

/** An archived spectrum. */
export function spectrumOf(context: ReplayContext, row: SpectrumRow, input: SpectrumInput): Promise<ModelSpectrum> {
  return context.lab.call('spectrum.get', { id: jobOf(context, spectrumKey(row, input)) })
}

/** The archived map of a model. */
export function planeOf(context: ReplayContext, model: ShownModel): Promise<PlaneResult> {
  return context.lab.call('plane.get', { id: jobOf(context, planeKey(model)) })
}

/** The maps of all models over the shared plane. */
export async function mapsOfAll(context: ReplayContext): Promise<PlaneMaps> {
  const planes = await Promise.all(SHOWN_MODELS.map((model) => planeOf(context, model)))
  const [first] = planes
  if (first === undefined) throw new LabError('internal', 'there is no model to draw')
  return { firstAxis: first.firstAxis, secondAxis: first.secondAxis, geometry: first.geometry, maps: planes.flatMap(({ maps }) => maps) }
}
