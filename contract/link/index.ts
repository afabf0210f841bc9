export * from './createLink.js'
export * from './socketCodec.js'
export { REPLY_BUDGET, REQUEST_BUDGET, type MessageBudget } from './messageBudget.js'
