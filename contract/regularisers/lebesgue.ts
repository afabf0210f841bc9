import { z } from 'zod'
import { field } from '../field.js'
import { defineRegulariser } from './definition.js'

/** Lebesgue norm of the parameters; weight decay with p = 2. */
export const lebesgue = defineRegulariser('lebesgue', {
  label: 'Lebesgue norm of the parameters',
  short: 'Lp',
  paper: 'LpReg',
  summary: 'Adds Σ |θ|^p over all parameters, including biases and batch norm.',
  source: 'The original’s LpReg; section 4.1.',
  settings: {
    lebesgueNorm: field(z.number().positive().max(8), {
      label: 'Lebesgue norm',
      symbol: 'p',
      help: 'Σ |θ|^p over all parameters, including biases and batch norm; 2 is weight decay.',
      source: '4.1',
      range: '> 0',
    }),
  },
  first: { kind: 'lebesgue', strength: 0.0005, lebesgueNorm: 2 },
  needsHiddenLayer: false,
  preparesEpoch: false,
  describe: ({ lebesgueNorm }, text) => (lebesgueNorm === 2 ? '' : `, p = ${text(lebesgueNorm)}`),
})
