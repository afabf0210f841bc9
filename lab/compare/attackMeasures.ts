import type { RobustnessSeries, RunId } from '../../contract/index.js'
import type { ComparedMeasure } from '../../contract/compare/comparison.js'
import type { LabContext } from '../context.js'
import { passesOf, sweepSets, type SweepSet } from './attackSets.js'
import { pooledSeries } from './series.js'

/** Numbers of a run under an attack; measures name them with the key of the attack, `criticalNorm:1f3a90c2`. */
const NUMBERS = {
  criticalNorm: { label: 'Median ‖Δx‖₂', of: ({ criticalNorm }) => criticalNorm?.median ?? null },
  halfEpsilon: { label: 'ε at half accuracy', of: ({ epsilonAtHalf }) => epsilonAtHalf },
} as const satisfies Record<string, { label: string; of: (series: RobustnessSeries) => number | null }>
type NumberName = keyof typeof NUMBERS

const FORM = new RegExp(`^(${Object.keys(NUMBERS).join('|')}):([0-9a-f]{8})$`)

/** Whether a measure is a number under an attack instead of a column of the library. */
export const isAttackMeasure = (name: string): boolean => FORM.test(name)

const measureOf = (number: NumberName, { key, label }: SweepSet): ComparedMeasure => ({
  name: `${number}:${key}`,
  label: `${NUMBERS[number].label}, ${label}`,
  unit: '',
})

/** Measures of robustness that are stored for these runs; of those that are asked for, the values. */
export async function attackMeasures(
  context: Pick<LabContext, 'archive' | 'sweeps' | 'analysis'>,
  groups: readonly (readonly RunId[])[],
  asked: readonly string[],
  signal: AbortSignal,
): Promise<{
  available: ComparedMeasure[]
  /** Null for a measure that no run has. */
  read(name: string, idOf: (row: number) => RunId): (ComparedMeasure & { of: (row: number) => number | null }) | null
}> {
  const ids = new Set(groups.flat())
  const sets = await sweepSets(context, ids)
  const series = new Map<string, Map<string, RobustnessSeries>>()
  for (const set of sets) {
    if (!asked.some((name) => name.endsWith(`:${set.key}`))) continue
    const { passes } = await passesOf(context, set, ids)
    series.set(set.key, await pooledSeries(context, set, passes, ({ run }) => run, signal))
  }
  return {
    available: sets.flatMap((set) => (Object.keys(NUMBERS) as NumberName[]).map((number) => measureOf(number, set))),
    read: (name, idOf) => {
      const [, number = '', key = ''] = FORM.exec(name) ?? []
      const set = sets.find((one) => one.key === key)
      const own = series.get(key)
      if (set === undefined || own === undefined || own.size === 0) return null
      return {
        ...measureOf(number as NumberName, set),
        of: (row) => {
          const one = own.get(idOf(row))
          return one === undefined ? null : NUMBERS[number as NumberName].of(one)
        },
      }
    },
  }
}
