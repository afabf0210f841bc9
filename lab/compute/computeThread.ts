import { constants, platform, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { asLabError, LabError, toWireError } from '../../contract/index.js'
import { createTurns } from '../inTurn.js'
import { openWorkerResources, type WorkerResources } from './workerResources.js'
import { JOBS } from './jobs/index.js'
import {
  FLAGS,
  MOST_PENDING_EVENTS,
  REQUESTS,
  type FromWorker,
  type JobName,
  type ToWorker,
  type JobRequest,
} from './jobTable.js'
import type { ThreadData } from './workerThread.js'

// On Linux a thread has a priority of its own, and the threads that it starts inherit it: the window stays quick while both
// cores compute. Elsewhere it would slow the whole process.
if (platform() === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const port = parentPort
if (port === null) throw new LabError('internal', 'computeThread.ts must be started as a worker')

/** The buffers of typed arrays inside a value, to hand over instead of copying. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    // A view of a part keeps its buffer: others may look at the rest.
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null)
    for (const entry of Object.values(value)) buffersOf(entry, found)
  return found
}

/** How often a waiting thread looks whether it is to stop. */
const WAIT_MS = 200

const post = (message: FromWorker, transfer = false): void =>
  port.postMessage(message, transfer ? [...buffersOf(message)] : [])

const resources: WorkerResources = openWorkerResources(workerData as ThreadData)
const inTurn = createTurns()

async function work({ id, name, input, flags: memory }: ToWorker): Promise<void> {
  const flags = new Int32Array(memory)
  const requested = (): JobRequest => {
    const value = Atomics.load(flags, FLAGS.request)
    return value === REQUESTS.stop ? 'stop' : value === REQUESTS.pause ? 'pause' : 'run'
  }
  const report = (event: unknown): void => {
    for (
      let pending = Atomics.load(flags, FLAGS.pending);
      pending >= MOST_PENDING_EVENTS && requested() === 'run';
      pending = Atomics.load(flags, FLAGS.pending)
    ) {
      Atomics.wait(flags, FLAGS.pending, pending, WAIT_MS)
    }
    Atomics.add(flags, FLAGS.pending, 1)
    // Copied, not transferred: the experiment may still work with its arrays.
    post({ tag: 'event', id, event })
  }
  const run = JOBS[name as JobName] as (input: unknown, tools: unknown) => Promise<unknown>
  try {
    const output = await run(input, { resources, requested, report })
    post({ tag: 'done', id, output }, true)
  } catch (error) {
    // An executor that failed is not handed to the next job.
    if (asLabError(error).code.startsWith('executor.')) await resources.clear()
    post({ tag: 'fail', id, error: toWireError(error) })
  }
}

port.on('message', (message: ToWorker) => void inTurn(() => work(message)))
