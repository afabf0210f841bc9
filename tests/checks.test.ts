import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runChecks } from './checks.mjs'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'checks-'))
  const bin = join(folder, 'node_modules', '.bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, code] of [
    ['fine', 0],
    ['broken', 3],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$0 out" | sed 's|.*/||'\nexit ${code}\n`, { mode: 0o755 })
    writeFileSync(join(bin, `${name}.cmd`), `@echo ${name} out\r\n@exit /b ${code}\r\n`)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function checked(commands: readonly string[]): Promise<{ failed: readonly string[]; written: string[] }> {
  const written: string[] = []
  const failed = await runChecks(commands, { folder, atOnce: 2, write: (text: string) => void written.push(text) })
  return { failed, written }
}

describe('checks of npm test', () => {
  it('run every command, write the output of each in one piece, and name those that failed', async () => {
    const { failed, written } = await checked(['fine one', 'broken', 'fine two', 'missing-program'])
    expect([...failed].sort()).toEqual(['broken', 'missing-program'])
    expect(written).toHaveLength(4)
    expect(written.find((text) => text.startsWith('ok: fine one,'))).toMatch(/\nfine out\s*$/)
    expect(written.find((text) => text.startsWith('failed (exit code 3): broken,'))).toMatch(/\nbroken out\s*$/)
  })

  it('fail none where all pass', async () => {
    expect((await checked(['fine'])).failed).toEqual([])
  })
})
