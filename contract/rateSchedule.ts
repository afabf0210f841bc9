import { z } from 'zod'
import { field } from './field.js'

const learningRate = field(z.number().positive().max(10), {
  label: 'Learning rate',
  symbol: 'η',
  unit: 'per step',
  help: 'Initial learning rate.',
  source: '3.6',
  range: '> 0',
})

const step = z.strictObject({
  after: field(z.int().min(0).max(100_000), {
    label: 'After epoch',
    symbol: 'a',
    unit: 'epochs',
    help: 'Number of completed epochs after which the rate changes.',
    source: '3.6',
  }),
  learningRate: field(z.number().min(0).max(10), {
    label: 'Rate',
    symbol: 'η',
    unit: 'per step',
    help: 'Learning rate after this epoch.',
    source: '3.6',
  }),
})

/** How the learning rate of a classifier changes over its epochs. */
export const rateSchedule = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), learningRate }),
    z.strictObject({ kind: z.literal('steps'), learningRate, steps: z.array(step).min(1).max(20) }),
    z.strictObject({
      kind: z.literal('exponential'),
      learningRate,
      holdEpochs: field(z.int().min(0).max(100_000), {
        label: 'Hold',
        unit: 'epochs',
        help: 'Number of epochs at the initial rate before the decay starts.',
        source: '3.6',
      }),
      timeConstant: field(z.number().positive().max(100_000), {
        label: 'Time constant',
        unit: 'epochs',
        help: 'Number of epochs in which the rate falls to 1/e.',
        source: '3.6',
        range: '> 0',
      }),
    }),
  ])
  .superRefine((schedule, context) => {
    if (schedule.kind !== 'steps') return
    schedule.steps.forEach(({ after }, index) => {
      const before = schedule.steps[index - 1]
      if (before !== undefined && after <= before.after)
        context.addIssue({
          code: 'custom',
          path: ['steps', index, 'after'],
          message: `Each step must come after the previous one. Use ${before.after + 1} or more.`,
        })
    })
  })
export type ClassifierRate = z.infer<typeof rateSchedule>
export type RateKind = ClassifierRate['kind']

/** The kinds as forms name them. */
export const RATE_KINDS = {
  constant: 'constant',
  steps: 'steps',
  exponential: 'exponential',
} as const satisfies Record<RateKind, string>

/** Rates by completed epochs a = e - 1. */
const RATES = {
  constant: ({ learningRate: rate }) => rate,
  steps: ({ learningRate: first, steps }, completed) =>
    steps.filter(({ after }) => completed > after).at(-1)?.learningRate ?? first,
  exponential: ({ learningRate: first, holdEpochs, timeConstant }, completed) =>
    completed <= holdEpochs ? first : first * Math.exp(-(completed - holdEpochs) / timeConstant),
} as const satisfies {
  [Kind in RateKind]: (schedule: Extract<ClassifierRate, { kind: Kind }>, completed: number) => number
}

/**
 * The learning rate of an epoch of classifier training, with a = e - 1 completed epochs: `constant` η; `steps` η until a exceeds a
 * step's `after`, then that step's rate; `exponential` η exp(-(a - hold) / τ) once a exceeds `hold`.
 *
 * @param epoch - e, counted from 1
 * @returns the rate, >= 0
 *
 * Source: the original's schedules S1, S2, S3, which count from 0; docs/SOURCES.md 3.5 and 3.6.
 */
export function classifierRateOf(schedule: ClassifierRate, epoch: number): number {
  switch (schedule.kind) {
    case 'constant':
      return RATES.constant(schedule)
    case 'steps':
      return RATES.steps(schedule, epoch - 1)
    case 'exponential':
      return RATES.exponential(schedule, epoch - 1)
  }
}
