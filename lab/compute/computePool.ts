import { LabError } from '../../contract/index.js'
import type { JobInput, JobName, JobOutput, JobRequest } from './jobTable.js'
import type { JobOptions, RunningJob, WorkerThread } from './workerThread.js'

/** A job that waits until a slot is free. */
interface Waiting {
  begin(slot: WorkerThread): void
  fail(error: LabError): void
}

/** Slots that compute side by side, used like one thread. A job takes the first slot that is free, or waits until one is. */
export interface ComputePool extends WorkerThread {
  /** Gives waiting jobs to slots that are free: one has finished, or there are more of them. */
  look(): void
}

/**
 * @param open - makes a slot; called when it is first needed
 * @param slots - number of slots that take jobs, >= 1
 */
export function createComputePool(open: (index: number) => WorkerThread, slots: () => number): ComputePool {
  const opened: WorkerThread[] = []
  const waiting: Waiting[] = []
  const slotAt = (index: number): WorkerThread => (opened[index] ??= open(index))
  const freeSlot = (): WorkerThread | null => {
    for (let index = 0; index < slots(); index++) if (slotAt(index).load === 0) return slotAt(index)
    return null
  }
  const look = (): void => {
    for (let slot = freeSlot(); slot !== null && waiting.length > 0; slot = freeSlot()) waiting.shift()?.begin(slot)
  }
  /** A job that has no slot yet: it can be cancelled, and keeps the last request until it starts. */
  const startLater = <Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    options: JobOptions<Name>,
  ): RunningJob<Name> => {
    let job: RunningJob<Name> | null = null
    let requested: JobRequest = 'run'
    const result = new Promise<JobOutput<Name>>((resolve, reject) => {
      const entry: Waiting = {
        begin: (slot) => {
          options.signal?.removeEventListener('abort', onAbort)
          job = slot.start(name, input, options)
          if (requested !== 'run') job.request(requested)
          job.result.then(resolve, reject)
        },
        fail: reject,
      }
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(entry), 1)
        reject(new LabError('cancelled', `${name} was cancelled before it started`))
      }
      options.signal?.addEventListener('abort', onAbort, { once: true })
      waiting.push(entry)
    })
    return {
      result,
      request: (request) => {
        requested = request
        job?.request(request)
      },
    }
  }
  const start = <Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    options: JobOptions<Name> = {},
  ): RunningJob<Name> => {
    const slot = waiting.length > 0 ? null : freeSlot()
    if (slot !== null || options.signal?.aborted === true) return (slot ?? slotAt(0)).start(name, input, options)
    return startLater(name, input, options)
  }
  return {
    start,
    look,
    ask: (name, input, options) => start(name, input, options).result,
    get load() {
      return waiting.length + opened.reduce((sum, slot) => sum + slot.load, 0)
    },
    terminate: async () => {
      for (const entry of waiting.splice(0))
        entry.fail(new LabError('executor.failed', 'the compute slots were terminated'))
      await Promise.all(opened.map((slot) => slot.terminate()))
    },
  }
}
