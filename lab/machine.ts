import type { ExecutorName, LabSettings, LocalLearningSpec } from '../contract/index.js'
import type { ExecutorReport } from './compute/jobTable.js'
import type { WorkerThread } from './compute/workerThread.js'

/** How fast a rule runs here: units x inputs x images a second. */
export interface RuleSpeed {
  executor: ExecutorName
  workPerSecond: number
}

/** What this machine can do, asked once and remembered. */
export interface Machine {
  /** @param again - looks anew, unless the compute thread is busy: behind a run the answer would come in hours */
  executors(again?: boolean): Promise<ExecutorReport>
  /** @returns null while the compute thread is busy and nothing alike was measured before */
  speed(spec: LocalLearningSpec, inputSize: number): Promise<RuleSpeed | null>
}

/** Sizes within one power of two share a measurement. */
const scaleOf = (value: number): number => Math.round(Math.log2(value))

/**
 * @param compute - the thread that owns the executors
 * @param readSettings - which executor is preferred
 */
export function createMachine(compute: WorkerThread, readSettings: () => Promise<LabSettings>): Machine {
  let report: Promise<ExecutorReport> | null = null
  let reportedFor = ''
  const speeds = new Map<string, Promise<RuleSpeed>>()
  return {
    executors: async (again = false) => {
      const { executor: preferred } = await readSettings()
      const idle = compute.load === 0
      if (report !== null && !(idle && (again || preferred !== reportedFor))) return report
      reportedFor = preferred
      const asked = compute.ask('probe', { preferred })
      report = asked
      asked.catch(() => {
        if (report === asked) report = null
      })
      return asked
    },
    speed: async (spec, inputSize) => {
      const { executor: preferred } = await readSettings()
      const key = [spec.executor, preferred, spec.rule.kind, inputSize, scaleOf(spec.layer.hiddenUnits), scaleOf(spec.schedule.batchSize)].join(' ')
      const known = speeds.get(key)
      if (known !== undefined) return known
      if (compute.load > 0) return null
      const measured = compute.ask('rate', { spec, inputSize, choice: { asked: spec.executor, preferred, avoid: [] } })
      speeds.set(key, measured)
      measured.catch(() => speeds.delete(key))
      return measured
    },
  }
}
