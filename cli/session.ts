import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { keepPrivate } from '../lab/files/folders.js'
import { dataFolders, homeFolder } from '../lab/home.js'
import { LabError } from '../contract/index.js'
import type { LabCore } from '../lab/core.js'
import { createLab, type Lab } from '../lab/lab.js'
import type { Log } from '../lab/log/log.js'
import { PROJECT_FOLDER } from './folders.js'
import { printable } from './terminal/printable.js'

/** Options that every command takes. */
export interface SessionOptions {
  /** Folders with datasets. */
  data?: string[]
  /** The archive's folder; the workbench's own when absent. */
  archive?: string
  host?: 'terminal' | 'browser'
  /** Opens the archive for reading: without its lock, beside an open window, on a full disk or a read-only medium. */
  readOnly?: boolean
  /** Takes the archive from another workbench that still has it. */
  takeOver?: boolean
  /** Where this program logs what it does. */
  log?: Log
}

/** Options of a command that may ask another program. */
export interface CommandSession extends SessionOptions {
  /** Work that the command starts in another program goes on when the command ends by itself. */
  detached?: boolean
}

/** A lab for one command: this process's own, or that of the program that has the archive open. */
export interface Session {
  lab: LabCore
  /** Rejects when the other program ends; null for this process's own lab. */
  lost: Promise<never> | null
  /** Other programs that use this process's lab. */
  callers: Lab['callers']
  close(): Promise<void>
}

/** The program's version, from package.json. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

export const archiveOf = ({ archive }: SessionOptions): string =>
  archive === undefined ? join(homeFolder(), 'archive') : resolve(archive)

/** The lab of another program, with the datasets that this command was given. */
async function openBeside(options: CommandSession, patienceMs: number): Promise<Session | null> {
  // Loaded when it is needed: reading commands start faster without it.
  const { connectOwner } = await import('../lab/owner/connect.js')
  const owner = await connectOwner(archiveOf(options), { detached: options.detached === true, patienceMs })
  if (owner === null) return null
  const folders = dataFolders(options.data ?? [])
  if (folders.length > 0) await owner.call('dataset.addFolders', { folders })
  return { lab: owner, lost: owner.lost, callers: null, close: owner.close }
}

/**
 * How long an owner that is just opening or closing an archive is waited for; the second time is for one that came in
 * between.
 */
const PATIENCE_MS = [15_000, 2000] as const

/**
 * Finds a lab for a command. One that only reads opens the archive for reading; any other asks the program that has the
 * archive open, and opens the archive
 * itself where there is none.
 *
 * @throws LabError `archive.busy` when the archive is open in a program that does not answer, `archive.newerVersion`,
 *   `file.unwritable`
 */
export async function openSession(options: CommandSession): Promise<Session> {
  const own = async (): Promise<Session> => {
    const lab = await openLab(options)
    return { lab, lost: null, callers: lab.callers, close: lab.close }
  }
  if (options.readOnly === true || options.takeOver === true) return own()
  let refused: unknown
  for (const patienceMs of PATIENCE_MS) {
    const beside = await openBeside(options, patienceMs)
    if (beside !== null) return beside
    try {
      return await own()
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'archive.busy') throw error
      refused = error
    }
  }
  throw refused
}

/**
 * Opens the lab that the window would open, in this process.
 *
 * @throws LabError `archive.busy` when a workbench has it open, `archive.newerVersion`, `file.unwritable`
 */
export async function openLab(options: SessionOptions): Promise<Lab> {
  const home = homeFolder()
  // Earlier versions left it open to the other users of the machine.
  await keepPrivate(home)
  return createLab({
    archiveFolder: archiveOf(options),
    storeFolder: join(home, 'datasets'),
    dataFolders: dataFolders(options.data ?? []),
    host: options.host ?? 'terminal',
    readOnly: options.readOnly === true,
    takeOver: options.takeOver === true,
    ...(options.log === undefined ? {} : { log: options.log }),
    waiting: (text) => void process.stderr.write(`${printable(text)}\n`),
    computeThread: pathToFileURL(join(PROJECT_FOLDER, 'lab', 'compute', 'computeThread.mjs')),
    version: programVersion(),
    resourcesFolder: join(PROJECT_FOLDER, 'resources'),
  })
}
