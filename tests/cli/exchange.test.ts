import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportOutcome } from '../../contract/library/exchange.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const FILES = join(PROJECT, 'tests', 'interchange', 'files')
const root = mkdtempSync(join(tmpdir(), 'workbench-cli-exchange-'))
const archive = join(root, 'archive')
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

function lab(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, LOCALLEARNING_HOME: join(root, 'home') }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['cli/lab.mjs', ...words, '--archive', archive], { cwd: PROJECT, env })
    const ended = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
    child.once('close', (code) => resolve({ code, ...ended }))
  })
}

const table = join(root, 'measures.csv')
let runs: ImportOutcome[] = []
beforeAll(async () => {
  writeFileSync(table, 'run,measure,step,value\r\none,loss,1,NaN\r\ntwo,loss,1,5e-324\r\n')
  const { out, code } = await lab('import', FILES, table, join(FILES, 'wandb', 'run-first.wandb'), '--json')
  expect(code).toBe(0)
  runs = (JSON.parse(out) as { runs: ImportOutcome[] }).runs
}, 60_000)

describe('lab import of runs', () => {
  it('takes folders and files, and says what was imported before', () => {
    expect(runs.map(({ run, known }) => [run?.name, known])).toEqual([
      ['tensorboard/resumed', false],
      ['tensorboard/x', false],
      ['first run', false],
      ['one', false],
      ['two', false],
      ['first run', true],
    ])
  })
  it('lists them with the others, and shows them', async () => {
    const { out } = await lab('list')
    expect(out.split('\n').filter((line) => line.includes('imported'))).toHaveLength(5)
    const shown = await lab('show', runs[3]!.run!.id)
    expect(shown.out).toMatch(/CSV table of measures/)
    expect(shown.out).toMatch(/loss +NaN/)
  })
  it.each([
    [['import', table, 'package.json'], /models are imported one at a time; package\.json/],
    [['import', table, '--name', 'x'], /--name belongs to models/],
    [['import', 'docs'], /contains no event files/],
    [['resume', 'RUN'], /The run was imported from another program/],
    [['export', 'RUN', '--format', 'tensorboard', '--columns', 'name', '--out', 'x'], /--columns belongs to/],
    [['export', '--format', 'csv', '--out', 'x'], /expected the ids of runs, or --where/],
    [['export', 'RUN', '--format', 'xml', '--out', 'x'], /Allowed choices are tensorboard, csv, parquet/],
    [['export', 'i-00000000', '--format', 'tensorboard', '--out', join(root, 'none')], /no run has the id i-00000000/],
  ])('%j is refused', async (words, said) => {
    const { code, err } = await lab(...words.map((word) => (word === 'RUN' ? runs[0]!.run!.id : word)))
    expect([code, err]).toEqual([2, expect.stringMatching(said)])
  })
})

describe('lab export', () => {
  it('writes the chosen runs, and replaces files with --force alone', async () => {
    const out = join(root, 'out')
    const words = ['export', '--where', 'one or two', '--format', 'csv', '--columns', 'name,last(loss)', '--out', out]
    expect((await lab(...words)).code).toBe(0)
    expect(readdirSync(out).sort()).toEqual(['measures-wide.csv', 'measures.csv', 'runs.csv'])
    const lines = readFileSync(join(out, 'runs.csv'), 'utf8').trimEnd().split('\r\n')
    expect(lines.sort()).toEqual(['name,last(loss)', 'one,NaN', 'two,5e-324'])
    const again = await lab(...words)
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('already exists')])
    expect((await lab(...words, '--force')).code).toBe(0)
  })
  it('writes event files of each run into a folder of its own', async () => {
    const out = join(root, 'events')
    const { run } = runs[2]!
    expect((await lab('export', run!.id, '--format', 'tensorboard', '--out', out)).code).toBe(0)
    expect(readdirSync(out)).toEqual([`first run-${run!.id}`])
    writeFileSync(join(out, `first run-${run!.id}`, 'events.out.tfevents.1.other'), '')
    const again = await lab('export', run!.id, '--format', 'tensorboard', '--out', out, '--force')
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('event files of another run')])
    expect(existsSync(join(out, `first run-${run!.id}`, 'events.out.tfevents.1.other'))).toBe(true)
  })
})
