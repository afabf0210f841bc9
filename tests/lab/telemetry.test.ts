import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'workbench-telemetry-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('libraries of the program', () => {
  it('send nothing about the user: ONNX Runtime keeps no session and no log of its telemetry', () => {
    const temporary = join(home, 'tmp')
    mkdirSync(temporary)
    const env: NodeJS.ProcessEnv = { ...process.env, LOCALLEARNING_HOME: home, TMPDIR: temporary, HOME: home }
    delete env['ORT_DISABLE_TELEMETRY']
    const report = execFileSync(process.execPath, ['cli/lab.mjs', 'doctor', '--json'], { cwd: PROJECT, env })
    // The library was loaded: the doctor has measured how fast it is.
    expect(report.toString()).toContain('onnx')
    expect(readdirSync(temporary).filter((name) => /^(mat-|\.ses)/.test(name))).toEqual([])
  })
})
