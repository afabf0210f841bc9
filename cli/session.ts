import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { keepPrivate } from '../lab/files/folders.js'
import { dataFolders, homeFolder } from '../lab/home.js'
import { createLab, type Lab } from '../lab/lab.js'
import { PROJECT_FOLDER } from './folders.js'

/** Options that every command takes. */
export interface SessionOptions {
  /** Folders with datasets. */
  data?: string[]
  /** The archive's folder; the workbench's own when absent. */
  archive?: string
  host?: 'terminal' | 'browser'
  /** Opens the archive for reading: without its lock, beside an open window, on a full disk or a read-only medium. */
  readOnly?: boolean
}

/** The program's version, from package.json. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
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
    archiveFolder: options.archive === undefined ? join(home, 'archive') : resolve(options.archive),
    shelfFolder: join(home, 'datasets'),
    dataFolders: dataFolders(options.data ?? []),
    host: options.host ?? 'terminal', readOnly: options.readOnly === true,
    computeThread: pathToFileURL(join(PROJECT_FOLDER, 'lab', 'compute', 'computeThread.mjs')),
    version: programVersion(),
    resourcesFolder: join(PROJECT_FOLDER, 'resources'),
  })
}
