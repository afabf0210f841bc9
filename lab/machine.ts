import { availableParallelism, loadavg } from 'node:os'
import type { ExecutorName, ExperimentSpec, LabSettings } from '../contract/index.js'
import type { ExecutorReport } from './compute/jobTable.js'
import type { WorkerThread } from './compute/workerThread.js'
import type { Work } from './work.js'

/** How fast steps of a kind run here, in the measure of {@link Work}. */
export interface StepSpeed {
  executor: ExecutorName
  workPerSecond: number
  /** Share of the processors that the measurement got: 1 on an idle machine, less beside other programs. */
  share: number
}

/** Runnable processes per processor from which a measurement counts as made under load. */
const BUSY = 0.5

/**
 * Share of the processors that a measurement gets beside other programs, N / (N + L).
 *
 * @param load - L, runnable processes of the last minute, >= 0; 0 where the system does not count them (Windows)
 * @param processors - N, >= 1
 * @returns 1 below half a process per processor, else in (0, 1)
 */
export const shareUnder = (load: number, processors: number): number =>
  load < BUSY * processors ? 1 : processors / (processors + load)

/** What this machine can do, asked once and remembered. */
export interface Machine {
  /** @param again - tests again, unless the compute thread is busy: the answer would have to wait for the run */
  executors(again?: boolean): Promise<ExecutorReport>
  /** @returns null while the compute thread is busy and nothing alike was measured before */
  speed(spec: ExperimentSpec, work: Work): Promise<StepSpeed | null>
}

/** Sizes within one power of two share a measurement. */
const scaleOf = (value: number): number => Math.round(Math.log2(value))

/**
 * @param compute - the thread that owns the executors
 * @param readSettings - which executor is preferred
 * @param shareNow - share of the processors that a measurement would get now
 */
export function createMachine(
  compute: Pick<WorkerThread, 'load' | 'ask'>,
  readSettings: () => Promise<LabSettings>,
  shareNow = (): number => shareUnder(loadavg()[0] ?? 0, availableParallelism()),
): Machine {
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
      const key = [
        spec.executor,
        preferred,
        work.kind,
        work.inputSize,
        scaleOf(work.units),
        scaleOf(work.batchSize),
      ].join(' ')
      const known = speeds.get(key)
      const share = shareNow()
      // A measurement under load is replaced as soon as the machine is less busy.
      if (known !== undefined && (compute.load > 0 || share <= (await known).share)) return known
      if (compute.load > 0) return null
      const rate = compute.ask('rate', { spec, work, choice: { asked: spec.executor, preferred, avoid: [] } })
      const measured = Promise.resolve(rate).then((speed): StepSpeed => ({ ...speed, share }))
      speeds.set(key, measured)
      measured.catch(() => speeds.delete(key))
      return measured
    },
  }
}
