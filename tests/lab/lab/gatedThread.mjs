// A worker thread that carries out one job after the other, and none before the test opens the job's gate: it reports one event, waits at the gate
// without reading requests, and answers.
import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ id, input }) => {
  parentPort.postMessage({ tag: 'event', id, event: { done: 0, total: 1 } })
  Atomics.wait(input.gate, 0, 0)
  parentPort.postMessage({ tag: 'done', id, output: input.name })
})
