import { LabError, type ReplayId, type ReplayRecord, type ReplayRequest } from '../../contract/index.js'
import { createTurns } from '../inTurn.js'
import { planReplay } from './replay.js'
import { startReplaySitting, type ReplayServices, type ReplaySitting } from './replaySitting.js'
import { replayId } from './replayStore.js'

/** Replays of an archive: those on disk, and the one that computes. */
export interface Replays {
  /** The last changed first. */
  list(): ReplayRecord[]
  /** @throws LabError `replay.missing` */
  get(id: ReplayId): ReplayRecord
  /** Begins, or goes on with what is there. @throws LabError `replay.state` while another computes, `dataset.missing`, `spec.invalid` */
  start(request: ReplayRequest): Promise<ReplayRecord>
  /** Resolves when it stands. @throws LabError `replay.missing`, `replay.state` */
  pause(id: ReplayId): Promise<ReplayRecord>
  /** Lets go of the one that computes; it is interrupted. Resolves once that is stored, which may need the threads to be ended. */
  close(): Promise<void>
}

/** Opens the replays of an archive; one that was running when the program ended is interrupted. */
export async function openReplays({ readOnly = false, ...services }: ReplayServices & { readOnly?: boolean }): Promise<Replays> {
  const { lab, store } = services
  const records = new Map<ReplayId, ReplayRecord>()
  for (const record of await store.list()) {
    const opened: ReplayRecord = record.state === 'running' && !readOnly ? { ...record, state: 'interrupted' } : record
    if (opened !== record) await store.save(opened)
    records.set(record.id, opened)
  }
  const inTurn = createTurns()
  let sitting: ReplaySitting | null = null

  const keep = (record: ReplayRecord): void => {
    records.set(record.id, record)
    services.changed(record)
  }
  const known = (id: ReplayId): ReplayRecord => {
    const record = records.get(id)
    if (record === undefined) throw new LabError('replay.missing', `no replay has the id ${id}`, { id })
    return record
  }
  const begin = async (request: ReplayRequest): Promise<ReplayRecord> => {
    const id = replayId(request)
    // One that stands may still be storing how.
    if (sitting !== null && sitting.record.state !== 'running') await sitting.ended
    if (sitting !== null) {
      if (sitting.id === id) return sitting.record
      throw new LabError('replay.state', `${sitting.id} is running; pause it before you start ${id}`, { id, running: sitting.id })
    }
    // Refused before anything is stored.
    await planReplay(lab, { ...request, ...(services.change === undefined ? {} : { change: services.change }) })
    const now = new Date().toISOString()
    const record: ReplayRecord = { createdAt: now, ...records.get(id), ...request, id, version: 1, folder: store.folderOf(id), state: 'running', changedAt: now, progress: null, note: null, error: null }
    await store.save(record)
    keep(record)
    const began = startReplaySitting({ ...services, changed: keep }, record)
    sitting = began
    void began.ended.then(() => {
      if (sitting === began) sitting = null
    })
    return record
  }
  return {
    list: () => [...records.values()].sort((a, b) => b.changedAt.localeCompare(a.changedAt)),
    get: known,
    start: (request) => inTurn(() => begin(request)),
    pause: async (id) => {
      const { state } = known(id)
      if (sitting?.id !== id) throw new LabError('replay.state', `${id} is ${state} and cannot be paused`, { id, state })
      sitting.pause()
      return sitting.ended
    },
    close: async () => {
      sitting?.leave()
      // After a start that is under way.
      await inTurn(async () => {
        sitting?.leave()
        await sitting?.ended
      })
    },
  }
}
