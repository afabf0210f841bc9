import { randomUUID } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { writeError } from '../files/atomicWrite.js'
import { makeFolder } from '../files/folders.js'

interface Owner {
  pid: number
  host: string
  token: string
  /** When the process started, as the system tells it; a number used again by another process has another. */
  started: string | null
}

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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner>
    return typeof owner.pid === 'number' && typeof owner.token === 'string' ? { pid: owner.pid, host: owner.host ?? '', token: owner.token, started: owner.started ?? null } : null
  } catch {
    return null
  }
}

/** Whether the owner that a lock names still runs. One on another machine is taken to run: nothing tells otherwise. */
async function isHeld(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true
  if (!isAlive(owner.pid)) return false
  return owner.started === null || owner.started === (await startOf(owner.pid))
}

/**
 * Takes an archive for this process; a lock whose process died is taken over.
 *
 * @param folder - the archive
 * @returns lets go of it
 * @throws LabError `archive.busy` naming the process that has it
 */
export async function lockArchive(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock.json')
  const token = randomUUID()
  const owner: Owner = { pid: process.pid, host: hostname(), token, started: await startOf(process.pid) }
  await makeFolder(folder).catch((error: unknown) => {
    throw writeError(folder, error)
  })
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600)
      await handle.writeFile(JSON.stringify(owner))
      await handle.close()
      return async () => {
        if ((await readOwner(path))?.token === token) await rm(path, { force: true })
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw writeError(path, error)
    }
    const other = await readOwner(path)
    if (other !== null && (await isHeld(other))) {
      throw new LabError('archive.busy', `${folder} is open in another program, process ${other.pid}${other.host === hostname() ? '' : ` on ${other.host}`}`, { pid: other.pid, folder })
    }
    await rm(path, { force: true })
  }
  throw new LabError('archive.busy', `several programs are trying to open ${folder} at the same time`, { folder })
}
