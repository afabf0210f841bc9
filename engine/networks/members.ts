// Written by `npm run docs` from contract/networks/index.ts; do not edit.
export { hybrid } from './hybrid.js'
export { perceptron } from './perceptron.js'
export { tanhPerceptron } from './tanhPerceptron.js'
export { identity } from './identity.js'
