import { COMPETITION, rankFaults } from './competition.js'
import { defineLearningRule } from './definition.js'

/** Units times epochs from which one image after the other takes days. */
const DAYS = 20_000

/** The sequential rule. */
export const khl3 = defineLearningRule('khl3', {
  label: 'KHL3',
  title: 'KHL3, sequential',
  summary: 'Updates the weights after every image; the reference, hundreds of times slower.',
  note: 'sequential reference, one image at a time',
  source: 'D. Krotov, J. J. Hopfield, PNAS 116, 2019, eq. 3.',
  settings: COMPETITION,
  first: { kind: 'khl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 },
  sequential: true,
  stored: ({ rank, antiHebbianStrength }) => ({ type: 'KHL3', rank, antiHebbianStrength }),
  faults: rankFaults,
  warnings: (_spec, { hiddenUnits, epochs }) =>
    hiddenUnits * epochs > DAYS
      ? [{ key: 'kind', text: 'KHL3 processes one image at a time; this will take days.' }]
      : [],
})
