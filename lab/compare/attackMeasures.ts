import type { RobustnessSeries, RunId } from '../../contract/index.js'
import {
  attackMeasureName,
  attackMeasureOf,
  ATTACK_NUMBERS,
  type AttackNumber,
} from '../../contract/compare/attackMeasure.js'
import type { ComparedMeasure } from '../../contract/compare/comparison.js'
import type { LabContext } from '../context.js'
import { passesOf, sweepSets, type SweepSet } from './attackSets.js'
import { pooledSeries } from './series.js'

const NUMBERS = {
  criticalNorm: { label: 'Median ‖Δx‖₂', of: ({ criticalNorm }) => criticalNorm?.median ?? null },
  halfEpsilon: { label: 'ε at half accuracy', of: ({ epsilonAtHalf }) => epsilonAtHalf },
} as const satisfies Record<AttackNumber, { label: string; of: (series: RobustnessSeries) => number | null }>

const measureOf = (number: AttackNumber, { key, label }: SweepSet): ComparedMeasure => ({
  name: attackMeasureName({ number, key }),
  label: `${NUMBERS[number].label}, ${label}`,
  unit: '',
})

/** Numbers of runs under attacks. */
export interface AttackMeasures {
  available: ComparedMeasure[]
  /** Null for a measure that no run has. */
  read(name: string, idOf: (row: number) => RunId): (ComparedMeasure & { of: (row: number) => number | null }) | null
}

/** Measures of robustness that are stored for these runs; of those that are asked for, the values. */
export async function attackMeasures(
  context: Pick<LabContext, 'archive' | 'sweeps' | 'analysis'>,
  ids: ReadonlySet<RunId>,
  asked: readonly string[],
  signal: AbortSignal,
): Promise<AttackMeasures> {
  const sets = await sweepSets(context, ids)
  const series = new Map<string, Map<string, RobustnessSeries>>()
  for (const set of sets) {
    if (!asked.some((name) => attackMeasureOf(name)?.key === set.key)) continue
    const { passes } = await passesOf(context, set, ids)
    series.set(set.key, await pooledSeries(context, set, passes, ({ run }) => run, signal))
  }
  return {
    available: sets.flatMap((set) => ATTACK_NUMBERS.map((number) => measureOf(number, set))),
    read: (name, idOf) => {
      const measure = attackMeasureOf(name)
      const set = sets.find(({ key }) => key === measure?.key)
      const own = series.get(measure?.key ?? '')
      if (measure === null || set === undefined || own === undefined || own.size === 0) return null
      return {
        ...measureOf(measure.number, set),
        of: (row) => {
          const one = own.get(idOf(row))
          return one === undefined ? null : NUMBERS[measure.number].of(one)
        },
      }
    },
  }
}
