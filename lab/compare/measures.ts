import { METRICS, type MetricName } from '../../contract/index.js'
import type { ComparedMeasure } from '../../contract/compare/comparison.js'
import { parseColumn } from '../../contract/library/parseQuery.js'
import { probeColumnFacts } from '../../contract/library/probeColumns.js'
import { RUN_COLUMNS, type RunColumnName } from '../../contract/library/runColumns.js'
import type { ChosenRuns } from '../library/chosenRuns.js'

/** Columns of runs that measure something. */
const RESULTS = [
  'accuracy',
  'trainAccuracy',
  'alpha',
  'computeSeconds',
  'removedUnits',
] as const satisfies readonly RunColumnName[]

/** Measures that are compared where none is asked for: those that the runs have of these, in this order. */
const USUAL = ['accuracy', 'trainAccuracy', 'alpha', 'convergedFraction', 'neverWonFraction', 'winningOverlap'] as const
const MOST_USUAL = 4

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name)
const REDUCER_WORDS = { last: 'last', first: 'first', min: 'smallest', max: 'largest', best: 'best' } as const

/** A measure with its label; a column that has none is its own. */
export function measureOf(name: string): ComparedMeasure {
  const { name: bare, reducer, epoch } = parseColumn(name)
  const known = Object.hasOwn(RUN_COLUMNS, bare)
    ? RUN_COLUMNS[bare as RunColumnName]
    : isMetric(bare)
      ? METRICS[bare]
      : probeColumnFacts(bare)
  const words = reducer === null ? '' : reducer === 'at' ? `, epoch ${epoch ?? 0}` : `, ${REDUCER_WORDS[reducer]}`
  return { name, label: `${known?.label ?? bare}${words}`, unit: known !== null && 'unit' in known ? known.unit : '' }
}

/** Measures that at least one run has: results, then curves in the order of their list. */
export function availableMeasures({ rows, schema, columns }: ChosenRuns): ComparedMeasure[] {
  const has = (name: string): boolean => {
    const { cell } = columns.named(name)
    return rows.some((_, row) => typeof cell(row) === 'number')
  }
  const curves = schema.curves.filter((name) =>
    rows.some(({ curves: own }) => own !== null && Object.hasOwn(own, name)),
  )
  // Numbers under attacks are compared by attack, images and sizes together (attackMeasures.ts), which these columns do not name.
  const probes = schema.probes.filter((name) => !name.includes('robustness.'))
  return [...RESULTS.filter(has), ...probes, ...curves].map(measureOf)
}

/** The measures of a comparison that asks for none. */
export function usualMeasures(available: readonly ComparedMeasure[]): ComparedMeasure[] {
  const usual = USUAL.flatMap((name) => available.find((measure) => measure.name === name) ?? []).slice(0, MOST_USUAL)
  return usual.length > 0 ? usual : available.slice(0, 3)
}
