import { LabError, type ReplayId, type ReplayRecord, type ReplayRequest } from '../../contract/index.js'
import { createTurns } from '../inTurn.js'
import { openRecords } from '../jobs/openRecords.js'
import { createSessions } from '../jobs/sessions.js'
import { planReplay } from './replay.js'
import { replayKind, type ReplayServices } from './replayKind.js'
import { replayId } from './replayStore.js'

/** Replays of an archive: those on disk, and the one that runs. */
export interface Replays {
  /** The last changed first. */
  list(): ReplayRecord[]
  /** @throws LabError `replay.missing` */
  get(id: ReplayId): ReplayRecord
  /** Begins, or continues with what is there. @throws LabError `replay.state` while another runs, `dataset.missing`, `spec.invalid` */
  start(request: ReplayRequest): Promise<ReplayRecord>
  /** Resolves when it has ended. @throws LabError `replay.missing`, `replay.state` */
  pause(id: ReplayId): Promise<ReplayRecord>
  /** Ends the one that runs as interrupted. Resolves once that is stored, which may need the threads to be terminated. */
  close(): Promise<void>
}

/** A replay waits for runs and sweeps, which have limits of their own. */
const CLOSE_LIMIT_MS = 60_000

/** Opens the replays of an archive; one that was running when the program ended is interrupted. */
export async function openReplays({
  readOnly = false,
  ...services
}: ReplayServices & { readOnly?: boolean }): Promise<Replays> {
  const { lab, store } = services
  const kind = replayKind(services)
  const sessions = createSessions(kind, () => undefined)
  const { unsaved } = await openRecords({ kind, order: null, readOnly })
  unsaved.forEach(sessions.keepUnsaved)
  const inTurn = createTurns()
  let closed = false

  const get = (id: ReplayId): ReplayRecord => {
    const record = store.find(id)
    if (record === null) throw new LabError('replay.missing', `no replay has the id ${id}`, { id })
    return sessions.live(record)
  }
  /** Stores that a replay runs. */
  const storeStart = async (id: ReplayId, request: ReplayRequest): Promise<ReplayRecord> => {
    const changedAt = new Date().toISOString()
    const start = { state: 'running', changedAt, progress: null, note: null, error: null } as const
    if (store.find(id) !== null) return store.update(id, start)
    return store.create({ ...request, id, version: 1, folder: store.folderOf(id), createdAt: changedAt, ...start })
  }
  const start = async (request: ReplayRequest): Promise<ReplayRecord> => {
    const id = replayId(request)
    // One that has ended may still be storing how.
    for (const session of sessions.all) if (session.record.state !== 'running') await session.ended
    const [running] = sessions.all
    if (running?.id === id) return running.record
    if (running !== undefined)
      throw new LabError('replay.state', `${running.id} is running; pause it before you start ${id}`, {
        id,
        running: running.id,
      })
    // Refused before anything is stored.
    await planReplay(lab, { ...request, ...(services.change === undefined ? {} : { change: services.change }) })
    if (closed) throw new LabError('link.lost', 'the workbench is closing')
    const record = await storeStart(id, request)
    kind.changed(record, false)
    sessions.start(record)
    return record
  }
  return {
    get,
    list: () =>
      store
        .all()
        .map(sessions.live)
        .sort((a, b) => b.changedAt.localeCompare(a.changedAt)),
    start: (request) => inTurn(() => start(request)),
    pause: async (id) => {
      const record = get(id)
      const session = sessions.find(id)
      if (session === null) throw kind.refusal(record, 'paused')
      session.request('pause')
      return (await session.ended).record
    },
    close: async () => {
      closed = true
      for (const session of sessions.all) session.request('interrupt')
      // After a start that is in progress.
      await inTurn(() => sessions.interrupt(CLOSE_LIMIT_MS, () => undefined))
      await sessions.saveUnsaved()
    },
  }
}
