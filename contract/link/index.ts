export * from './createLink.js'
export * from './socketCodec.js'
