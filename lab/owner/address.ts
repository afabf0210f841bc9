import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { processPrefix, sweepProcessFolders } from '../files/leftovers.js'
import { ifMissing } from '../files/missing.js'

/** The name of a Unix socket has at most 108 bytes on Linux and 104 on macOS, with the zero at its end. */
const LONGEST_ADDRESS_BYTES = 103
const SOCKET = /^commands-[0-9a-f]{12}\.sock$/

/** Where an owner may listen. */
export interface OwnerAddress {
  path: string
  /** Removes what was made for it. */
  remove(): Promise<void>
}

/** With this begin the names of folders for sockets outside of archives. */
const APART = 'locallearning'

const nothing = async (): Promise<void> => undefined

/**
 * Places for the socket of an archive's owner, the best one first: in the archive; in a folder of its own where that
 * name would be too long, or where the
 * file system of the archive knows no sockets. On Windows a named pipe.
 */
export function socketPlaces(
  archive: string,
  platform: NodeJS.Platform = process.platform,
): (() => Promise<OwnerAddress>)[] {
  const name = randomBytes(6).toString('hex')
  if (platform === 'win32') return [async () => ({ path: `\\\\.\\pipe\\locallearning-${name}`, remove: nothing })]
  const inside = join(resolve(archive), `commands-${name}.sock`)
  const apart = async (): Promise<OwnerAddress> => {
    // Made with mode 0700.
    await sweepProcessFolders(tmpdir(), APART)
    const folder = await mkdtemp(join(tmpdir(), processPrefix(APART)))
    return { path: join(folder, 'commands.sock'), remove: () => rm(folder, { recursive: true, force: true }) }
  }
  return Buffer.byteLength(inside) > LONGEST_ADDRESS_BYTES
    ? [apart]
    : [async () => ({ path: inside, remove: () => rm(inside, { force: true }) }), apart]
}

/** Removes the sockets that killed owners left in an archive; this process owns it and has none yet. */
export async function removeOldSockets(archive: string): Promise<void> {
  for (const name of await readdir(archive).catch(ifMissing([])))
    if (SOCKET.test(name)) await rm(join(archive, name), { force: true })
}

/** Lets only this user connect. */
export const closeToOthers = async (path: string): Promise<void> => {
  if (process.platform !== 'win32' && dirname(path) !== '.') await chmod(path, 0o600)
}
