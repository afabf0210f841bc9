import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

const NAME = 'locallearning-workbench'

/** Where the window of an earlier version kept what the command line kept elsewhere: Linux's place for settings; null on other systems. */
export function earlierHome(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string | null {
  if (platform === 'win32' || platform === 'darwin') return null
  return join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), NAME)
}

const hasArchive = (home: string | null): home is string => home !== null && existsSync(join(home, 'archive'))

/**
 * Where the workbench keeps its archive, its shelf of datasets and TensorFlow; one place for the window and the command line.
 *
 * @returns LOCALLEARNING_HOME if set, else the system's usual place for a program's data, or the place of earlier versions where an
 *   archive lies there alone
 */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (environment['LOCALLEARNING_HOME']) return resolve(environment['LOCALLEARNING_HOME'])
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', NAME)
  const home = join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), NAME)
  const earlier = earlierHome(environment, platform)
  return !hasArchive(home) && hasArchive(earlier) ? earlier : home
}
