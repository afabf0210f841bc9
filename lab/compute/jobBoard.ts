import { LabError, asLabError, fromWireError, type ErrorDetails } from '../../contract/index.js'
import type { FromWorker, JobEvent, JobName, JobOutput, JobRequest } from './jobTable.js'

/** How a job is started. */
export interface JobOptions<Name extends JobName> {
  /**
   * Called with every event, in order. A promise says when the event is handled; a worker that is far ahead waits for it. A listener that throws or
   * rejects fails the job with its error, since what the job reports is then lost.
   */
  onEvent?: (event: JobEvent<Name>) => Promise<unknown> | void
  /** Requests the worker to stop; the result then fails with `cancelled` at once. */
  signal?: AbortSignal
}

/** How the lab reaches a job in a worker. */
export interface JobChannel {
  /** Read by the worker between steps. */
  request(request: JobRequest): void
  /** One more event is handled. */
  handled(): void
}

/** The jobs of one worker, from their start until the worker is free of them. */
export interface JobBoard {
  /** Number of jobs that wait in the worker or run there, cancelled ones included. */
  readonly load: number
  /** Number of jobs whose result somebody waits for. */
  readonly awaited: number
  /** @returns `id` null for a job that was cancelled before it started: nothing is to be sent */
  open<Name extends JobName>(
    name: Name,
    channel: JobChannel,
    options: JobOptions<Name>,
  ): { id: number | null; result: Promise<JobOutput<Name>> }
  receive(message: FromWorker): void
  /** Fails all jobs: their worker is gone. @param details - added to the error */
  loseAll(reason: string, cause?: unknown, details?: ErrorDetails): void
}

interface Entry {
  name: JobName
  channel: JobChannel
  onEvent: ((event: never) => Promise<unknown> | void) | undefined
  resolve(output: unknown): void
  reject(error: LabError): void
  /** Nobody waits for the result any more, but the worker may still compute it. */
  abandoned: boolean
}

/**
 * @param worker - named in errors: `compute thread`
 * @param onSettled - called whenever a job no longer has anybody who waits for it, and when the worker is free of it
 */
export function createJobBoard(worker: string, onSettled: () => void): JobBoard {
  let lastId = 0
  const entries = new Map<number, Entry>()

  const abandon = (entry: Entry, error: LabError): void => {
    if (entry.abandoned) return
    entry.abandoned = true
    entry.channel.request('stop')
    entry.reject(error)
  }
  const report = (entry: Entry, event: unknown): void => {
    const handled = (): void => entry.channel.handled()
    if (entry.abandoned) return handled()
    // At once, so that the events are seen before the result; as a promise, so that a listener that throws does not end the process.
    const seen = (async () => entry.onEvent?.(event as never))()
    void seen.catch((error: unknown) => abandon(entry, asLabError(error))).then(handled)
  }
  return {
    get load() {
      return entries.size
    },
    get awaited() {
      return [...entries.values()].filter(({ abandoned }) => !abandoned).length
    },
    open: (name, channel, { onEvent, signal }) => {
      if (signal?.aborted === true)
        return {
          id: null,
          result: Promise.reject(new LabError('cancelled', `${name} was cancelled before it started`)),
        }
      const id = ++lastId
      const result = new Promise<JobOutput<typeof name>>((resolve, reject) => {
        const onAbort = (): void => abandon(entry, new LabError('cancelled', `${name} was cancelled`))
        const settle = (finish: () => void): void => {
          signal?.removeEventListener('abort', onAbort)
          finish()
          onSettled()
        }
        const entry: Entry = {
          name,
          channel,
          onEvent,
          abandoned: false,
          resolve: (output) => settle(() => resolve(output as JobOutput<typeof name>)),
          reject: (error) => settle(() => reject(error)),
        }
        signal?.addEventListener('abort', onAbort)
        entries.set(id, entry)
      })
      return { id, result }
    },
    receive: (message) => {
      const entry = entries.get(message.id)
      if (entry === undefined) return
      if (message.tag === 'event') return report(entry, message.event)
      entries.delete(message.id)
      if (entry.abandoned) return onSettled()
      if (message.tag === 'done') entry.resolve(message.output)
      else entry.reject(fromWireError(message.error))
    },
    loseAll: (reason, cause, details = {}) => {
      const lost = [...entries.values()]
      entries.clear()
      const code =
        cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'executor.memory'
          : 'executor.failed'
      for (const entry of lost)
        if (!entry.abandoned)
          entry.reject(
            new LabError(code, `the ${worker} stopped during ${entry.name}: ${reason}`, { worker, ...details }, cause),
          )
      onSettled()
    },
  }
}
