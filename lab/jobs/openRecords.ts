import { withState, type JobRecord } from './kind.js'
import type { SchedulerOptions } from './schedulerOptions.js'

/** What an earlier program has left. */
export interface OpenedRecords<Job> {
  /** Ids of the waiting jobs, in their order. */
  waiting: string[]
  /** Jobs that were interrupted and whose record could not be written. */
  unsaved: Job[]
}

/** Reads the records of a kind and marks as interrupted what was running when the program died. @throws LabError when they cannot be listed */
export async function openRecords<Job extends JobRecord>({
  kind,
  order,
  readOnly = false,
}: Pick<SchedulerOptions<Job>, 'kind' | 'order' | 'readOnly'>): Promise<OpenedRecords<Job>> {
  const jobs = await kind.store.list()
  const unsaved: Job[] = []
  for (const job of jobs) {
    if (readOnly || !(job.state === 'running' || (order === null && job.state === 'queued'))) continue
    const changes = withState(kind, 'interrupted', kind.lost(job))
    // A disk that is full must not keep its owner from what lies on it.
    await kind.store.update(job.id, changes).catch(() => unsaved.push({ ...job, ...changes }))
    await kind.logLost?.(job).catch(() => undefined)
  }
  if (order === null) return { waiting: [], unsaved }
  // Newest first in lists, oldest first in the queue.
  const queued = jobs
    .filter(({ state }) => state === 'queued')
    .map(({ id }) => id)
    .reverse()
  const kept = (await order.read()).filter((id) => queued.includes(id))
  return { waiting: [...kept, ...queued.filter((id) => !kept.includes(id))], unsaved }
}
