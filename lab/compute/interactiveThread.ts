import { LabError, type ExecutorName } from '../../contract/index.js'
import type { WorkerThread } from './workerThread.js'

/** Executors that every thread has; the native library lives in the compute thread alone. */
export const ON_EVERY_THREAD: ReadonlySet<ExecutorName | 'auto'> = new Set(['auto', 'wasm', 'cpu'])

/** The two threads, and the job that has the compute thread now. */
export interface InteractiveThreads {
  compute: WorkerThread
  analysis: WorkerThread
  /** Id of a run or sweep that computes; null while none does. */
  computing(): string | null
}

/**
 * The thread for a computation that a page waits for.
 *
 * A named executor computes, or the request is refused; it is never replaced. Behind a job, which may compute for hours, a request of `auto` goes to
 * the analysis thread, on WebAssembly; behind another short computation, a named executor waits.
 *
 * @throws LabError `executor.busy` for an executor that a job has
 */
export function threadFor(
  { compute, analysis, computing }: InteractiveThreads,
  executor: ExecutorName | 'auto',
): WorkerThread {
  if (ON_EVERY_THREAD.has(executor)) return compute.load > 0 ? analysis : compute
  const job = computing()
  if (job !== null)
    throw new LabError('executor.busy', `${executor} cannot be used while ${job} computes`, { executor, job })
  return compute
}
