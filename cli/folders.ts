import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The closest folder above with a package.json; the module may lie in cli/ or, bundled, anywhere in out/main. */
function findProject(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  return findProject(dirname(from))
}

/** The project's root: where package.json, resources and out lie. */
export const PROJECT_FOLDER = findProject(dirname(fileURLToPath(import.meta.url)))

/** Whether the renderer has been built, so that the web host has something to serve. */
export function rendererFolder(): string | null {
  const folder = join(PROJECT_FOLDER, 'out', 'renderer')
  return existsSync(join(folder, 'index.html')) ? folder : null
}
