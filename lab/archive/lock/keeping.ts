import { open, rm } from 'node:fs/promises'
import { LabError } from '../../../contract/index.js'
import { writeError, writeFileAtomically } from '../../files/atomicWrite.js'
import { createTurns } from '../../inTurn.js'
import { elapsedMs, thisMoment } from './clocks.js'
import { withClaim } from './lockFile.js'
import { BEAT_OFFSET, beatText, lockText, parseLock, RELEASED, type LockOwner } from './owner.js'

/** Times of a lock, in milliseconds. */
export interface LockTiming {
  /** Between two heartbeats. */
  beatMs: number
  /** Without a heartbeat for this long, an owner of which nothing else is known counts as gone. */
  leaseMs: number
  /** An owner that has not looked at its lock for this long looks before it writes. */
  confirmedMs: number
  /** Whoever takes over from a program that may still run waits this long, more than `confirmedMs`. */
  graceMs: number
}

export const TIMING: LockTiming = { beatMs: 2500, leaseMs: 20_000, confirmedMs: 5000, graceMs: 6000 }

/** An archive that this process owns. */
export interface ArchiveLock {
  /**
   * Makes sure that this process still owns the archive, before it writes; a look at the clock, most times.
   *
   * @throws LabError `archive.lost` when another program has taken it over; `file.unreadable` where that cannot be seen
   */
  expectOwned(): Promise<void>
  /** Looks at the lock now, and gives a heartbeat. @throws as {@link expectOwned} */
  confirm(): Promise<void>
  /** Calls back once when the archive is lost. */
  onLost(listener: (error: LabError) => void): void
  /** Tells others where this process answers commands; null takes that back, `none` says that it cannot. */
  announce(socket: LockOwner['socket']): Promise<void>
  /** Lets go of the archive; after that nothing may be written. */
  release(): Promise<void>
}

interface Kept {
  path: string
  stem: string
  owner: LockOwner
  timing: LockTiming
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Full disks refuse even the heartbeat of some file systems; who owns the archive can be read all the same. */
const isFull = (error: unknown): boolean => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'

/**
 * Writes a heartbeat into the lock file if it has this token. @returns whether the token is there, and whether the beat
 * was written
 */
async function writeBeat(path: string, token: string, beat: string): Promise<{ owned: boolean; written: boolean }> {
  const handle = await open(path, 'r+').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (handle === null) return { owned: false, written: false }
  try {
    if (parseLock(await handle.readFile('utf8')).token !== token) return { owned: false, written: false }
    // Should the lock be replaced at this very moment, the digits go into a file that has lost its name.
    return await handle.write(beat, BEAT_OFFSET).then(
      () => ({ owned: true, written: true }),
      (error: unknown) => {
        if (isFull(error)) return { owned: true, written: false }
        throw error
      },
    )
  } finally {
    await handle.close()
  }
}

/** Keeps a lock that was just taken: heartbeats until it is released or lost. */
export function keepLock({ path, stem, owner: first, timing }: Kept): ArchiveLock {
  const inTurn = createTurns()
  const listeners = new Set<(error: LabError) => void>()
  let owner = first
  let beat = 0
  let lost: LabError | null = null
  let released = false
  let confirmed = thisMoment()

  const lose = (): LabError => {
    if (lost !== null) return lost
    lost = new LabError('archive.lost', `another program has taken over the archive, or ${path} was removed`, { path })
    clearInterval(timer)
    for (const listener of listeners) listener(lost)
    return lost
  }
  const confirm = (): Promise<void> =>
    inTurn(async () => {
      if (released) return
      if (lost !== null) throw lost
      const now = thisMoment()
      beat += 1
      const { owned, written } = await writeBeat(path, owner.token, beatText(beat)).catch((error: unknown) => {
        throw writeError(path, error)
      })
      if (!owned) throw lose()
      if (written) confirmed = now
    })
  const timer = setInterval(() => void confirm().catch(() => undefined), timing.beatMs)
  timer.unref()

  return {
    confirm,
    expectOwned: async () => {
      if (lost !== null) throw lost
      if (released) throw new LabError('archive.lost', `${path}: the archive is closed`, { path })
      if (elapsedMs(confirmed) > timing.confirmedMs) await confirm()
    },
    onLost: (listener) => {
      listeners.add(listener)
      if (lost !== null) listener(lost)
    },
    announce: (socket) =>
      inTurn(async () => {
        if (released || lost !== null) return
        const next = { ...owner, socket }
        // The token stays, and only whoever has its claim may replace the file: nobody sees it without its owner.
        const held = await withClaim({ path, stem, owner }, owner.token, () =>
          writeFileAtomically(path, new TextEncoder().encode(lockText(next, beat))),
        )
        if (held === 'changed') throw lose()
        if (held !== 'busy') owner = next
      }),
    release: () =>
      inTurn(async () => {
        if (released) return
        released = true
        clearInterval(timer)
        // While another program takes it over, the lock is no longer this one's to remove.
        if (lost !== null) return
        await withClaim({ path, stem, owner }, owner.token, () => rm(path, { force: true }))
          // A claim needs space on the disk, and a mark in the file does not.
          .catch(() => writeBeat(path, owner.token, RELEASED))
          .catch(() => undefined)
      }),
  }
}
