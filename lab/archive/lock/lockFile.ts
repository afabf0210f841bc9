import { createHash, randomUUID } from 'node:crypto'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { renameFile } from '../../files/rename.js'
import { codeOf, giveFreeName, readLockFile, writeCandidate } from './candidate.js'
import { elapsedMs, thisMoment } from './clocks.js'
import { lockText, verdictOf, type FoundLock, type LockOwner } from './owner.js'

/** Tries in a row before the disk is taken to behave unlike any other; each lost try means that another program won. */
const MOST_TRIES = 1000

/** How a lock file was taken. */
export interface Taking {
  /** What was there before; null for nothing. */
  replaced: FoundLock | null
  /** Time during which the claim to replace it was held. */
  claimedMs: number
}

/** A lock file to be taken. */
export interface LockPlace {
  path: string
  /** Names of claims begin with it, the hash of a token and `.claim` follow. */
  stem: string
  owner: LockOwner
  /**
   * Whether a lock that was found may be replaced.
   *
   * @param ageMs - time since its last heartbeat, by the clock of the file system
   */
  mayReplace(found: FoundLock, ageMs: () => Promise<number>): Promise<boolean>
}

/**
 * Tries to take a lock file.
 *
 * A free one is taken by a hard link, which is one step. A lock with the token T is replaced or removed by one program
 * only: the one that has the
 * claim on T, a file. It looks again whether T is still there, renames its own content over it, and removes the claim.
 * Tokens are never used
 * twice, so whoever takes the claim later finds another token. A claim is itself a lock file and is taken in the same
 * way, so that a program
 * that is killed while it has one blocks nobody.
 *
 * @returns how it was taken; or the lock in the way, where it may not be replaced or another program is replacing it
 * @throws system errors
 */
export async function takeLockFile({ path, stem, owner, mayReplace }: LockPlace): Promise<Taking | FoundLock> {
  const content = lockText(owner, 0)
  let candidate = await writeCandidate(path, content)
  const ageMs = async (): Promise<number> => {
    // A file written now gets its time from the same clock as the heartbeats: that of the file system.
    const handle = await open(candidate, 'r+')
    try {
      await handle.write(content, 0)
      return (await handle.stat()).mtimeMs - (await stat(path)).mtimeMs
    } finally {
      await handle.close()
    }
  }
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      try {
        if (await giveFreeName(candidate, path, content)) return { replaced: null, claimedMs: 0 }
        const found = await readLockFile(path)
        if (found === null) continue
        if (!(await mayReplace(found, ageMs))) return found
        const held = await withClaim({ path, stem, owner }, found.token, () => renameFile(candidate, path))
        if (held === 'busy') return found
        if (held !== 'changed') return { replaced: found, claimedMs: held }
      } catch (error) {
        // The owner sweeps unfinished files, and a lock may go while its age is looked at.
        if (codeOf(error) !== 'ENOENT') throw error
        await rm(candidate, { force: true })
        candidate = await writeCandidate(path, content)
      }
    }
    throw new Error(`${path} changes without end`)
  } finally {
    await rm(candidate, { force: true })
  }
}

/** A claim is held for moments; one of another machine that is older than this was left by a crash. */
const CLAIM_LEASE_MS = 20_000

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 32)

/**
 * Changes a lock file of a token while no other program can.
 *
 * @param change - carried out only if the lock still has this token
 * @returns the time that it took in milliseconds; `busy` when another program has the claim, `changed` when the lock
 *   has another token
 */
export async function withClaim(
  { path, stem, owner }: Pick<LockPlace, 'path' | 'stem' | 'owner'>,
  token: string,
  change: () => Promise<void>,
): Promise<number | 'busy' | 'changed'> {
  const started = thisMoment()
  const own = `${stem}.${hashed(token)}`
  // A claim on a claim bears the name of the lock that both are about: with that lock they become void together.
  const claim = { path: `${own}.claim`, stem: CLAIM_NAME.test(basename(stem)) ? stem : own }
  const taking = await takeLockFile({
    ...claim,
    owner: { ...owner, token: randomUUID() },
    mayReplace: async (found, ageMs) => (await verdictOf(found)) === 'ended' || (await ageMs()) >= CLAIM_LEASE_MS,
  })
  if (!('replaced' in taking)) return 'busy'
  try {
    if ((await readLockFile(path))?.token !== token) return 'changed'
    await change()
    return elapsedMs(started)
  } finally {
    await rm(claim.path, { force: true })
  }
}

const CLAIM_NAME = /^lock\.[0-9a-f]{32}$/

/** Removes what killed programs left of claims on locks that are gone. @param token - of the lock that is there */
export async function removeVoidClaims(folder: string, token: string): Promise<void> {
  const current = `lock.${hashed(token)}.`
  for (const name of await readdir(folder)) {
    if (/^lock\.[0-9a-f]{32}(\.[0-9a-f]{32})?\.claim$/.test(name) && !name.startsWith(current))
      await rm(join(folder, name), { force: true })
  }
}
