import { COMPETITION, rankFaults } from './competition.js'
import { defineLearningRule } from './definition.js'

/** The fast minibatch rule. */
export const fkhl3 = defineLearningRule('fkhl3', {
  label: 'FKHL3',
  title: 'FKHL3, minibatch',
  summary: 'Updates the weights once per minibatch; all its images see the same weights.',
  note: 'fast minibatch rule',
  source: 'D. Krotov, J. J. Hopfield, PNAS 116, 2019, eqs. 3, 9, 10.',
  settings: COMPETITION,
  first: { kind: 'fkhl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 },
  sequential: false,
  stored: ({ rank, antiHebbianStrength }) => ({ type: 'FKHL3', rank, antiHebbianStrength }),
  faults: rankFaults,
})
