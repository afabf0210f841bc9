// A worker thread that answers every job by taking all the memory that it can get.
import { parentPort } from 'node:worker_threads'

parentPort.on('message', () => {
  const kept = []
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index * 1.5))
})
