export { eventLogOf } from './eventLog.js'
export { createMemoryPair } from './memoryPair.js'
export { FULL_ACCESS, serveLab, type Access } from './serveLab.js'
export { socketEndpoint } from './socketEndpoint.js'
