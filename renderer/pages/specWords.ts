import {
  DATASETS,
  describeLearningRule,
  describeRegulariser,
  networkDefinition,
  rateScheduleOf,
  regulariserOf,
  type ClassifierSpec,
  type ExperimentSpec,
  type RegulariserSpec,
  type RunRecord,
} from '../../contract/index.js'
import { formatExact, formatInteger } from '../format/index.js'

/** One fact of an experiment, as a list shows it. */
export interface SpecFact {
  label: string
  symbol?: string
  value: string
}

/** Hidden units of a run; a hybrid has those of its layer, known once the run is submitted; null if the model has none. */
export function hiddenUnitsOf(spec: ExperimentSpec, record: Pick<RunRecord, 'layer'>): number | null {
  if (spec.kind === 'localLearning') return spec.layer.hiddenUnits
  return 'hiddenUnits' in spec.model ? spec.model.hiddenUnits : (record.layer?.hiddenUnits ?? null)
}

/** A penalty with its numbers in few words: `Lp 0.0005`, `spectral 1, n^−1 from 10`. */
export function regulariserWords(term: RegulariserSpec): string {
  return `${regulariserOf(term.kind).short} ${formatExact(term.strength)}${describeRegulariser(term, formatExact)}`
}

/** The penalties of a classifier in a line; `none` without any. */
export const penaltiesWords = (spec: ClassifierSpec): string =>
  spec.regularisers.map(regulariserWords).join(' + ') || 'none'

/** What an experiment is, in a line under its name; markup as in MathText. */
export function specLine(spec: ExperimentSpec, record: Pick<RunRecord, 'layer'>): string {
  const units = hiddenUnitsOf(spec, record)
  if (spec.kind === 'localLearning') {
    const rule = describeLearningRule(spec.rule, String, (symbol) => `*${symbol}*`)
    return `${rule}, *p* = ${spec.layer.lebesgueNorm} · ${formatInteger(spec.layer.hiddenUnits)} units, batch ${spec.schedule.batchSize}`
  }
  const { model } = spec
  const parts = [
    networkDefinition(model.kind).short,
    ...(units === null ? [] : [`${formatInteger(units)} units`]),
    ...(model.kind === 'identity'
      ? []
      : [
          `*n* = ${formatExact(model.activationExponent)}`,
          ...('batchNorm' in model && model.batchNorm ? ['batch norm'] : []),
        ]),
  ]
  return `${parts.join(', ')} · ${spec.regularisers.length === 0 ? 'no penalty' : penaltiesWords(spec)} · batch ${formatInteger(spec.schedule.batchSize)}`
}

/** The facts of an experiment, for the panes beside lists. */
export function specFacts(spec: ExperimentSpec, record: Pick<RunRecord, 'layer'>): SpecFact[] {
  const dataset: SpecFact = {
    label: 'Dataset',
    value:
      DATASETS[spec.dataset.kind].label +
      (spec.dataset.imageLimit === null ? '' : `, ${formatInteger(spec.dataset.imageLimit)} images`),
  }
  const batch: SpecFact = { label: 'Batch', symbol: 'B', value: formatInteger(spec.schedule.batchSize) }
  const units = hiddenUnitsOf(spec, record)
  const hidden: SpecFact[] = units === null ? [] : [{ label: 'Hidden units', symbol: 'H', value: formatInteger(units) }]
  if (spec.kind === 'localLearning') {
    return [
      dataset,
      ...hidden,
      { label: 'Rule', value: describeLearningRule(spec.rule, formatExact) },
      batch,
      { label: 'Initial rate', symbol: '1/τ', value: formatExact(spec.schedule.learningRate) },
    ]
  }
  const rate = spec.schedule.rate
  return [
    dataset,
    { label: 'Model', value: networkDefinition(spec.model.kind).short },
    ...hidden,
    ...(record.layer === null ? [] : [{ label: 'Layer', value: `${record.layer.name}, ${record.layer.form}` }]),
    { label: 'Penalties', value: penaltiesWords(spec) },
    batch,
    { label: 'Rate', symbol: 'η', value: `${formatExact(rate.learningRate)}, ${rateScheduleOf(rate.kind).label}` },
  ]
}
