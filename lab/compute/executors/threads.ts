import { availableParallelism } from 'node:os'

let limit: number | null = null

/** Limits the threads of executors that are started from here on in this worker. @param count - >= 1 */
export function limitThreads(count: number): void {
  limit = count
}

/** Number of threads that an executor of this worker may use. */
export const threadLimit = (): number => Math.min(limit ?? Infinity, availableParallelism())
