import { defineNetwork } from './definition.js'
import { imageNorm } from './settings.js'

/** A linear classifier on the images. */
export const identity = defineNetwork('identity', {
  label: 'Linear classifier on the images',
  short: 'identity',
  summary: 'Has no hidden layer; multinomial regression on the images.',
  source: 'Section 3.4.',
  settings: { imageNorm },
  first: { kind: 'identity', imageNorm: 3 },
  layer: 'none',
  type: 'Linear',
})
