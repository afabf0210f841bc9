import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeArchive } from '../../bench/library/makeArchive.js'
import type { Comparison } from '../../contract/compare/comparison.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'workbench-compare-'))
const archive = join(root, 'archive')
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
// Presets in turn, five seeds of each.
beforeAll(() => makeArchive(archive, { runs: 60, epochs: 3 }))

interface Ended {
  code: number | null
  out: string
  err: string
}
function lab(words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['cli/lab.mjs', ...words, '--archive', archive], {
      cwd: PROJECT,
      env: { ...process.env, LOCALLEARNING_HOME: join(root, 'home'), LOCALLEARNING_DATA: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
    child.once('close', (code) => resolve({ ...ended, code }))
  })
}
const KINDS = ['compare', '--where', 'kind = classifier and state = finished', '--group-by', 'kind'] as const
const PRESETS = ['compare', '--where', 'kind = localLearning', '--group-by', 'dataset.kind'] as const

describe('lab compare', () => {
  it('prints tables for people, and all its numbers as JSON and CSV', async () => {
    const words = [...PRESETS, '--measure', 'alpha,min(loss)', '--baseline', '2']
    const [text, json, csv] = await Promise.all([lab(words), lab([...words, '--json']), lab([...words, '--csv'])])
    expect(text.code).toBe(0)
    for (const title of ['Settings that differ', 'Means with 95 % intervals over seeds', 'paired by seed'])
      expect(text.out).toContain(title)
    const found = JSON.parse(json.out) as Comparison
    expect(found.groups.length).toBeGreaterThan(1)
    expect(found.baseline).toBe(1)
    expect(found.measures.map(({ name }) => name)).toEqual(['alpha', 'min(loss)'])
    const difference = found.measures[0]?.differences[0]
    expect(difference?.kind).toBe('paired')
    for (const number of [difference?.mean, difference?.p, found.measures[0]?.cells[1]?.mean])
      expect(csv.out).toContain(String(number))
    expect(csv.out.split('\r\n').filter((line) => line !== '')).toHaveLength(1 + 2 * found.groups.length)
  })
  it('prints Markdown and LaTeX', async () => {
    const [markdown, latex] = await Promise.all([lab([...PRESETS, '--markdown']), lab([...PRESETS, '--latex'])])
    expect(markdown.out).toContain('| Setting |')
    expect(latex.out).toContain('\\begin{tabular}')
    expect([markdown.code, latex.code]).toEqual([0, 0])
  })
  it.each([
    ['nothing to compare', ['compare'], /expected runs to compare, or --where QUERY/],
    ['an unknown run', ['compare', 'r-00000000'], /no run has the id or name r-00000000/],
    ['more than eight', ['compare', '--where', 'kind = classifier', '--runs'], /at most 8 runs or groups, got \d\d/],
    ['no such measure', [...KINDS, '--measure', 'foo'], /no run has the measure foo/],
    ['a measure that is a text', [...KINDS, '--measure', 'name'], /a measure that is a number, got name/],
    ['no such baseline', [...KINDS, '--baseline', '9'], /expected a baseline from 1 to 1/],
    ['no such test', [...KINDS, '--test', 'u'], /the test t or ranks, got u/],
    ['two forms', [...KINDS, '--csv', '--json'], /choose one of/],
    ['a wrong query', ['compare', '--where', 'kind == ('], /\^/],
  ])('refuses %s', async (_, words, pattern) => {
    const ended = await lab(words)
    expect(ended.err).toMatch(pattern)
    expect(ended.code).toBe(2)
  })
})
