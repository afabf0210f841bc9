import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-entry-'))
  for (const name of ['cli', 'contract', 'engine', 'figures', 'lab/deep', 'main', 'out/main'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['package-lock.json', 'electron.vite.config.ts', 'lab/deep/other.ts'])
    writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  cpSync(join(PROJECT, 'lab/entry.mjs'), join(folder, 'lab/entry.mjs'))
  writeFileSync(join(folder, 'lab/program.js'), 'console.log("source")')
  writeFileSync(join(folder, 'out/main/program.js'), 'console.log("bundle")')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Dates a file of the folder. */
const date = (name: string, seconds: number): void => utimesSync(join(folder, name), seconds, seconds)
function loaded(environment: NodeJS.ProcessEnv = {}): string {
  const program = `const { loadEntry } = await import(${JSON.stringify(pathToFileURL(join(folder, 'lab/entry.mjs')).href)})
await loadEntry('program', new URL(${JSON.stringify(pathToFileURL(join(folder, 'lab/program.js')).href)}))`
  // tsx is found from the project, as it is for the real entries.
  cpSync(join(PROJECT, 'node_modules/tsx/package.json'), join(folder, 'node_modules/tsx/package.json'))
  mkdirSync(join(folder, 'node_modules/tsx/dist/esm/api'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/tsx/dist/esm/api/index.mjs'), 'export const register = () => {}')
  writeFileSync(join(folder, 'node_modules/tsx/dist/esm/api/index.cjs'), 'exports.register = () => {}')
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return `${stdout.trim()}${stderr}`
}

describe('an entry that Node starts', () => {
  it('is its bundle when that is newer than every source, and the sources otherwise', () => {
    const later = Date.now() / 1000 + 10
    date('out/main/program.js', later)
    expect(loaded()).toBe('bundle')
    expect(loaded({ LOCALLEARNING_SOURCES: '1' })).toBe('source')
    for (const name of ['lab/deep/other.ts', 'package-lock.json']) {
      date(name, later + 10)
      expect(loaded()).toBe('source')
      date(name, later - 20)
    }
    rmSync(join(folder, 'main'), { recursive: true })
    expect(loaded()).toBe('bundle')
    rmSync(join(folder, 'out'), { recursive: true })
    expect(loaded()).toBe('source')
  })
})
