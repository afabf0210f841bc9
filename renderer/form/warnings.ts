import { DATASETS, type ExecutorStatus, type ExperimentSpec, type RunRecord } from '../../contract/index.js'
import { missingWords } from '../executorWords.js'
import { formatInteger, formatPercent } from '../format/index.js'

/** A run that has ended, with what it did. */
export interface EarlierRun {
  record: RunRecord
  spec: ExperimentSpec
}

const within = (a: number, b: number, factor: number): boolean => a <= factor * b && b <= factor * a

/** Earlier runs of the same kind of layer that were given no more epochs and did not converge. */
function unconvergedLikeThis(spec: ExperimentSpec, earlier: readonly EarlierRun[]): EarlierRun[] {
  return earlier.filter(({ record, spec: other }) => record.state === 'finished' && record.verdict?.passed === false
    && other.dataset.kind === spec.dataset.kind && other.rule.kind === spec.rule.kind
    && within(other.layer.hiddenUnits, spec.layer.hiddenUnits, 1.5) && within(other.schedule.batchSize, spec.schedule.batchSize, 2)
    && other.schedule.epochs >= spec.schedule.epochs * 0.8)
}

/**
 * What is allowed but may disappoint, by path. Warnings never block; where they can they cite earlier runs.
 *
 * @param spec - a valid experiment
 * @param earlier - runs of the archive whose specs are known
 * @param executors - what is known of this machine's
 */
export function warningsOf(spec: ExperimentSpec, earlier: readonly EarlierRun[], executors: readonly ExecutorStatus[] = []): ReadonlyMap<string, string> {
  const warnings = new Map<string, string>()
  const { layer, schedule, probes, rule, dataset, checkpoints } = spec
  const { trainImages } = DATASETS[dataset.kind]
  const images = Math.min(dataset.imageLimit ?? trainImages, trainImages)
  const namedUnits = /\b(\d+) units\b/.exec(spec.name)?.[1]
  if (namedUnits !== undefined && Number(namedUnits) !== layer.hiddenUnits) warnings.set('name', `The name says ${namedUnits} units; the layer has ${layer.hiddenUnits}.`)
  const absent = executors.find(({ name, works }) => name === spec.executor && !works)
  if (absent !== undefined) warnings.set('executor', `It does not start on this machine, so the run would fail here: ${missingWords(absent)}.`)
  const failed = unconvergedLikeThis(spec, earlier)
  if (failed.length > 0) {
    const share = failed.reduce((sum, { record }) => sum + (record.verdict?.unconvergedFraction ?? 0), 0) / failed.length
    warnings.set('schedule.epochs', `In ${failed.length === 1 ? 'an earlier run' : `${failed.length} earlier runs`} like this ${formatPercent(share, 0)} of the norms stayed off.`)
  }
  if (schedule.batchSize > images) warnings.set('schedule.batchSize', `Only ${formatInteger(images)} images are used; one batch holds them all.`)
  if (schedule.decay === 'linear' && schedule.epochs === 1) warnings.set('schedule.decay', 'With one epoch the linear rate is 0 throughout: nothing is learnt.')
  if (dataset.imageLimit !== null && dataset.imageLimit > trainImages) warnings.set('dataset.imageLimit', `The set has ${formatInteger(trainImages)} training images; all of them are used.`)
  if (rule.kind === 'khl3' && layer.hiddenUnits * schedule.epochs > 20_000) warnings.set('rule.kind', 'KHL3 takes one image at a time; this will run for days.')
  if (probes.spectrumEvery > 0 && probes.windowStart + 2 > layer.hiddenUnits) warnings.set('probes.windowStart', `The spectrum has ${formatInteger(layer.hiddenUnits)} values; no fit is possible.`)
  else if (probes.spectrumEvery > 0 && probes.windowEnd > layer.hiddenUnits) warnings.set('probes.windowEnd', `The spectrum has ${formatInteger(layer.hiddenUnits)} values; the fit ends there.`)
  if (probes.spectrumEvery > 0 && probes.spectrumImages < layer.hiddenUnits) warnings.set('probes.spectrumImages', `Fewer images than the ${formatInteger(layer.hiddenUnits)} units leave eigenvalues at zero.`)
  if (checkpoints.every > schedule.epochs) warnings.set('checkpoints.every', 'Longer than the run: only the last epoch is kept, and an interrupted run begins anew.')
  return warnings
}
