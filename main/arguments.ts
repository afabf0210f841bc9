import { parseArgs } from 'node:util'
import { dataFolders, expandedPath } from '../lab/home.js'

/** What the desktop program was started with. */
export interface DesktopArguments {
  dataFolders: string[]
  archiveFolder: string | null
  /** Takes the archive from another workbench that still has it. */
  takeOver: boolean
}

/**
 * Reads `--data`, `--archive` and `--take-over` from the command line; Electron's and Chromium's own switches are passed over.
 *
 * @param values - process.argv without the program's name
 */
export function readArguments(
  values: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): DesktopArguments {
  const { values: options } = parseArgs({
    args: [...values],
    strict: false,
    options: {
      data: { type: 'string', multiple: true },
      archive: { type: 'string' },
      'take-over': { type: 'boolean' },
    },
  })
  const given = (Array.isArray(options.data) ? options.data : []).filter((path) => typeof path === 'string')
  return {
    dataFolders: dataFolders(given, environment),
    archiveFolder:
      typeof options.archive === 'string' && options.archive.trim() !== '' ? expandedPath(options.archive) : null,
    takeOver: options['take-over'] === true,
  }
}
