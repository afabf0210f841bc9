// The real compute thread, which dies in the middle of every experiment whose name begins with "crash".
import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ name, input }) => {
  if (name === 'experiment' && input.spec.name.startsWith('crash')) setTimeout(() => process.exit(7), 400)
})
await import('../../../lab/compute/computeThread.mjs')
