import type { ExecutorName, ExperimentSpec } from '../contract/index.js'
import type { ExecutorReport } from './compute/jobTable.js'
import type { WorkerThread } from './compute/workerThread.js'
import type { Work } from './work.js'

/** How fast steps of a kind run here, in the measure of {@link Work}. */
export interface StepSpeed {
  executor: ExecutorName
  workPerSecond: number
}

/** What this machine can do, asked once and remembered. */
export interface Machine {
  executors(): Promise<ExecutorReport>
  /** @returns null while the compute thread is busy and nothing alike was measured before */
  speed(spec: ExperimentSpec, work: Work): Promise<StepSpeed | null>
}

/** Sizes within one power of two share a measurement. */
const scaleOf = (value: number): number => Math.round(Math.log2(value))

/**
 * @param compute - the thread that owns the executors
 */
export function createMachine(compute: WorkerThread): Machine {
  let report: Promise<ExecutorReport> | null = null
  const speeds = new Map<string, Promise<StepSpeed>>()
  return {
    executors: () => {
      report ??= compute.ask('probe', null).catch((error: unknown) => {
        report = null
        throw error
      })
      return report
    },
    speed: async (spec, work) => {
      const key = [spec.executor, work.kind, work.inputSize, scaleOf(work.units), scaleOf(work.batchSize)].join(' ')
      const known = speeds.get(key)
      if (known !== undefined) return known
      if (compute.load > 0) return null
      const measured = compute.ask('rate', { spec, work })
      speeds.set(key, measured)
      measured.catch(() => speeds.delete(key))
      return measured
    },
  }
}
