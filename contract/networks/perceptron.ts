import { defineNetwork } from './definition.js'
import { activationExponent, batchNorm, hiddenUnits, imageNorm } from './settings.js'

/** One hidden layer with rectified powers. */
export const perceptron = defineNetwork('perceptron', {
  label: 'Perceptron, rectified powers',
  short: 'SHLP',
  summary: 'Has one hidden layer of rectified powers, all of it trained.',
  source: 'Section 3.2.',
  settings: { hiddenUnits, activationExponent, batchNorm, imageNorm },
  first: { kind: 'perceptron', hiddenUnits: 2000, activationExponent: 1, batchNorm: false, imageNorm: 3 },
  layer: 'trained',
  type: 'SHLP',
})
