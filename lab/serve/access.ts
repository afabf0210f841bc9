import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '../files/atomicWrite.js'

const form = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/), port: z.int().min(1).max(65_535).nullable() })

/** How windows reach the workbench of one archive: kept over restarts, so that bookmarks and open tabs stay valid. */
export interface ServeAccess {
  /** 256 random bits. */
  token: string
  /** The port that was used last; null before the first time. */
  port: number | null
  /** Remembers the port. A folder that cannot be written costs the memory only. */
  keep(port: number): Promise<void>
}

/** Where what belongs to one archive's address lies: beside the archive, which may be shared or copied, not in it. */
export const accessFile = (home: string, archiveFolder: string, ending: string): string =>
  join(home, 'serve', `${createHash('sha256').update(resolve(archiveFolder)).digest('hex').slice(0, 16)}.${ending}`)

/**
 * Reads the token and port of an archive's workbench, or makes a token.
 *
 * @param home - the workbench's home; the file in it is readable by this user only
 */
export async function readAccess(home: string, archiveFolder: string): Promise<ServeAccess> {
  const path = accessFile(home, archiveFolder, 'json')
  const stored = form.safeParse(
    await readFile(path, 'utf8')
      .then((text) => JSON.parse(text) as unknown)
      .catch(() => null),
  )
  const token = stored.success ? stored.data.token : randomBytes(32).toString('base64url')
  return {
    token,
    port: stored.success ? stored.data.port : null,
    keep: (port) =>
      writeFileAtomically(path, new TextEncoder().encode(`${JSON.stringify({ token, port })}\n`)).catch(
        () => undefined,
      ),
  }
}
