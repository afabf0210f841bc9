// Written by `npm run docs` from contract/regularisers/index.ts; do not edit.
export { lebesgue } from './lebesgue.js'
export { jacobian } from './jacobian.js'
export { spectral } from './spectral.js'
