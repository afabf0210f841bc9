import { rename } from 'node:fs/promises'

/** What Windows answers while a virus scanner or an indexer has the file open; it is over in moments. */
const PASSING: ReadonlySet<unknown> = new Set(['EPERM', 'EBUSY', 'EACCES'])
/** Longer than any scanner needs for one file. */
const LONGEST_WAIT_MS = 10_000
const LONGEST_PAUSE_MS = 500

/** What renaming needs of the system; tests give their own. */
export interface RenameSystem {
  platform: NodeJS.Platform
  rename(from: string, to: string): Promise<void>
  pause(milliseconds: number): Promise<void>
}

const SYSTEM: RenameSystem = {
  platform: process.platform,
  rename,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/**
 * Renames a file or folder; on Windows it tries again, for at most ten seconds, while another program has it open.
 *
 * Elsewhere the same codes mean missing permissions, which no waiting mends.
 *
 * @throws the system's error
 */
export async function renameFile(from: string, to: string, system: RenameSystem = SYSTEM): Promise<void> {
  let waited = 0
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await system.rename(from, to)
    } catch (error) {
      const passes = system.platform === 'win32' && error instanceof Error && 'code' in error && PASSING.has(error.code)
      if (!passes || waited >= LONGEST_WAIT_MS) throw error
      await system.pause(pauseMs)
      waited += pauseMs
    }
  }
}
