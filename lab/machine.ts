import type { ExecutorName, ExperimentSpec, LabSettings } from '../contract/index.js'
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
  /** @param again - looks anew, unless the compute thread is busy: behind a run the answer would come in hours */
  executors(again?: boolean): Promise<ExecutorReport>
  /** @returns null while the compute thread is busy and nothing alike was measured before */
  speed(spec: ExperimentSpec, work: Work): Promise<StepSpeed | null>
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
  const speeds = new Map<string, Promise<StepSpeed>>()
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
    speed: async (spec, work) => {
      const { executor: preferred } = await readSettings()
      const key = [spec.executor, preferred, work.kind, work.inputSize, scaleOf(work.units), scaleOf(work.batchSize)].join(' ')
      const known = speeds.get(key)
      if (known !== undefined) return known
      if (compute.load > 0) return null
      const measured = compute.ask('rate', { spec, work, choice: { asked: spec.executor, preferred, avoid: [] } })
      speeds.set(key, measured)
      measured.catch(() => speeds.delete(key))
      return measured
    },
  }
}
