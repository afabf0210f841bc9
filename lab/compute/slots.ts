import { availableParallelism } from 'node:os'
import type { LabSettings } from '../../contract/index.js'
import { createComputePool, type ComputePool } from './computePool.js'
import { createWorkerProcess } from './workerProcess.js'
import { createWorkerThread } from './workerThread.js'

/** What the settings say of slots. */
export type SlotSettings = Pick<LabSettings, 'slots' | 'threadsPerSlot' | 'slotKind'>

/** The compute slots of a lab, as the settings say. */
export interface ComputeSlots {
  readonly compute: ComputePool
  /** Number of jobs that compute at once. */
  count(): number
  /** Takes other settings. A slot that has started keeps its kind and its number of threads until the program ends. */
  use(settings: SlotSettings): void
}

/** Threads of a slot that starts now: as set, or its share of the processors; null for all of them. */
function threadsOf({ slots, threadsPerSlot }: SlotSettings): number | null {
  if (threadsPerSlot !== null) return threadsPerSlot
  return slots === 1 ? null : Math.max(1, Math.floor(availableParallelism() / slots))
}

/**
 * Makes slots: the first a thread of this process, unless the settings ask for a process, and further ones processes, since native libraries misbehave in several threads of one process.
 *
 * @param computeThread - entry of the thread that computes
 */
export function createComputeSlots(computeThread: URL): ComputeSlots {
  let settings: SlotSettings = { slots: 1, threadsPerSlot: null }
  const compute = createComputePool(
    (index) => {
      const options = { threads: threadsOf(settings), onFree: () => compute.look() }
      return index === 0 && settings.slotKind !== 'process'
        ? createWorkerThread(computeThread, 'compute', options)
        : createWorkerProcess(computeThread, options)
    },
    () => settings.slots,
  )
  return {
    compute,
    count: () => settings.slots,
    use: (next) => {
      settings = { slots: next.slots, threadsPerSlot: next.threadsPerSlot, slotKind: next.slotKind ?? 'thread' }
      compute.look()
    },
  }
}
