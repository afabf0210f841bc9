export * from './bytes.js'
export * from './numbers.js'
export * from './times.js'
