import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The file that starts an entry: its bundle when this module runs from a bundle, otherwise the `.mjs` file among the sources.
 *
 * @param bundle - name of the entry in electron.vite.config.ts
 * @param source - the `.mjs` file, relative to the folder lab/
 */
export function entryFile(bundle: string, source: string): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(source, import.meta.url)
  // Bundles lie in out/main, the modules that they share in out/main/chunks.
  const places = [new URL(`./${bundle}.js`, import.meta.url), new URL(`../${bundle}.js`, import.meta.url)]
  return places.find((place) => existsSync(fileURLToPath(place))) ?? new URL(source, import.meta.url)
}
