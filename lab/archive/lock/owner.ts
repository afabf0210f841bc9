import { createHash } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isProcessAlive } from '../../files/processAlive.js'

/** Where the owner of an archive answers the commands of other programs (lab/owner). */
export interface OwnerSocket {
  /** A Unix socket or a named pipe. */
  path: string
  /** Proves that a caller may read the lock file. */
  secret: string
}

/** Who has an archive open: the content of `lock.json`. */
export interface LockOwner {
  pid: number
  host: string
  /**
   * Which running system the process number belongs to, whatever its host name: boot and process namespace, on Linux;
   * null elsewhere.
   */
  machine: string | null
  /** No two locks ever have the same one. */
  token: string
  /**
   * When the process started, in ticks since boot, on Linux: a number that is used again belongs to another process.
   */
  started: string | null
  /** Where the owner answers; null while it is opening or closing the archive, `none` where it cannot. */
  socket: OwnerSocket | 'none' | null
}

/** What a lock file holds. */
export interface FoundLock {
  /** Null for an empty or damaged file. */
  owner: LockOwner | null
  /** The owner's token, or one that follows from the damaged content. */
  token: string
  /** Changes with every heartbeat; null where the owner gives none: a version before heartbeats. */
  beat: string | null
}

/** Whether the process that a lock names still runs: `unknown` where only its heartbeat can decide. */
export type Verdict = 'runs' | 'ended' | 'unknown'

/** The beat comes first in the file, so that it lies at a fixed place. */
const BEAT_DIGITS = 10
export const BEAT_OFFSET = '{"beat":"'.length

/** In the place of a beat: the owner has let go of the lock, and the disk was too full to remove it in turn. */
export const RELEASED = '-'.repeat(BEAT_DIGITS)

export const beatText = (beat: number): string => String(beat).padStart(BEAT_DIGITS, '0')

/** The content of a lock file. */
export const lockText = (owner: LockOwner, beat: number): string => JSON.stringify({ beat: beatText(beat), ...owner })

/** Start time of a process in clock ticks since boot, on Linux; null elsewhere or when it is gone. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; what follows it does not.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

async function thisMachine(): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    // Containers share the boot, but not the numbers of their processes.
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** This process as the owner of a lock. */
export async function thisProcess(token: string): Promise<LockOwner> {
  return {
    pid: process.pid,
    host: hostname(),
    machine: await thisMachine(),
    token,
    started: await startOf(process.pid),
    socket: null,
  }
}

/** The socket in a lock file; a lock of an earlier version has none. */
function socketOf(value: unknown): LockOwner['socket'] {
  if (typeof value !== 'object' || value === null || !('path' in value) || !('secret' in value))
    return value === 'none' ? 'none' : null
  return typeof value.path === 'string' && typeof value.secret === 'string'
    ? { path: value.path, secret: value.secret }
    : null
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Reads the content of a lock file, of this version or an earlier one. */
export function parseLock(content: string): FoundLock {
  try {
    const value: unknown = JSON.parse(content)
    if (
      typeof value === 'object' &&
      value !== null &&
      'pid' in value &&
      'token' in value &&
      Number.isSafeInteger(value.pid) &&
      typeof value.token === 'string'
    ) {
      const { pid, token, host, machine, started, socket, beat } = value as Record<string, unknown> & { token: string }
      const owner = {
        pid: pid as number,
        token,
        host: textOrNull(host) ?? '',
        machine: textOrNull(machine),
        started: textOrNull(started),
        socket: socketOf(socket),
      }
      return { owner, token, beat: textOrNull(beat) }
    }
  } catch {
    // Empty, cut short, or changed by hand.
  }
  return {
    owner: null,
    token: `damaged-${createHash('sha256').update(content).digest('hex').slice(0, 32)}`,
    beat: null,
  }
}

/** Whether the process of this number is the one that was meant. */
async function isSameProcess({ pid, started }: LockOwner): Promise<boolean> {
  if (!isProcessAlive(pid)) return false
  const found = started === null ? null : await startOf(pid)
  return found === null || found === started
}

/** What the process number in a lock implies; see {@link Verdict}. */
export async function verdictOf({ owner, beat }: FoundLock): Promise<Verdict> {
  if (owner === null) return 'unknown'
  if (beat === RELEASED) return 'ended'
  const machine = await thisMachine()
  if (owner.machine !== null && machine !== null) {
    if (owner.machine !== machine) return 'unknown'
    return (await isSameProcess(owner)) ? 'runs' : 'ended'
  }
  const silentVersion = beat === null
  // Only the name shows whether the number belongs to this machine.
  if (owner.host !== hostname()) return silentVersion ? 'runs' : 'unknown'
  if (!(await isSameProcess(owner))) return 'ended'
  // Without a start time the number may belong to another process by now.
  return silentVersion || owner.started !== null ? 'runs' : 'unknown'
}
