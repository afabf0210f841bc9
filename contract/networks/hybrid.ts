import { z } from 'zod'
import { field } from '../field.js'
import { defineNetwork } from './definition.js'
import { activationExponent } from './settings.js'

/** A receptive-field layer that stays as it was learnt, with a classifier on top. */
export const hybrid = defineNetwork('hybrid', {
  label: 'KH model: receptive-field layer, linear classifier',
  short: 'KH',
  summary: 'Keeps a layer of local learning as it is, and trains a linear classifier on it.',
  source: 'Section 3.1.',
  settings: {
    activationExponent,
    layer: field(z.string().trim().min(1).max(4096).nullable(), {
      label: 'Layer',
      help: 'A finished run, an imported model or a file. Leave empty to use the newest finished layer of the same dataset.',
      source: '3.1',
      empty: 'the newest layer',
    }),
    layerForm: field(z.enum(['pruned', 'raw']), {
      label: 'Layer version',
      help: 'Use the pruned layer of a run, without its unconverged units, or the raw layer.',
      source: '5.4',
      choices: { pruned: 'pruned', raw: 'raw' },
    }),
  },
  first: { kind: 'hybrid', layer: null, layerForm: 'pruned', activationExponent: 4.5 },
  layer: 'frozen',
  type: 'KHModel',
})
