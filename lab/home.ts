import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

const NAME = 'locallearning-workbench'

/** The value of a variable; an empty one counts as unset, as the shell's `${NAME:-…}` and XDG have it. */
export const variable = (environment: NodeJS.ProcessEnv, name: string): string | null => {
  const value = environment[name]?.trim() ?? ''
  return value === '' ? null : value
}

/** The user's own folder: HOME, or that of the user database where HOME is empty or relative (containers, cron). */
export function userFolder(): string {
  const home = homedir()
  return isAbsolute(home) ? home : userInfo().homedir
}

/** A path that a person wrote, with `~` for the user's own folder: not every program that sets variables expands it. */
export const expandedPath = (path: string): string => resolve(path.replace(/^~(?=$|[\\/])/, () => userFolder()))

/**
 * Folders in which datasets are looked for, in this order: those that were given, LOCALLEARNING_DATA; the workbench's own comes last
 * by itself.
 *
 * @param given - folders named on the command line
 */
export function dataFolders(given: readonly string[], environment: NodeJS.ProcessEnv = process.env): string[] {
  const fromEnvironment = (environment['LOCALLEARNING_DATA'] ?? '').split(delimiter)
  return [...new Set([...given, ...fromEnvironment].filter((path) => path.trim() !== '').map(expandedPath))]
}

/** A base folder of XDG: relative ones are ignored, as its specification asks. */
function baseFolder(environment: NodeJS.ProcessEnv, name: string, ...usual: string[]): string {
  const given = variable(environment, name)
  return given !== null && isAbsolute(given) ? given : join(userFolder(), ...usual)
}

/** A base folder of Windows: `Roaming`, which networks copy at every sign-in, or `Local`, which stays on the machine. */
const windowsFolder = (environment: NodeJS.ProcessEnv, kind: 'Roaming' | 'Local'): string =>
  join(
    variable(environment, kind === 'Roaming' ? 'APPDATA' : 'LOCALAPPDATA') ?? join(userFolder(), 'AppData', kind),
    NAME,
  )

/** Where earlier versions kept an archive: on Linux, in the place for settings (the window); on Windows, among the roaming data; null on macOS. */
export function earlierHome(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (platform === 'win32') return windowsFolder(environment, 'Roaming')
  if (platform === 'darwin') return null
  return join(baseFolder(environment, 'XDG_CONFIG_HOME', '.config'), NAME)
}

/**
 * Where logs are kept: the system's usual place for them, or `logs` of LOCALLEARNING_HOME.
 *
 * Linux: the state folder of XDG; macOS: Library/Logs; Windows: the local data of programs.
 */
export function logFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = variable(environment, 'LOCALLEARNING_HOME')
  if (named !== null) return join(expandedPath(named), 'logs')
  if (platform === 'darwin') return join(userFolder(), 'Library', 'Logs', NAME)
  if (platform === 'win32') return join(windowsFolder(environment, 'Local'), 'logs')
  return join(baseFolder(environment, 'XDG_STATE_HOME', '.local', 'state'), NAME, 'logs')
}

const hasArchive = (home: string | null): home is string => home !== null && existsSync(join(home, 'archive'))

/**
 * Where the workbench keeps its archive, its datasets and TensorFlow; one place for the window and the command line.
 *
 * @returns LOCALLEARNING_HOME if set, else the system's usual place for a program's data, or the place of earlier versions where an
 *   archive lies there alone
 */
export function homeFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = variable(environment, 'LOCALLEARNING_HOME')
  if (named !== null) return expandedPath(named)
  if (platform === 'darwin') return join(userFolder(), 'Library', 'Application Support', NAME)
  const home =
    platform === 'win32'
      ? windowsFolder(environment, 'Local')
      : join(baseFolder(environment, 'XDG_DATA_HOME', '.local', 'share'), NAME)
  const earlier = earlierHome(environment, platform)
  return !hasArchive(home) && hasArchive(earlier) ? earlier : home
}
