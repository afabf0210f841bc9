import { SHARE_ENV, Worker } from 'node:worker_threads'
import { createJobBoard, type JobChannel, type JobOptions } from './jobBoard.js'
import {
  FLAGS,
  REQUESTS,
  type FromWorker,
  type JobInput,
  type JobName,
  type JobOutput,
  type JobRequest,
  type ToWorker,
} from './jobTable.js'

export type { JobOptions } from './jobBoard.js'

/** What a thread knows of itself. */
export interface ThreadData {
  /** `compute` may load the native library, `analysis` never does. */
  role: 'compute' | 'analysis'
  /** Where it was started from; its own threads lie beside it. */
  entry: string
  /** Number of threads that its executor may use; null for one per processor. */
  threads: number | null
}

/** How a worker is started. */
export interface WorkerOptions {
  threads?: number | null
  /** Called when the worker may have become free. */
  onFree?: () => void
}

/** Work in progress in a worker. */
export interface RunningJob<Name extends JobName> {
  readonly result: Promise<JobOutput<Name>>
  /** Read by the worker between steps, without a message. */
  request(request: JobRequest): void
}

/** One worker thread that takes jobs one after the other; started at the first job, kept, and replaced when it dies. */
export interface WorkerThread {
  start<Name extends JobName>(name: Name, input: JobInput<Name>, options?: JobOptions<Name>): RunningJob<Name>
  /** The result of {@link start}. */
  ask<Name extends JobName>(name: Name, input: JobInput<Name>, options?: JobOptions<Name>): Promise<JobOutput<Name>>
  /** Number of jobs that wait or run; a cancelled one counts until the thread is free of it. */
  readonly load: number
  /** Ends the thread at once; its jobs fail with `executor.failed`. */
  terminate(): Promise<void>
}

/** Memory that a job shares with the lab: a computing thread receives no messages. */
const sharedChannel = (flags: Int32Array): JobChannel => ({
  request: (request) => void Atomics.store(flags, FLAGS.request, REQUESTS[request]),
  handled: () => {
    Atomics.sub(flags, FLAGS.pending, 1)
    Atomics.notify(flags, FLAGS.pending)
  },
})

/**
 * @param entry - computeThread.mjs, or its bundle in Electron
 * @param role - `compute` may load the native library, `analysis` never does
 */
export function createWorkerThread(
  entry: URL,
  role: 'compute' | 'analysis',
  { threads = null, onFree }: WorkerOptions = {},
): WorkerThread {
  let worker: Worker | null = null
  const board = createJobBoard(`${role} thread`, () => {
    if (board.awaited === 0) worker?.unref()
    onFree?.()
  })
  const running = (): Worker => {
    if (worker !== null) return worker
    // The environment is shared: what an executor sets for its native library must reach the process, not the thread's copy alone.
    // From 1.29 on, ONNX Runtime sends reports of its use to its makers, unless this is set before it is loaded.
    process.env['ORT_DISABLE_TELEMETRY'] = '1'
    const started = new Worker(entry, {
      workerData: { role, entry: entry.href, threads } satisfies ThreadData,
      name: `workbench-${role}`,
      stdout: true,
      env: SHARE_ENV,
    })
    // Standard output belongs to the command line's results; libraries in the thread may print to the other stream.
    started.stdout.pipe(process.stderr, { end: false })
    worker = started
    const forget = (reason: string, cause?: unknown): void => {
      if (worker !== started) return
      worker = null
      board.loseAll(reason, cause)
    }
    started.on('message', (message: FromWorker) => {
      if (worker === started) board.receive(message)
    })
    started.on('error', (error) => forget(error instanceof Error ? error.message : String(error), error))
    started.on('exit', (code) => forget(`exit code ${code}`))
    // A thread that only waits must not keep a command line alive.
    started.unref()
    return started
  }
  const start = <Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    options: JobOptions<Name> = {},
  ): RunningJob<Name> => {
    const flags = new SharedArrayBuffer(FLAGS.count * Int32Array.BYTES_PER_ELEMENT)
    const channel = sharedChannel(new Int32Array(flags))
    const { id, result } = board.open(name, channel, options)
    if (id !== null) {
      const thread = running()
      thread.ref()
      thread.postMessage({ tag: 'job', id, name, input, flags } satisfies ToWorker)
    }
    return { result, request: channel.request }
  }
  return {
    start,
    ask: (name, input, options) => start(name, input, options).result,
    get load() {
      return board.load
    },
    terminate: async () => {
      const ending = worker
      worker = null
      board.loseAll('it was terminated')
      await ending?.terminate()
    },
  }
}
