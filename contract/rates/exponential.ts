import { z } from 'zod'
import { field } from '../field.js'
import { defineRate } from './definition.js'

/** η until `hold` epochs a are completed, then η exp(-(a - hold) / τ). */
export const exponential = defineRate('exponential', {
  label: 'exponential',
  summary: 'Keeps the initial rate for some epochs, then lets it fall exponentially.',
  note: 'after the hold *η* · exp(−(*a* − hold) / *τ*), *a* epochs completed',
  source: 'The original’s schedules S2 and S3; section 3.6.',
  settings: {
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
  },
  first: { kind: 'exponential', learningRate: 0.001, holdEpochs: 90, timeConstant: 30 },
  changes: true,
  at: ({ learningRate, holdEpochs, timeConstant }, completed) =>
    completed <= holdEpochs ? learningRate : learningRate * Math.exp(-(completed - holdEpochs) / timeConstant),
  warnings: ({ holdEpochs }, epochs, text) =>
    holdEpochs >= epochs
      ? [{ key: 'holdEpochs', text: `The run ends after ${text(epochs)} epochs; the rate never decreases.` }]
      : [],
})
