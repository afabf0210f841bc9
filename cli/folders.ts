import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root: where package.json, resources and out lie. */
export const PROJECT_FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** Whether the renderer has been built, so that the web host has something to serve. */
export function rendererFolder(): string | null {
  const folder = join(PROJECT_FOLDER, 'out', 'renderer')
  return existsSync(join(folder, 'index.html')) ? folder : null
}
