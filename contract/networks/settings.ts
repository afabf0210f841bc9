import { z } from 'zod'
import { field } from '../field.js'

export const hiddenUnits = field(z.int().min(2).max(20_000), {
  label: 'Hidden units',
  symbol: 'H',
  unit: 'units',
  help: 'Number of units in the hidden layer.',
  source: '3.2',
})
export const imageNorm = field(z.number().min(1).max(8), {
  label: 'Image norm',
  symbol: 'p',
  help: 'Scale every image to unit Lp norm.',
  source: '1.2',
})
export const batchNorm = field(z.boolean(), {
  label: 'Batch norm',
  help: 'Normalise the activations within each batch (ε = 1e-5, momentum 0.1).',
  source: '3.2',
})
export const activationExponent = field(z.number().positive().max(50), {
  label: 'Activation exponent',
  symbol: 'n',
  help: 'The latent activations are max(h, 0)^n.',
  source: '3.2',
  range: '> 0',
})
