import { SHARE_ENV, Worker } from 'node:worker_threads'
import { LabError, fromWireError } from '../../contract/index.js'
import { FLAGS, WISHES, type FromWorker, type JobEvent, type JobInput, type JobName, type JobOutput, type ToWorker, type Wish } from './jobTable.js'

/** What a thread knows of itself. */
export interface ThreadData {
  /** `compute` may load the native library, `analysis` never does. */
  role: 'compute' | 'analysis'
  /** Where it was started from; its own threads lie beside it. */
  entry: string
}

/** Work under way in a worker thread. */
export interface RunningJob<Name extends JobName> {
  readonly result: Promise<JobOutput<Name>>
  /** Read by the worker between steps, without a message. */
  wish(wish: Wish): void
}

/** How a job is asked for. */
export interface JobOptions<Name extends JobName> {
  /** A promise tells when the event is dealt with; a thread far ahead waits for it. */
  onEvent?: (event: JobEvent<Name>) => Promise<unknown> | void
  /** Asks the worker to stop; the result then fails with `cancelled`. */
  signal?: AbortSignal
}

/** One worker thread that takes jobs one after the other; started at the first job, kept, and replaced when it dies. */
export interface WorkerThread {
  start<Name extends JobName>(name: Name, input: JobInput<Name>, options?: JobOptions<Name>): RunningJob<Name>
  /** The result of {@link start}. */
  ask<Name extends JobName>(name: Name, input: JobInput<Name>, options?: JobOptions<Name>): Promise<JobOutput<Name>>
  /** Number of jobs that wait or run. */
  readonly load: number
  /** Ends the thread at once; its jobs fail with `executor.failed`. */
  terminate(): Promise<void>
}

interface Waiting {
  name: JobName
  resolve(output: unknown): void
  reject(error: LabError): void
  flags: Int32Array
  onEvent: ((event: never) => Promise<unknown> | void) | undefined
}

/**
 * @param entry - computeThread.mjs, or its bundle in Electron
 * @param role - `compute` may load the native library, `analysis` never does
 */
export function createWorkerThread(entry: URL, role: 'compute' | 'analysis'): WorkerThread {
  let worker: Worker | null = null
  let nextId = 1
  const waiting = new Map<number, Waiting>()

  const loseAll = (reason: string, cause?: unknown): void => {
    const lost = [...waiting.values()]
    waiting.clear()
    const code = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'executor.memory' : 'executor.failed'
    for (const job of lost) job.reject(new LabError(code, `the ${role} thread stopped during ${job.name}: ${reason}`, { role }, cause))
  }
  const receive = (message: FromWorker): void => {
    const job = waiting.get(message.id)
    if (job === undefined) return
    if (message.tag === 'event') {
      const dealtWith = (): void => {
        Atomics.sub(job.flags, FLAGS.pending, 1)
        Atomics.notify(job.flags, FLAGS.pending)
      }
      return void Promise.resolve(job.onEvent?.(message.event as never)).then(dealtWith, dealtWith)
    }
    waiting.delete(message.id)
    if (message.tag === 'done') job.resolve(message.output)
    else job.reject(fromWireError(message.error))
  }
  const running = (): Worker => {
    if (worker !== null) return worker
    // The environment is shared: what an executor sets for its native library must reach the process, not the thread's copy alone.
    const started = new Worker(entry, { workerData: { role, entry: entry.href } satisfies ThreadData, name: `workbench-${role}`, stdout: true, env: SHARE_ENV })
    // Standard output belongs to the command line's results; libraries in the thread may chat on the other stream.
    started.stdout.pipe(process.stderr, { end: false })
    worker = started
    const forget = (reason: string, cause?: unknown): void => {
      if (worker !== started) return
      worker = null
      loseAll(reason, cause)
    }
    started.on('message', (message: FromWorker) => {
      if (worker === started) receive(message)
    })
    started.on('error', (error) => forget(error instanceof Error ? error.message : String(error), error))
    started.on('exit', (code) => forget(`exit code ${code}`))
    // A thread that only waits must not keep a command line alive.
    started.unref()
    return started
  }

  const start = <Name extends JobName>(name: Name, input: JobInput<Name>, options: JobOptions<Name> = {}): RunningJob<Name> => {
    const shared = new SharedArrayBuffer(FLAGS.count * Int32Array.BYTES_PER_ELEMENT)
    const flags = new Int32Array(shared)
    const wish = (asked: Wish): void => void Atomics.store(flags, FLAGS.wish, WISHES[asked])
    const result = new Promise<JobOutput<Name>>((resolve, reject) => {
      if (options.signal?.aborted === true) return reject(new LabError('cancelled', `${name} was cancelled before it started`))
      const id = nextId++
      const onAbort = (): void => {
        wish('stop')
        if (waiting.delete(id)) reject(new LabError('cancelled', `${name} was cancelled`))
        settle()
      }
      const settle = (): void => {
        options.signal?.removeEventListener('abort', onAbort)
        if (waiting.size === 0) worker?.unref()
      }
      options.signal?.addEventListener('abort', onAbort)
      waiting.set(id, {
        name, flags, onEvent: options.onEvent,
        resolve: (output) => { settle(); resolve(output as JobOutput<Name>) },
        reject: (error) => { settle(); reject(error) },
      })
      const thread = running()
      thread.ref()
      thread.postMessage({ tag: 'job', id, name, input, flags: shared } satisfies ToWorker)
    })
    return { result, wish }
  }
  return {
    start,
    ask: (name, input, options) => start(name, input, options).result,
    get load() {
      return waiting.size
    },
    terminate: async () => {
      const ending = worker
      worker = null
      loseAll('it was terminated')
      await ending?.terminate()
    },
  }
}
