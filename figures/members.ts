// Written by `npm run docs` from contract/figures/index.ts; do not edit.
export { figure1 } from './figure1.js'
export { figure2 } from './figure2.js'
export { figure3 } from './figure3.js'
export { figure4 } from './figure4.js'
export { figureA1 } from './figureA1.js'
export { figureA2 } from './figureA2.js'
