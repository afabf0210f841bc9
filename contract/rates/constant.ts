import { defineRate } from './definition.js'

/** The same rate in all epochs. */
export const constant = defineRate('constant', {
  label: 'constant',
  summary: 'Keeps the initial rate.',
  note: 'constant rate',
  source: 'Section 3.6.',
  settings: {},
  first: { kind: 'constant', learningRate: 0.001 },
  changes: false,
  at: ({ learningRate }) => learningRate,
})
