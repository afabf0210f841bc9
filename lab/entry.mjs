// Entries that Node starts (the command line and the worker threads) are plain JavaScript. They load their bundle in out/main when it
// is newer than every source, which saves half a second per start, and the TypeScript sources otherwise.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
/** What the bundles of out/main are made of. */
const SOURCES = ['cli', 'contract', 'engine', 'figures', 'lab', 'main']
const FILES = ['package.json', 'package-lock.json', 'electron.vite.config.ts']

/** Milliseconds at which a file was changed; `absent` where there is none. */
function changedAt(path, absent) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? absent
}

function newestSource() {
  let newest = Math.max(...FILES.map((name) => changedAt(join(PROJECT, name), 0)))
  // A copy of the project may lack folders: the command line needs neither the window nor Electron.
  for (const folder of SOURCES.filter((name) => existsSync(join(PROJECT, name)))) {
    for (const entry of readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) newest = Math.max(newest, changedAt(join(entry.parentPath, entry.name), 0))
    }
  }
  return newest
}

/**
 * Loads the module of an entry.
 *
 * @param {string} bundle - name in out/main without its ending
 * @param {URL} source - the TypeScript module
 */
export async function loadEntry(bundle, source) {
  const built = join(PROJECT, 'out', 'main', `${bundle}.js`)
  if (process.env.LOCALLEARNING_SOURCES !== '1' && changedAt(built, 0) > newestSource())
    return import(pathToFileURL(built).href)
  const { register } = await import('tsx/esm/api')
  register()
  return import(source.href)
}
