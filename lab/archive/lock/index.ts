import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../../../contract/index.js'
import { writeError } from '../../files/atomicWrite.js'
import { makeFolder } from '../../files/folders.js'
import { keepLock, TIMING, type ArchiveLock, type LockTiming } from './keeping.js'
import { readLockFile } from './candidate.js'
import { removeVoidClaims, takeLockFile, type Taking } from './lockFile.js'
import { thisProcess, verdictOf, type FoundLock, type LockOwner } from './owner.js'

export type { ArchiveLock } from './keeping.js'

/** How an archive is taken. */
export interface LockOptions {
  /** Takes the archive from another program that still has it; that program stops writing. */
  takeOver?: boolean
  /** Reported why it takes longer, in words. */
  waiting?: (text: string) => void
  timing?: LockTiming
}

const POLL_MS = 100
/** Another program replaces a lock within moments. */
const MOST_RACES = 50
const LOCK = 'lock.json'

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What the lock of an archive says; null when there is none. @throws system errors */
export const archiveOwner = (folder: string): Promise<FoundLock | null> => readLockFile(join(folder, LOCK))

function busy(folder: string, { owner }: FoundLock): LabError {
  if (owner === null) return new LabError('archive.busy', `${folder} was just opened by another program`, { folder })
  const where = owner.host === hostname() ? '' : ` on ${owner.host}`
  return new LabError('archive.busy', `${folder} is open in another program, process ${owner.pid}${where}`, {
    pid: owner.pid,
    host: owner.host,
    folder,
  })
}

/** Whether a lock may be replaced: its process has ended, or it gave no heartbeat for a whole lease. */
function staleness(
  folder: string,
  { takeOver = false, waiting, timing = TIMING }: LockOptions,
): (found: FoundLock, ageMs: () => Promise<number>) => Promise<boolean> {
  let watched: { found: FoundLock; sinceMs: number } | undefined
  return async (found, ageMs) => {
    const verdict = await verdictOf(found)
    if (verdict === 'ended' || takeOver) return true
    if (verdict === 'runs') return false
    for (;;) {
      if ((await ageMs()) >= timing.leaseMs) return true
      const now = await readLockFile(join(folder, LOCK))
      if (watched?.found.token !== found.token) {
        watched = { found, sinceMs: performance.now() }
        const seconds = Math.ceil(timing.leaseMs / 1000)
        if (found.owner !== null)
          waiting?.(`${folder} may be open on ${found.owner.host}; waiting up to ${seconds} s to see`)
      }
      // It gave a sign, let go of the lock, or lost it.
      if (now === null || now.token !== watched.found.token || now.beat !== watched.found.beat) return false
      // Times in the future, as a restored backup may have them, are no sign of life.
      if (performance.now() - watched.sinceMs >= timing.leaseMs) return true
      await later(Math.min(POLL_MS, timing.leaseMs / 10))
    }
  }
}

/** Takes the lock file, against others who try the same. */
async function takeLock(folder: string, owner: LockOwner, options: LockOptions): Promise<Taking> {
  const path = join(folder, LOCK)
  for (let race = 0; ; race++) {
    const taking = await takeLockFile({
      path,
      stem: join(folder, 'lock'),
      owner,
      mayReplace: staleness(folder, options),
    })
    if ('replaced' in taking) return taking
    const now = await readLockFile(path)
    const passing = now === null || now.token !== taking.token || (await verdictOf(now)) === 'ended'
    if (!passing || race >= MOST_RACES) throw busy(folder, now ?? taking)
    await later(POLL_MS * Math.random())
  }
}

/**
 * Takes an archive for this process.
 *
 * A lock whose process has ended is taken over at once. Where only heartbeats can decide (another machine, a number of a
 * process that may have been
 * used again), it is taken over after a lease without one, by the clock of the file system.
 *
 * @param folder - the archive; made when it does not exist
 * @throws LabError `archive.busy` naming the process that has it, `file.unwritable`, `file.diskFull`
 */
export async function lockArchive(folder: string, options: LockOptions = {}): Promise<ArchiveLock> {
  const { timing = TIMING } = options
  const path = join(folder, LOCK)
  const owner = await thisProcess(randomUUID())
  try {
    await makeFolder(folder)
    const { replaced, claimedMs } = await takeLock(folder, owner, options)
    const lock = keepLock({ path, stem: join(folder, 'lock'), owner, timing })
    // The previous owner may still run; within this time it notices that it has lost the archive.
    const stillRuns =
      replaced !== null &&
      (claimedMs > timing.leaseMs / 2 || (options.takeOver === true && (await verdictOf(replaced)) !== 'ended'))
    if (stillRuns) {
      await later(timing.graceMs)
      await lock.confirm().catch(async (error: unknown) => {
        await lock.release()
        throw error
      })
    }
    await removeVoidClaims(folder, owner.token).catch(() => undefined)
    return lock
  } catch (error) {
    if (error instanceof LabError && (error.code === 'archive.busy' || error.code === 'archive.lost')) throw error
    throw writeError(path, error)
  }
}
