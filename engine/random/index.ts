export { philox4x32 } from './philox.js'
export { randomStream, type RandomStream } from './stream.js'
