// The real compute thread with faults on demand: an experiment whose name begins with "crash" takes the thread down in its
// middle; one whose name begins with "poison" finds a NaN in the checkpoint that it goes on from.
import { parentPort } from 'node:worker_threads'

const EVENTS_BEFORE_THE_END = 40
let left = Infinity
const post = parentPort.postMessage.bind(parentPort)
parentPort.postMessage = (message, transfer) => {
  if (--left < 0) process.exit(7)
  post(message, transfer)
}
// First: a listener of ours would set messages flowing before the real one is there to take them.
await import('../../../lab/compute/computeThread.mjs')
parentPort.on('message', ({ name, input }) => {
  if (name !== 'experiment') return
  left = input.spec.name.startsWith('crash') ? EVENTS_BEFORE_THE_END : Infinity
  if (input.spec.name.startsWith('poison') && input.checkpoint !== null)
    input.checkpoint.tensors.weights.data.fill(NaN, 0, 3072)
})
