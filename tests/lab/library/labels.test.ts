import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { asLabError } from '../../../contract/index.js'
import type { LibraryEdit } from '../../../contract/library/edits.js'
import { createProblems } from '../../../lab/archive/problems.js'
import { openLabels, type Labels } from '../../../lab/library/labels.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-labels-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const newFolder = (): string => join(root, String(folders++))
const RUNS = ['r-00000001', 'r-00000002', 'r-00000003'] as const
const OLD_TAGS: Record<string, string[]> = { 'r-00000003': ['old'] }
const problems = createProblems()
const open = (folder: string, readOnly = false): Promise<Labels> =>
  openLabels(folder, { readOnly, problems, tagsOf: (id) => OLD_TAGS[id] ?? [] })
const shown = (labels: Labels): unknown => [
  ...RUNS.map((id) => {
    const { tags, ...rest } = labels.of({ id, tags: OLD_TAGS[id] ?? [] })
    return { ...rest, tags: [...tags].sort() }
  }),
  labels.views(),
]
const tag = (ids: readonly string[], add: string[], remove: string[] = []): LibraryEdit => ({
  kind: 'tag',
  ids: [...ids],
  add,
  remove,
})
const code = (error: unknown): string => asLabError(error).code

describe('edits of the library', () => {
  it('are there again after a restart, and so is undo', async () => {
    const folder = newFolder()
    const labels = await open(folder)
    const before = shown(labels)
    const edit = await labels.edit(tag(RUNS, ['paper'], ['old']))
    expect(edit?.edit).toMatchObject({ sequence: 1, runs: 3, undone: false })
    expect(edit?.edit.text).toBe('Tagged 3 runs paper and removed the tag old of 3 runs')
    await labels.edit({ kind: 'rename', ids: [RUNS[0]], name: 'KH, first' })
    await labels.edit({ kind: 'view', name: 'Paper', view: { query: 'tag:paper', columns: [], sort: '', groupBy: '' } })
    const after = shown(labels)
    const again = await open(folder)
    expect(shown(again)).toEqual(after)
    expect(again.views()['Paper']?.query).toBe('tag:paper')
    for (let count = 0; count < 3; count++) await again.undo(null)
    expect(shown(again)).toEqual(before)
    await expect(again.undo(null).catch(code)).resolves.toBe('library.nothingToUndo')
    const third = await open(folder)
    for (let count = 0; count < 3; count++) await third.redo()
    expect(shown(third)).toEqual(after)
  })

  it('an edit in the middle is undone without those after it', async () => {
    const labels = await open(newFolder())
    await labels.edit({ kind: 'note', ids: [...RUNS], note: 'first' })
    await labels.edit({ kind: 'note', ids: [RUNS[1]], note: 'second' })
    const { ids, kept } = await labels.undo(1)
    expect({ ids, kept }).toEqual({ ids: [RUNS[0], RUNS[2]], kept: 1 })
    expect(RUNS.map((id) => labels.of({ id, tags: [] }).note)).toEqual(['', 'second', ''])
  })

  it('what changes nothing is not an edit; a new edit ends redo', async () => {
    const labels = await open(newFolder())
    await labels.edit({ kind: 'star', ids: [RUNS[0]], star: true })
    expect(await labels.edit({ kind: 'star', ids: [RUNS[0]], star: true })).toBeNull()
    await labels.undo(null)
    await labels.edit({ kind: 'move', ids: [RUNS[0]], folder: 'Thesis/Chapter 3' })
    expect(labels.state()).toMatchObject({ redo: null, undo: { text: 'Moved 1 run to Thesis/Chapter 3' }, count: 2 })
    await expect(labels.redo().catch(code)).resolves.toBe('library.nothingToUndo')
  })

  it('a run keeps the moment at which it came into the trash', async () => {
    const labels = await open(newFolder())
    await labels.edit({ kind: 'trash', ids: [RUNS[0]], trashed: true })
    const first = labels.of({ id: RUNS[0], tags: [] }).trashedAt
    await labels.edit({ kind: 'trash', ids: [...RUNS], trashed: true })
    expect(labels.of({ id: RUNS[0], tags: [] }).trashedAt).toBe(first)
    await labels.undo(null)
    expect(labels.of({ id: RUNS[1], tags: [] }).trashedAt).toBeNull()
  })

  it('a line that a crash cut short was never acknowledged and is dropped; the next edit is whole', async () => {
    const folder = newFolder()
    const labels = await open(folder)
    await labels.edit({ kind: 'note', ids: [...RUNS], note: 'kept' })
    const path = join(folder, 'library/edits.jsonl')
    const whole = statSync(path).size
    await labels.edit({ kind: 'note', ids: [...RUNS], note: 'cut' })
    truncateSync(path, whole + 20)
    const again = await open(folder)
    expect(again.of({ id: RUNS[0], tags: [] }).note).toBe('kept')
    await again.edit({ kind: 'note', ids: [...RUNS], note: 'next' })
    expect((await open(folder)).of({ id: RUNS[0], tags: [] }).note).toBe('next')
  })

  it('damaged lines are skipped, reported and kept; a newer version is refused', async () => {
    const folder = newFolder()
    const labels = await open(folder)
    await labels.edit({ kind: 'note', ids: [...RUNS], note: 'kept' })
    const path = join(folder, 'library/edits.jsonl')
    appendFileSync(path, '{"sequence": "two"}\nnot JSON\n')
    const again = await open(folder)
    expect(again.of({ id: RUNS[0], tags: [] }).note).toBe('kept')
    expect(problems.list().join()).toContain('2 edits in')
    expect(readFileSync(path, 'utf8')).toContain('not JSON')
    writeFileSync(path, '{"version":2}\n')
    await expect(open(folder).catch(code)).resolves.toBe('archive.newerVersion')
  })

  it('any series of edits, undos, redos and restarts agrees with a plain model', async () => {
    const ids = fc.uniqueArray(fc.constantFrom(...RUNS), { minLength: 1 })
    const word = fc.constantFrom('a', 'b', '')
    const step = fc.oneof(
      fc.record({ kind: fc.constant('note' as const), ids, note: word }),
      fc.record({
        kind: fc.constant('tag' as const),
        ids,
        add: fc.constantFrom<string[]>([], ['x'], ['x', 'y']),
        remove: fc.constantFrom<string[]>([], ['x'], ['old']),
      }),
      fc.record({ kind: fc.constant('star' as const), ids, star: fc.boolean() }),
      fc.constant('undo' as const),
      fc.constant('redo' as const),
      fc.constant('restart' as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const folder = newFolder()
        let labels = await open(folder)
        /** States before each edit that can be undone, and after each that can be redone. */
        const past: string[] = []
        let future: string[] = []
        const now = (): string => JSON.stringify(shown(labels))
        for (const each of steps) {
          const state = now()
          if (each === 'restart') labels = await open(folder)
          else if (each === 'undo' && past.length > 0) {
            await labels.undo(null)
            future.push(state)
            expect(now()).toBe(past.pop())
          } else if (each === 'redo' && future.length > 0) {
            await labels.redo()
            past.push(state)
            expect(now()).toBe(future.pop())
          } else if (typeof each === 'object' && (await labels.edit(each)) !== null) {
            past.push(state)
            future = []
          }
          if (each === 'restart') expect(now()).toBe(state)
        }
        expect(labels.state().undo === null).toBe(past.length === 0)
      }),
      { numRuns: 60, seed: 11 },
    )
  })
})
