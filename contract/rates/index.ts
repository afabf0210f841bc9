import { z } from 'zod'
import { memberByKind, type SchemasOf, type SettingRemark } from '../family.js'
import { constant } from './constant.js'
import type { RateDefinition } from './definition.js'
import { exponential } from './exponential.js'
import { steps } from './steps.js'

/** Every rate schedule of classifiers, in the order in which forms list them. */
export const RATE_SCHEDULES = [constant, steps, exponential] as const

/** How the learning rate of a classifier changes over its epochs. */
export const rateSchedule = z
  .discriminatedUnion('kind', RATE_SCHEDULES.map(({ schema }) => schema) as unknown as SchemasOf<typeof RATE_SCHEDULES>)
  .superRefine((schedule, context) => {
    for (const { key, text } of rateScheduleOf(schedule.kind).faults(schedule))
      context.addIssue({
        code: 'custom',
        path: key.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        message: text,
      })
  })
export type ClassifierRate = z.infer<typeof rateSchedule>
export type RateKind = ClassifierRate['kind']

/** A definition without the type of its own settings. */
export type AnyRate = Omit<
  RateDefinition<RateKind, z.ZodRawShape>,
  'at' | 'faults' | 'first' | 'schema' | 'settings' | 'warnings'
> & {
  readonly settings: z.ZodRawShape
  readonly first: ClassifierRate
  at(spec: ClassifierRate, completed: number): number
  faults(spec: ClassifierRate): SettingRemark[]
  warnings(spec: ClassifierRate, epochs: number, text: (value: number) => string): SettingRemark[]
}

/** The definition of a kind. */
export const rateScheduleOf = memberByKind<RateKind, AnyRate>(
  RATE_SCHEDULES as unknown as readonly AnyRate[],
  'rate schedule',
)

/** Settings of a schedule that do nothing in a run of that many epochs. */
export const rateWarnings = (
  schedule: ClassifierRate,
  epochs: number,
  text: (value: number) => string,
): SettingRemark[] => rateScheduleOf(schedule.kind).warnings(schedule, epochs, text)

/**
 * The learning rate of an epoch of classifier training; formulas are those of the schedules, over a = e - 1 completed epochs.
 *
 * @param epoch - e, counted from 1
 * @returns the rate, >= 0
 *
 * Source: the original's schedules S1, S2, S3, which count from 0; docs/SOURCES.md 3.5 and 3.6.
 */
export const classifierRateOf = (schedule: ClassifierRate, epoch: number): number =>
  rateScheduleOf(schedule.kind).at(schedule, epoch - 1)
