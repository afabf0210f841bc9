import { defineAttack } from './definition.js'

/** Random perturbation: white Gaussian noise. */
export const random = defineAttack('random', {
  label: 'Random',
  title: 'Random perturbation',
  figureRow: 'Random Perturbation',
  summary:
    'Adds Gaussian noise with standard deviation ε to every entry, drawn again for each ε and image, and never clamped.',
  source: 'The original’s white Gaussian perturbation; section 6.',
  settings: {},
  first: { kind: 'random' },
  method: 'noise',
  clamps: false,
  linePath: false,
  // The original takes a natural logarithm for a decimal one: 10^ln 2.5.
  paperLargest: 8.247,
  drawsNumbers: () => true,
  describe: () => 'noise',
  facts: () => [{ label: 'Noise', value: 'normal, standard deviation *ε*' }],
})
