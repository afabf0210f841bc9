import { parentPort, workerData } from 'node:worker_threads'
import { LabError, toWireError } from '../../contract/index.js'
import { createTurns } from '../inTurn.js'
import { openBench, type Bench } from './bench.js'
import { JOBS } from './jobs/index.js'
import { WISHES, type FromWorker, type JobName, type ToWorker, type Wish } from './jobTable.js'

const port = parentPort
if (port === null) throw new LabError('internal', 'computeThread.ts is started as a worker only')

/** The buffers of typed arrays inside a value, to hand over instead of copying. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    // A view of a part keeps its buffer: others may look at the rest.
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) for (const entry of Object.values(value)) buffersOf(entry, found)
  return found
}

const post = (message: FromWorker, transfer = false): void => port.postMessage(message, transfer ? [...buffersOf(message)] : [])

const bench: Bench = openBench(workerData as { role: 'compute' | 'analysis' })
const inTurn = createTurns()

async function work({ id, name, input, flag }: ToWorker): Promise<void> {
  const shared = new Int32Array(flag)
  const wish = (): Wish => {
    const value = Atomics.load(shared, 0)
    return value === WISHES.stop ? 'stop' : value === WISHES.pause ? 'pause' : 'run'
  }
  const run = JOBS[name as JobName] as (input: unknown, tools: unknown) => Promise<unknown>
  try {
    // Events are copied: the experiment may still work with its arrays.
    const output = await run(input, { bench, wish, tell: (event: unknown) => post({ tag: 'event', id, event }) })
    post({ tag: 'done', id, output }, true)
  } catch (error) {
    post({ tag: 'fail', id, error: toWireError(error) })
  }
}

port.on('message', (message: ToWorker) => void inTurn(() => work(message)))
