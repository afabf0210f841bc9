import { homedir } from 'node:os'
import { delimiter, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What the desktop program was started with. */
export interface DesktopArguments {
  dataFolders: string[]
  archiveFolder: string | null
}

/**
 * Reads `--data` and `--archive` from the command line; Electron's and Chromium's own switches are passed over.
 *
 * @param values - process.argv without the program's name
 */
export function readArguments(values: readonly string[], environment: NodeJS.ProcessEnv = process.env): DesktopArguments {
  const { values: options } = parseArgs({ args: [...values], strict: false, options: { data: { type: 'string', multiple: true }, archive: { type: 'string' } } })
  const fromEnvironment = (environment['LOCALLEARNING_DATA'] ?? '').split(delimiter).filter((path) => path !== '')
  const given = (Array.isArray(options.data) ? options.data : []).filter((path) => typeof path === 'string')
  return {
    dataFolders: [...new Set([...given, ...fromEnvironment].map((path) => resolve(path.replace(/^~(?=$|[\\/])/, homedir()))))],
    archiveFolder: typeof options.archive === 'string' ? resolve(options.archive) : null,
  }
}
