import type { ExecutorName, LocalLearningSpec } from '../contract/index.js'
import type { ExecutorReport } from './compute/jobTable.js'
import type { WorkerThread } from './compute/workerThread.js'

/** How fast a rule runs here: units x inputs x images a second. */
export interface RuleSpeed {
  executor: ExecutorName
  workPerSecond: number
}

/** What this machine can do, asked once and remembered. */
export interface Machine {
  executors(): Promise<ExecutorReport>
  /** @returns null while the compute thread is busy and nothing alike was measured before */
  speed(spec: LocalLearningSpec, inputSize: number): Promise<RuleSpeed | null>
}

/** Sizes within one power of two share a measurement. */
const scaleOf = (value: number): number => Math.round(Math.log2(value))

/**
 * @param compute - the thread that owns the executors
 */
export function createMachine(compute: WorkerThread): Machine {
  let report: Promise<ExecutorReport> | null = null
  const speeds = new Map<string, Promise<RuleSpeed>>()
  return {
    executors: () => {
      report ??= compute.ask('probe', null).catch((error: unknown) => {
        report = null
        throw error
      })
      return report
    },
    speed: async (spec, inputSize) => {
      const key = [spec.executor, spec.rule.kind, inputSize, scaleOf(spec.layer.hiddenUnits), scaleOf(spec.schedule.batchSize)].join(' ')
      const known = speeds.get(key)
      if (known !== undefined) return known
      if (compute.load > 0) return null
      const measured = compute.ask('rate', { spec, inputSize })
      speeds.set(key, measured)
      measured.catch(() => speeds.delete(key))
      return measured
    },
  }
}
