import {
  DATASETS,
  learningRuleWarnings,
  penaltyPlace,
  rateWarnings,
  regulariserWarnings,
  type ClassifierSpec,
  type ExecutorStatus,
  type ExperimentSpec,
  type LocalLearningSpec,
  type RunRecord,
} from '../../../contract/index.js'
import { missingWords } from '../../executorWords.js'
import { formatInteger, formatPercent } from '../../format/index.js'

/** A finished run and its specification. */
export interface EarlierRun {
  record: RunRecord
  spec: ExperimentSpec
}

type Warnings = Map<string, string>

const within = (a: number, b: number, factor: number): boolean => a <= factor * b && b <= factor * a

/** Earlier runs of the same kind of layer that were given no more epochs and did not converge. */
function unconvergedLikeThis(spec: LocalLearningSpec, earlier: readonly EarlierRun[]): EarlierRun[] {
  return earlier.filter(
    ({ record, spec: other }) =>
      record.state === 'finished' &&
      record.verdict?.passed === false &&
      other.kind === 'localLearning' &&
      other.dataset.kind === spec.dataset.kind &&
      other.rule.kind === spec.rule.kind &&
      within(other.layer.hiddenUnits, spec.layer.hiddenUnits, 1.5) &&
      within(other.schedule.batchSize, spec.schedule.batchSize, 2) &&
      other.schedule.epochs >= spec.schedule.epochs * 0.8,
  )
}

/** Hidden units, if the form knows them; those of a hybrid belong to its layer. */
const unitsOf = (spec: ExperimentSpec): number | null =>
  spec.kind === 'localLearning' ? spec.layer.hiddenUnits : 'hiddenUnits' in spec.model ? spec.model.hiddenUnits : null

function common(spec: ExperimentSpec, warnings: Warnings): void {
  const { schedule, probes, dataset, checkpoints } = spec
  const { trainImages } = DATASETS[dataset.kind]
  const images = Math.min(dataset.imageLimit ?? trainImages, trainImages)
  const units = unitsOf(spec)
  const namedUnits = /\b(\d+) units\b/.exec(spec.name)?.[1]
  if (namedUnits !== undefined && units !== null && Number(namedUnits) !== units)
    warnings.set('name', `The name says ${namedUnits} units; the layer has ${units}.`)
  if (schedule.batchSize > images)
    warnings.set('schedule.batchSize', `Only ${formatInteger(images)} images are used; all of them fit in one batch.`)
  if (dataset.imageLimit !== null && dataset.imageLimit > trainImages)
    warnings.set(
      'dataset.imageLimit',
      `The dataset has ${formatInteger(trainImages)} training images; all of them are used.`,
    )
  if (checkpoints.every > schedule.epochs)
    warnings.set(
      'checkpoints.every',
      'Longer than the run: only the final epoch is saved, and an interrupted run starts over.',
    )
  if (probes.spectrumEvery === 0 || units === null) return
  if (probes.windowStart + 2 > units)
    warnings.set('probes.windowStart', `The spectrum has ${formatInteger(units)} values; no fit is possible.`)
  else if (probes.windowEnd > units)
    warnings.set('probes.windowEnd', `The spectrum has ${formatInteger(units)} values; the fit ends there.`)
  if (probes.spectrumImages <= units)
    warnings.set(
      'probes.spectrumImages',
      `The spectrum of ${formatInteger(probes.spectrumImages)} images has at most ${formatInteger(probes.spectrumImages - 1)} eigenvalues above rounding error; the fit ends there.`,
    )
}

function ofLayer(spec: LocalLearningSpec, earlier: readonly EarlierRun[], warnings: Warnings): void {
  const { layer, schedule, rule } = spec
  const failed = unconvergedLikeThis(spec, earlier)
  if (failed.length > 0) {
    const share =
      failed.reduce((sum, { record }) => sum + (record.verdict?.unconvergedFraction ?? 0), 0) / failed.length
    warnings.set(
      'schedule.epochs',
      `In ${failed.length === 1 ? 'an earlier run' : `${failed.length} earlier runs`} like this ${formatPercent(share, 0)} of the units did not converge.`,
    )
  }
  if (schedule.decay === 'linear' && schedule.epochs === 1)
    warnings.set('schedule.decay', 'With one epoch the linear rate is always 0, so nothing is learned.')
  const place = { hiddenUnits: layer.hiddenUnits, epochs: schedule.epochs }
  for (const { key, text } of learningRuleWarnings(rule, place)) warnings.set(`rule.${key}`, text)
}

function ofClassifier(spec: ClassifierSpec, warnings: Warnings): void {
  const { model, regularisers, schedule, evaluation } = spec
  for (const { key, text } of rateWarnings(schedule.rate, schedule.epochs, formatInteger))
    warnings.set(`schedule.rate.${key}`, text)
  if (evaluation.every > schedule.epochs)
    warnings.set('evaluation.every', 'Longer than the run: only the final epoch is tested.')
  if (model.kind === 'tanhPerceptron' && model.activationExponent % 2 === 0)
    warnings.set('model.activationExponent', 'An even power of tanh has no sign; a unit and its negative are the same.')
  regularisers.forEach((term, index) => {
    for (const { key, text } of regulariserWarnings(term, penaltyPlace(spec), formatInteger))
      warnings.set(`regularisers.${index}.${key}`, text)
  })
}

/**
 * Warnings about valid but questionable settings, by path. They never block; where possible they cite earlier runs.
 *
 * @param spec - a valid experiment
 * @param earlier - runs of the archive whose specs are known
 * @param executors - what is known of this machine's
 */
export function warningsOf(
  spec: ExperimentSpec,
  earlier: readonly EarlierRun[],
  executors: readonly ExecutorStatus[] = [],
): ReadonlyMap<string, string> {
  const warnings: Warnings = new Map()
  common(spec, warnings)
  const absent = executors.find(({ name, works }) => name === spec.executor && !works)
  if (absent !== undefined)
    warnings.set(
      'executor',
      `This backend does not start on this machine, so the run would fail: ${missingWords(absent)}.`,
    )
  if (spec.kind === 'classifier') ofClassifier(spec, warnings)
  else ofLayer(spec, earlier, warnings)
  return warnings
}
