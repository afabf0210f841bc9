// Written by `npm run docs` from contract/learningRules/index.ts; do not edit.
export { fkhl3 } from './fkhl3.js'
export { khl3 } from './khl3.js'
