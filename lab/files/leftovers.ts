import { createHash, randomBytes } from 'node:crypto'
import { lstat, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isProcessAlive } from './processAlive.js'

/** A mark of this machine: process ids of other machines, which may share a folder, say nothing here. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const TEMPORARY = /^\..+\.([0-9a-f]{8})-(\d+)\.[0-9a-f]{12}\.writing$/
/** A file that is being written changes all the time; what is younger may belong to a process that this one cannot see. */
const QUIET_MINUTES = 10

/** The name of a file that is being written, which contains its writer. */
export const temporaryName = (stem: string): string =>
  `.${stem}.${MACHINE}-${process.pid}.${randomBytes(6).toString('hex')}.writing`

/** Removes what processes of this program, which ended on this machine, had begun to write in a folder. Never throws. */
export async function sweepLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const youngest = new Date()
  youngest.setMinutes(youngest.getMinutes() - QUIET_MINUTES)
  for (const name of names) {
    const [, machine, pid] = TEMPORARY.exec(name) ?? []
    if (machine !== MACHINE || isProcessAlive(Number(pid))) continue
    const path = join(folder, name)
    const found = await lstat(path).catch(() => null)
    if (found?.isFile() === true && found.mtime < youngest) await rm(path, { force: true }).catch(() => undefined)
  }
}

/** The beginning of the name of a folder of this process, which identifies its owner; `mkdtemp` adds six letters. */
export const processPrefix = (stem: string): string => `${stem}-${MACHINE}-${process.pid}-`

/** Removes folders that {@link processPrefix} named, of processes of this machine that have ended. Never throws. */
export async function sweepProcessFolders(parent: string, stem: string): Promise<void> {
  const pattern = new RegExp(`^${stem}-([0-9a-f]{8})-(\\d+)-\\w{6}$`)
  for (const name of await readdir(parent).catch(() => [])) {
    const [, machine, pid] = pattern.exec(name) ?? []
    if (machine !== MACHINE || isProcessAlive(Number(pid))) continue
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
