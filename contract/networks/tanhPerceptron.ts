import { z } from 'zod'
import { field } from '../field.js'
import { defineNetwork } from './definition.js'
import { batchNorm, hiddenUnits, imageNorm } from './settings.js'

/** One hidden layer with powers of tanh. */
export const tanhPerceptron = defineNetwork('tanhPerceptron', {
  label: 'Perceptron, tanh',
  short: 'SHLP tanh',
  summary: 'Has one hidden layer of powers of tanh, all of it trained.',
  source: 'Section 3.3.',
  settings: {
    hiddenUnits,
    batchNorm,
    imageNorm,
    activationExponent: field(z.int().min(1).max(50), {
      label: 'Activation exponent',
      symbol: 'n',
      help: 'The latent activations are tanh(h)^n. Must be a whole number, because tanh(h) can be negative.',
      source: '3.3',
      range: '1, 2, 3 …',
    }),
  },
  first: { kind: 'tanhPerceptron', hiddenUnits: 2000, activationExponent: 1, batchNorm: false, imageNorm: 3 },
  layer: 'trained',
  type: 'SHLP_tanh',
})
