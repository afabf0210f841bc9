import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const script = fileURLToPath(new URL('hurtful.ts', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hurtful-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Reads the file in a process whose heap is small, and says how much memory that took. */
function reading(name: string): { code: string; grownMegabytes: number } {
  const file = join(folder, 'file')
  const run = (phase: string, ...options: string[]): string => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', ...options, script, phase, name, file],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`${phase} of ${name} ended with ${status}:\n${stderr}`)
    return stdout
  }
  run('write')
  return JSON.parse(run('read', '--max-old-space-size=256')) as { code: string; grownMegabytes: number }
}

it.each([
  ['overlapping entries', 'file.damaged', 60],
  ['one entry of 1 GiB', 'file.damaged', 60],
  ['many entries of 32 MiB', 'file.damaged', 400],
  ['empty dictionaries', 'file.damaged', 300],
  ['memorised values', 'file.damaged', 300],
  ['a long number', 'file.damaged', 60],
  ['a long list', 'model.foreign', 200],
  ['a dictionary copied again and again', 'file.damaged', 300],
  ['a text of a million characters', 'file.damaged', 100],
  ['a deep header', 'file.damaged', 100],
  ['an array of axes without end', 'file.damaged', 60],
  ['an array that is nothing but its header', 'file.damaged', 60],
  ['a sound array', 'none', 60],
])('%s ends with %s and takes less than %i MB', (name, code, megabytes) => {
  const read = reading(name)
  expect(read.code).toBe(code)
  expect(read.grownMegabytes).toBeLessThan(megabytes)
})
