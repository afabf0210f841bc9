import { z } from 'zod'
import type { SettingRemark } from '../family.js'
import { field } from '../field.js'

/** Rate of the first epoch, which every schedule has. */
export const learningRate = field(z.number().positive().max(10), {
  label: 'Learning rate',
  symbol: 'η',
  unit: 'per step',
  help: 'Initial learning rate.',
  source: '3.6',
  range: '> 0',
})

/** A specification: the kind, the first rate and the settings. */
export type RateSpecOf<Kind extends string, Settings extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind>; learningRate: typeof learningRate } & Settings, z.core.$strict>
>

/** What a rate schedule says of itself, with its formula. */
export interface RateParts<Kind extends string, Settings extends z.ZodRawShape> {
  /** Name in forms: `exponential`. */
  label: string
  /** What it does, in one sentence without its name. */
  summary: string
  /** Beside the heading of the form, in a few words; markup as in MathText. */
  note: string
  /** Literature. */
  source: string
  settings: Settings
  /** Settings of the paper. */
  first: RateSpecOf<Kind, Settings>
  /** Whether the rate is not the same in all epochs. */
  changes: boolean
  /** The rate after a number of completed epochs, >= 0. */
  at: (spec: RateSpecOf<Kind, Settings>, completed: number) => number
  /** Settings that contradict each other, by key (`steps.1.after`); nothing, unless given. */
  faults?: (spec: RateSpecOf<Kind, Settings>) => SettingRemark[]
  /** Settings that do nothing in a run of that many epochs; nothing, unless given. @param text - writes a number */
  warnings?: (spec: RateSpecOf<Kind, Settings>, epochs: number, text: (value: number) => string) => SettingRemark[]
}

/** The definition of a rate schedule, from which schema, form, sentences, training, docs and tests are derived. */
export interface RateDefinition<Kind extends string, Settings extends z.ZodRawShape> extends Required<
  RateParts<Kind, Settings>
> {
  readonly kind: Kind
  readonly schema: z.ZodObject<
    { kind: z.ZodLiteral<Kind>; learningRate: typeof learningRate } & Settings,
    z.core.$strict
  >
}

/**
 * Defines a rate schedule.
 *
 * @param kind - its name in files
 * @param parts - what it says of itself, and its formula
 */
export function defineRate<const Kind extends string, Settings extends z.ZodRawShape>(
  kind: Kind,
  parts: RateParts<Kind, Settings>,
): RateDefinition<Kind, Settings> {
  return {
    faults: () => [],
    warnings: () => [],
    ...parts,
    kind,
    schema: z.strictObject({ kind: z.literal(kind), learningRate, ...parts.settings }) as RateDefinition<
      Kind,
      Settings
    >['schema'],
  }
}
