export * from './bytes.js'
export * from './numbers.js'
export * from './names.js'
export * from './times.js'
