// Written by `npm run docs` from contract/datasets/index.ts; do not edit.
export { cifar10 } from './cifar10.js'
export { mnist } from './mnist.js'
export { gaussianNoise } from './gaussianNoise.js'
export { syntheticScenes } from './syntheticScenes.js'
