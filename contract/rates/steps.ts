import { z } from 'zod'
import { field } from '../field.js'
import { defineRate } from './definition.js'

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

/** η until a completed number of epochs exceeds a step's `after`, then that step's rate. */
export const steps = defineRate('steps', {
  label: 'steps',
  summary: 'Changes to the rate of a step once more epochs than its number are completed.',
  note: 'the rate of the last step',
  source: 'The original’s schedule S1; section 3.6.',
  settings: {
    steps: field(z.array(step).min(1).max(20), {
      label: 'Steps',
      help: 'Numbers of completed epochs, each with the rate after it.',
      source: '3.6',
    }),
  },
  first: { kind: 'steps', learningRate: 0.001, steps: [{ after: 30, learningRate: 0.0005 }] },
  changes: true,
  at: ({ learningRate: first, steps: all }, completed) =>
    all.filter(({ after }) => completed > after).at(-1)?.learningRate ?? first,
  faults: ({ steps: all }) =>
    all.flatMap(({ after }, index) => {
      const before = all[index - 1]
      return before === undefined || after > before.after
        ? []
        : [
            {
              key: `steps.${index}.after`,
              text: `Each step must come after the previous one. Use ${before.after + 1} or more.`,
            },
          ]
    }),
  warnings: ({ steps: all }, epochs, text) => {
    const late = all.findIndex(({ after }) => after >= epochs)
    return late < 0
      ? []
      : [
          {
            key: `steps.${late}.after`,
            text: `The run ends after ${text(epochs)} epochs; this step is never reached.`,
          },
        ]
  },
})
