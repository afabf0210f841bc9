import type { ShownState } from './execution.js'
import type { JobKind, JobRecord } from './kind.js'

/** How the jobs of one kind wait and start. */
export interface SchedulerOptions<Job extends JobRecord> {
  kind: JobKind<Job>
  /** Number of jobs that compute at once; asked whenever one could start. */
  slots: () => number
  held: boolean
  /** Order of the waiting jobs on disk. Without it, jobs that wait are interrupted when the program ends. */
  order: { read(): Promise<string[]>; write(ids: readonly string[]): Promise<void> } | null
  /** Whether jobs left waiting by an earlier program start by themselves. */
  startOld: boolean
  /** Where a resumed job waits. */
  resumed: 'first' | 'last'
  /** Called when the order or `held` has changed. */
  orderChanged(ids: readonly string[], held: boolean): void
  removed(id: string): void
  /** Jobs that must have finished before this one starts, of this or another kind. */
  dependencies?(job: Job): readonly string[]
  /** State of any job; null when there is none of this id. */
  stateOf?(id: string): Promise<ShownState | null>
  /** Leaves every record as it is: another program may have the archive open. */
  readOnly?: boolean
}
