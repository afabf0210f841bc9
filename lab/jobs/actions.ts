import { LabError } from '../../contract/index.js'
import type { Board } from './board.js'
import { nextState } from './execution.js'
import { withState, type JobRecord } from './kind.js'
import type { Session } from './session.js'

/** Makes jobs and lets them wait: all, or none when one cannot be made. @returns the first */
export async function submit<Job extends JobRecord>(
  { kind, waiting }: Board<Job>,
  count: number,
  create: (index: number, first: Job | null) => Promise<Job>,
  next: boolean,
): Promise<Job> {
  const made: Job[] = []
  try {
    for (let index = 0; index < count; index++) made.push(await create(index, made[0] ?? null))
    const ids = made.map(({ id }) => id)
    waiting.allow(...ids)
    await waiting.set(next ? [...ids, ...waiting.ids] : [...waiting.ids, ...ids], () =>
      made.forEach((job) => kind.changed(job, true)),
    )
  } catch (error) {
    const left: Job[] = []
    for (const job of made) await kind.store.remove(job.id).catch(() => left.push(job))
    // What the disk does not let go waits there, so that it waits in memory and on screens too.
    for (const job of left) kind.changed(job, true)
    if (left.length > 0) waiting.append(left.map(({ id }) => id))
    throw error
  }
  const [first] = made
  if (first === undefined) throw new LabError('internal', `expected at least one job, got ${count}`)
  return first
}

/** Ends a job that waits or lies still. */
async function endWaiting<Job extends JobRecord>(
  { kind, sessions, waiting }: Board<Job>,
  id: string,
  event: 'pause' | 'stop',
): Promise<Job> {
  const stored = await kind.store.read(id)
  const job = sessions.live(stored)
  const state = nextState(job.state, event)
  if (state !== 'paused' && state !== 'stopped') throw kind.refusal(job, event === 'pause' ? 'paused' : 'stopped')
  const ended = await kind.store.update(id, withState(kind, state, job === stored ? {} : job))
  sessions.forget(id)
  await waiting.drop(id)
  kind.changed(ended, true)
  return ended
}

/** Pauses or stops a job. @returns its record once it has ended */
export async function endEarly<Job extends JobRecord>(
  board: Board<Job>,
  id: string,
  event: 'pause' | 'stop',
): Promise<Job> {
  const found = await board.inTurn(async (): Promise<Session<Job> | Job> => {
    const session = board.sessions.find(id)
    if (session === null) return endWaiting(board, id, event)
    session.request(event)
    return session
  })
  return 'ended' in found ? (await found.ended).record : found
}

/** Lets a job wait again that has ended, or that an earlier program left waiting. */
export async function resume<Job extends JobRecord>(
  { kind, options, sessions, waiting }: Board<Job>,
  id: string,
  changes: Partial<Job>,
): Promise<Job> {
  const stored = await kind.store.read(id)
  const job = sessions.live(stored)
  const leftWaiting = job.state === 'queued' && !waiting.mayStart(id)
  if (sessions.find(id) !== null || !(leftWaiting || kind.resumable.includes(job.state)))
    throw kind.refusal(job, 'resumed')
  const others = waiting.ids.filter((other) => other !== id)
  const before = waiting.ids
  const order = options.resumed === 'first' ? [id, ...others] : [...others, id]
  // The order first: with it alone, the job does not wait yet.
  await options.order?.write(order)
  const queued = await kind.store
    .update(id, withState(kind, 'queued', { ...(job === stored ? {} : job), ...changes }))
    .catch(async (error: unknown): Promise<never> => {
      await options.order?.write(before).catch(() => undefined)
      throw error
    })
  sessions.forget(id)
  waiting.allow(id)
  kind.changed(queued, true)
  waiting.take(order)
  return queued
}

/** Removes a job that does not compute. */
export async function remove<Job extends JobRecord>(
  { kind, options, sessions, waiting }: Board<Job>,
  id: string,
): Promise<void> {
  const session = sessions.find(id)
  if (session !== null) {
    if (session.record.state === 'running' || session.record.state === 'queued')
      throw kind.refusal(session.record, 'removed')
    // Its last record may still be on its way to disk, where it would bring the job back.
    await session.ended
  }
  await kind.store.remove(id)
  sessions.forget(id)
  options.removed(id)
  await waiting.drop(id)
}

/** Changes fields of a record, whether or not the job computes. */
export async function update<Job extends JobRecord>(
  { kind, sessions }: Board<Job>,
  id: string,
  changes: Partial<Job>,
): Promise<Job> {
  const before = sessions.live(await kind.store.read(id))
  const stored = await kind.store.update(id, changes)
  const session = sessions.find(id)
  if (session !== null) session.adopt(changes)
  else if (sessions.live(stored) !== stored) sessions.keepUnsaved({ ...before, ...changes })
  const job = sessions.live(stored)
  if (session === null) kind.changed(job, true)
  return job
}

/** Ends all sessions as interrupted, and waiting jobs that would not wait in the next program. */
export async function close<Job extends JobRecord>(
  board: Board<Job>,
  limitMs: number,
  onLimit: () => void,
): Promise<void> {
  const { kind, options, sessions, waiting } = board
  board.closed = true
  for (const session of sessions.all) session.request('interrupt')
  await board.inTurn(async () => {
    await sessions.interrupt(limitMs, onLimit)
    await sessions.saveUnsaved()
    if (options.order !== null) return
    for (const id of waiting.ids) {
      // A disk that refuses this leaves a job that waits, which the next program interrupts.
      const ended = await kind.store
        .read(id)
        .then((job) => kind.store.update(id, withState(kind, 'interrupted', kind.lost(job))))
        .catch(() => null)
      if (ended !== null) kind.changed(ended, true)
    }
  })
}
