import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { pythonWith } from '../python.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'workbench-examples-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

function lab(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/lab.mjs', ...words], {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { ...process.env, LOCALLEARNING_HOME: home },
  })
  if (status !== 0) throw new Error(`lab ${words.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}
const runs = (): string[] => readdirSync(join(home, 'archive', 'runs'))

describe('examples/', { timeout: 120_000 }, () => {
  it('each file is explained in its README', () => {
    const page = readFileSync(join(PROJECT, 'examples/README.md'), 'utf8')
    for (const name of readdirSync(join(PROJECT, 'examples')))
      if (name !== 'README.md') expect(page, name).toContain(`\`${name}\``)
  })
  it('the layer runs, and Python reads it', () => {
    lab('run', 'examples/layer.json', '--set', 'schedule.epochs=2', '--set', 'dataset.imageLimit=200')
    const [run = ''] = runs()
    const python = pythonWith('numpy')
    if (python === null) return
    const { stdout, stderr, status } = spawnSync(python, ['examples/read_run.py', join(home, 'archive', 'runs', run)], {
      cwd: PROJECT,
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`${run} Example: layer: finished, epoch 2 of 2`)
    expect(stdout).toMatch(/^weights: 64 units x 3072 inputs, mean L3 norm \d+\.\d{4}$/m)
    expect(stdout).toMatch(/^meanWeightChange: \S+ at step \d+$/m)
  })
  it('the classifier runs', () => {
    expect(
      lab('run', 'examples/classifier.json', '--set', 'schedule.epochs=1', '--set', 'dataset.imageLimit=200', '--json'),
    ).toContain('"state": "finished"')
  })
  it('the figure is drawn', () => {
    lab('figure', '1', '--from', 'examples/figure-1.json', '--format', 'pdf,svg', '--out', home)
    expect(readdirSync(home).filter((name) => /\.(pdf|svg)$/.test(name))).toHaveLength(2)
    expect(existsSync(join(home, 'archive'))).toBe(true)
  })
})
