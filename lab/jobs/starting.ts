import { LabError } from '../../contract/index.js'
import { endedAs, type JobRecord } from './kind.js'
import type { Board } from './board.js'

/** What keeps a job from starting: nothing, jobs that have not finished, or one that never will. */
async function blockOf<Job extends JobRecord>(
  { options: { dependencies, stateOf } }: Board<Job>,
  job: Job,
): Promise<'none' | 'waits' | LabError> {
  for (const id of dependencies?.(job) ?? []) {
    const state = (await stateOf?.(id)) ?? null
    if (state === null) return new LabError('run.missing', `${job.id} needs ${id}, which was deleted`, { run: id })
    if (state !== 'finished') return 'waits'
  }
  return 'none'
}

async function fail<Job extends JobRecord>(
  { kind, sessions, waiting }: Board<Job>,
  job: Job,
  failure: LabError,
): Promise<void> {
  const changes = endedAs(kind, { state: 'failed', failure }, {})
  const failed = { ...job, ...changes }
  await kind.store.update(job.id, changes).catch(() => sessions.keepUnsaved(failed))
  kind.changed(failed, true)
  await waiting.drop(job.id)
}

/** The first waiting job that may start. */
async function nextJob<Job extends JobRecord>(board: Board<Job>): Promise<Job | null> {
  const { kind, sessions, waiting } = board
  for (const id of waiting.ids) {
    if (!waiting.mayStart(id) || sessions.find(id) !== null) continue
    const job = await kind.store.read(id).catch(() => null)
    // It stays in the queue, where resuming it says why it cannot be read.
    if (job === null) waiting.forbid(id)
    else {
      const block = await blockOf(board, job)
      if (block === 'none') return job
      if (block !== 'waits') await fail(board, job, block)
    }
  }
  return null
}

/** Starts the next job if a slot is free. @returns whether another look is worth while */
export async function startNext<Job extends JobRecord>(board: Board<Job>): Promise<boolean> {
  const { options, sessions, waiting } = board
  if (board.closed || waiting.held || sessions.all.length >= options.slots()) return false
  const job = await nextJob(board)
  if (job === null) return false
  // It leaves the queue when its record says that it runs, or why it does not.
  await sessions.start(job).begun
  await waiting.drop(job.id)
  return true
}
