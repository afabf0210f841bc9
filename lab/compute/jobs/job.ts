import type { WorkerResources } from '../workerResources.js'
import type { JobEvent, JobInput, JobName, JobOutput, JobRequest } from '../jobTable.js'

/** What every job is handed besides its input. */
export interface JobTools<Name extends JobName> {
  resources: WorkerResources
  /** What the lab requests now; read between steps. */
  requested(): JobRequest
  report(event: JobEvent<Name>): void
}

export type JobFunction<Name extends JobName> = (
  input: JobInput<Name>,
  tools: JobTools<Name>,
) => Promise<JobOutput<Name>>
