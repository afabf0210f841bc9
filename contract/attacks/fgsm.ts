import { AIM } from './aim.js'
import { defineAttack } from './definition.js'

/** Fast gradient sign method. */
export const fgsm = defineAttack('fgsm', {
  label: 'FGSM',
  title: 'FGSM (one step along the gradient)',
  figureRow: 'FGSM',
  summary: 'Takes one step of length ε along the sign of the gradient at the image.',
  source: 'I. Goodfellow, J. Shlens, C. Szegedy, ICLR 2015.',
  settings: AIM,
  first: { kind: 'fgsm', norm: 'linf', target: null },
  method: 'singleStep',
  clamps: true,
  linePath: true,
  paperLargest: 0.0316,
})
