// The real compute thread, which dies in the middle of every experiment whose name begins with "crash".
import { parentPort } from 'node:worker_threads'

const EVENTS_BEFORE_THE_END = 40
let left = Infinity
parentPort.on('message', ({ name, input }) => {
  left = name === 'experiment' && input.spec.name.startsWith('crash') ? EVENTS_BEFORE_THE_END : Infinity
})
const post = parentPort.postMessage.bind(parentPort)
parentPort.postMessage = (message, transfer) => {
  if (--left < 0) process.exit(7)
  post(message, transfer)
}
await import('../../../lab/compute/computeThread.mjs')
