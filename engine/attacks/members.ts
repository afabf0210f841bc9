// Written by `npm run docs` from contract/attacks/index.ts; do not edit.
export { random } from './random.js'
export { fgsm } from './fgsm.js'
export { pgd } from './pgd.js'
