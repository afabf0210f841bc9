import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root: where package.json, resources and out lie. */
export const PROJECT_FOLDER = fileURLToPath(new URL('..', import.meta.url))

/**
 * Where the workbench keeps its archive and its shelf of datasets.
 *
 * @returns LOCALLEARNING_HOME if set, else the system's usual place for a program's data
 */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const name = 'locallearning-workbench'
  if (environment['LOCALLEARNING_HOME']) return resolve(environment['LOCALLEARNING_HOME'])
  if (process.platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), name)
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name)
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), name)
}

/**
 * Folders in which datasets are looked for, in this order: `--data`, LOCALLEARNING_DATA; the shelf's own folder comes last
 * by itself.
 *
 * @param given - folders named on the command line
 */
export function dataFolders(given: readonly string[], environment: NodeJS.ProcessEnv = process.env): string[] {
  const fromEnvironment = (environment['LOCALLEARNING_DATA'] ?? '').split(delimiter).filter((path) => path !== '')
  return [...new Set([...given, ...fromEnvironment].map((path) => resolve(path)))]
}

/** Whether the renderer has been built, so that the web host has something to serve. */
export function rendererFolder(): string | null {
  const folder = join(PROJECT_FOLDER, 'out', 'renderer')
  return existsSync(join(folder, 'index.html')) ? folder : null
}
