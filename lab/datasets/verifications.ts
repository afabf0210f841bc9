import { readFile, stat } from 'node:fs/promises'
import { writeFileAtomically } from '../files/atomicWrite.js'
import type { Located } from './locate.js'

/** What came out when a set was compared with its published sums. */
export interface Verification {
  ok: boolean
  note: string
}

/** Remembers what was verified, by size and time of the files, so that a list need not hash anything. */
export interface Verifications {
  /** Null when the files changed since, or were never checked. */
  of(located: Located): Promise<Verification | null>
  remember(located: Located, verification: Verification): Promise<void>
  /** Size of the files on disk. */
  bytesOf(located: Located): Promise<number>
}

const pathsOf = (located: Located): string[] =>
  located.form === 'archive' ? [located.path] : [...located.paths.values()]

async function fingerprint(located: Located): Promise<string> {
  const stats = await Promise.all(
    pathsOf(located).map(async (path) =>
      stat(path).then(
        ({ size, mtimeMs }) => `${path} ${size} ${Math.round(mtimeMs)}`,
        () => `${path} gone`,
      ),
    ),
  )
  return stats.join('\n')
}

/** @param path - where it is kept; a dataset store that cannot be written forgets with the process */
export async function openVerifications(path: string): Promise<Verifications> {
  const known = await readFile(path, 'utf8').then(
    (text) => new Map(Object.entries(JSON.parse(text) as Record<string, Verification>)),
    () => new Map<string, Verification>(),
  )
  return {
    of: async (located) => known.get(await fingerprint(located)) ?? null,
    remember: async (located, verification) => {
      known.set(await fingerprint(located), verification)
      await writeFileAtomically(
        path,
        new TextEncoder().encode(`${JSON.stringify(Object.fromEntries(known), null, 2)}\n`),
      ).catch(() => undefined)
    },
    bytesOf: async (located) =>
      (
        await Promise.all(
          pathsOf(located).map((path) =>
            stat(path).then(
              ({ size }) => size,
              () => 0,
            ),
          ),
        )
      ).reduce((sum, size) => sum + size, 0),
  }
}
