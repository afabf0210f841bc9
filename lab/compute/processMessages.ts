import type { FromWorker, JobName, JobRequest } from './jobTable.js'

/** The lab's messages to a compute process. */
export type ToProcess =
  | { tag: 'job'; id: number; name: JobName; input: unknown }
  | { tag: 'request'; id: number; request: JobRequest }
  /** One more event of this job is handled. */
  | { tag: 'handled'; id: number }

/** A compute process's messages to the lab: those of its thread. */
export type FromProcess = FromWorker
