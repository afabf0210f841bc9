import {
  normOf,
  type AttackSpec,
  type RobustnessSeries,
  type RunId,
  type SpectrumSummary,
  type SweepRecord,
} from '../../contract/index.js'
import { probeColumn } from '../../contract/library/probeColumns.js'

/** Numbers of results by run and column. */
export type ProbeNumbers = Record<RunId, Record<string, number>>

/** The run and form of a model's name: `r-0a1b2c3d` or `r-0a1b2c3d/pruned`. */
const subjectOf = (model: string): { run: RunId; form: string } => {
  const [run = '', form = ''] = model.split('/')
  return { run, form }
}

/** `linf`, `l2`, `l1.5`; empty for an attack without a norm. */
function normName(attack: AttackSpec): string {
  const norm = normOf(attack)
  return norm === null ? '' : typeof norm === 'number' ? `l${norm}` : norm
}

function add(numbers: ProbeNumbers, model: string, parts: readonly string[], values: Record<string, number | null>) {
  const { run, form } = subjectOf(model)
  const own = (numbers[run] ??= {})
  for (const [measure, value] of Object.entries(values))
    if (value !== null) own[probeColumn([form, ...parts, measure])] = value
}

/**
 * What a finished sweep says of the models that are runs.
 *
 * @param series - one for each model, labelled with the model's name
 */
export function robustnessNumbers(
  { request: { attack } }: Pick<SweepRecord, 'request'>,
  series: readonly RobustnessSeries[],
): ProbeNumbers {
  const numbers: ProbeNumbers = {}
  for (const { label, epsilonAtHalf, criticalNorm, cleanAccuracy, keptImages, neverFooled } of series)
    add(numbers, label, ['robustness', attack.kind, normName(attack)], {
      epsilonAtHalf,
      medianNorm: criticalNorm?.median ?? null,
      cleanAccuracy,
      neverFooled: keptImages > 0 ? neverFooled / keptImages : null,
    })
  return numbers
}

/** What a measured spectrum says of the model, if it is a run. */
export function spectrumNumbers({ model, request, fit, participationRatio }: SpectrumSummary): ProbeNumbers {
  const numbers: ProbeNumbers = {}
  if (model !== null)
    add(numbers, model.model, ['spectra', request.source, request.dataset.kind], {
      alpha: fit?.slope ?? null,
      alphaError: fit?.standardError ?? null,
      participationRatio,
    })
  return numbers
}
