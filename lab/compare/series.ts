import type { RobustnessSeries } from '../../contract/index.js'
import type { LabContext } from '../context.js'
import type { RunPass, SweepSet } from './attackSets.js'

/**
 * Pools passes by a label, without resampling: intervals of quartiles are left out.
 *
 * @param labelOf - passes of one label are pooled; null leaves a pass out
 */
export async function pooledSeries(
  { analysis }: Pick<LabContext, 'analysis'>,
  set: SweepSet,
  passes: readonly RunPass[],
  labelOf: (pass: RunPass) => string | null,
  signal: AbortSignal,
): Promise<Map<string, RobustnessSeries>> {
  const [sweep] = set.sweeps
  const labelled = passes.flatMap((one) => {
    const label = labelOf(one)
    return label === null ? [] : [{ ...one.pass, model: { ...one.pass.model, label } }]
  })
  if (sweep === undefined || labelled.length === 0) return new Map()
  const request = { ...sweep.request, resamples: 0 }
  const { series } = await analysis.ask('series', { id: sweep.id, request, passes: labelled, others: {} }, { signal })
  return new Map(series.map((one) => [one.label, one]))
}
