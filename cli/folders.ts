import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root: where package.json, resources and out lie. */
export const PROJECT_FOLDER = fileURLToPath(new URL('..', import.meta.url))

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
