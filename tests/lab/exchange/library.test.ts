import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { CommandInput, CommandName } from '../../../contract/index.js'
import { libraryEdit } from '../../../contract/library/edits.js'
import { decodeFrame, encodeFrame } from '../../../contract/link/socketCodec.js'
import { flattened } from '../../../lab/library/flatten.js'
import { codeOf } from '../lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from '../lab/eachTest.js'
import { reachState, smallExperiment } from '../lab/harness.js'

labForEachTest()

const FILES = fileURLToPath(new URL('../../interchange/files', import.meta.url))
const importAll = () => lab.call('library.import', { sources: [{ path: FILES }] })
const idOf = async (name: string): Promise<string> =>
  (await importAll()).find(({ run }) => run?.name === name)?.run?.id ?? 'none'
const table = async (query: string): Promise<string[]> =>
  (await lab.call('library.table', { query, wait: true })).lines.flatMap(({ ids }) => ids)
const cell = async (id: string, column: string): Promise<unknown> =>
  (await lab.call('library.cells', { lines: [[id]], columns: [column], wait: true })).cells[0]?.[0]?.value

describe('runs of other programs in the library', () => {
  it('have measures and settings as columns, and can be queried', async () => {
    const outcomes = await importAll()
    expect(outcomes.map(({ run, known }) => [run?.name, known])).toEqual([
      ['tensorboard/resumed', false],
      ['tensorboard/x', false],
      ['first run', false],
    ])
    const id = await idOf('first run')
    expect(await table('lr = 0.1 and kind = imported')).toHaveLength(2)
    expect(await table('layer.units = 3')).toEqual([id])
    expect(await table('best > .12')).toEqual([id])
    expect(await table('max(loss) = inf')).toEqual([id])
    expect(await table('tag:paper')).toEqual([id])
    expect(await cell(id, 'at(inner.x, 2)')).toBe(5)
    expect(await cell(id, 'seed')).toBe(7)
    expect(await cell(id, 'state')).toBe('imported')
    expect(await cell(id, 'tool')).toBe('wandb 0.31.0')
    expect(String(await cell(id, 'source'))).toContain('run-first.wandb')
    const { run, settings } = await lab.call('library.imported', { id })
    expect(run).toMatchObject({ name: 'first run', note: 'two words', origin: { format: 'wandb' } })
    expect(settings).toMatchObject({ lr: 0.1, 'layer.sizes': '1, 2' })
    const curves = await lab.call('library.curves', { id })
    expect(curves['late']).toEqual({
      epoch: Float64Array.of(40),
      step: Float64Array.of(40),
      value: Float64Array.of(2.5),
    })
    const named = await lab.call('library.curves', { id, names: ['late', 'constructor'] })
    expect(named).toEqual({ late: curves['late'] })
  })

  it('without settings are no seeds of one experiment', async () => {
    const path = join(home.folder, 'runs.csv')
    writeFileSync(path, 'run,measure,step,value\na,loss,1,0.5\nb,loss,1,0.25\nc,loss,1,0.125\n')
    const ids = (await lab.call('library.import', { sources: [{ path }] })).map(({ run }) => run?.id ?? '')
    const { lines } = await lab.call('library.table', { query: '', groupBy: ['specification'], wait: true })
    expect(lines.map((line) => line.ids)).toEqual(expect.arrayContaining(ids.map((id) => [id])))
    expect(await lab.call('compare.groups', { ids, query: '', groupBy: 'seeds' })).toEqual(ids.map((id) => [id]))
    const { groups } = await lab.call('compare.runs', { groups: ids.map((id) => [id]), measures: [], baseline: 0 })
    expect(groups.map(({ name, notes }) => [name, notes[0]])).toEqual(
      ['a', 'b', 'c'].map((name) => [name, 'The run has no specification, so its settings and seed are not known.']),
    )
  })
  it('can send their settings to a window whatever the names', () => {
    const settings = flattened(JSON.parse('{"__proto__": 1, "a": {"__proto__": 2, "b": 3}}'))
    const frame = { tag: 'reply', id: 1, output: settings } as const
    expect(decodeFrame(encodeFrame(frame))).toEqual({ ...frame, output: { 'a.__proto__': 2, 'a.b': 3 } })
    const view = { query: '', columns: [], sort: '', groupBy: '' }
    expect(libraryEdit.safeParse({ kind: 'view', name: '__proto__', view }).success).toBe(false)
    expect(libraryEdit.safeParse({ kind: 'view', name: 'proto', view }).success).toBe(true)
  })
  it('are imported once, also after a restart and from the trash', async () => {
    const first = await importAll()
    await lab.close()
    // What a crash in the middle of another import leaves.
    const unfinished = join(home.folder, 'archive', 'imported', '.import.0123456789ab.unfinished')
    mkdirSync(unfinished)
    writeFileSync(join(unfinished, 'metrics-0.jsonl'), '{"step": 1')
    await openAgain()
    expect(existsSync(unfinished)).toBe(false)
    expect(await table('')).toHaveLength(3)
    const again = await importAll()
    expect(again.map(({ run, known }) => [run?.id, known])).toEqual(first.map(({ run }) => [run?.id, true]))
    const id = first[0]!.run!.id
    await lab.call('library.edit', { kind: 'trash', ids: [id], trashed: true })
    expect((await importAll())[0]).toMatchObject({ known: true, trashed: true })
    expect(await lab.call('library.emptyTrash', { ids: null })).toEqual([id])
    expect(existsSync(join(home.folder, 'archive', 'imported', id))).toBe(false)
    expect((await importAll())[0]).toMatchObject({ run: { id }, known: false })
  })

  it('can be renamed, tagged, noted, starred, moved and undone', async () => {
    const id = await idOf('first run')
    await lab.call('library.edit', { kind: 'rename', ids: [id], name: 'other' })
    await lab.call('library.edit', { kind: 'tag', ids: [id], add: ['new'], remove: ['paper'] })
    await lab.call('library.edit', { kind: 'note', ids: [id], note: 'why' })
    await lab.call('library.edit', { kind: 'star', ids: [id], star: true })
    await lab.call('library.edit', { kind: 'move', ids: [id], folder: 'A/B' })
    await lab.close()
    await openAgain()
    expect(
      await table('name = other and tag:new and not tag:paper and star:true and folder = "A/B" and note = why'),
    ).toEqual([id])
    for (let count = 0; count < 5; count++) await lab.call('library.undo', { sequence: null })
    expect(await table('"first run" tag:paper')).toEqual([id])
  })

  it('refuse what needs a run of this program, by one code', async () => {
    const id = await idOf('first run')
    const asked: [CommandName, CommandInput<CommandName>][] = [
      ['run.get', { id }],
      ['run.resume', { id }],
      ['run.pause', { id }],
      ['run.remove', { id }],
      ['run.files', { id }],
      ['prune.plan', { id, mode: 'corrected', cutoff: null, offNorm: null }],
      ['figure.render', { figure: 'A1', source: { kind: 'run', run: id }, style: 'IJoCV' }],
    ]
    for (const [name, input] of asked) expect(await codeOf(lab.call(name, input))).toBe('run.imported')
    expect(await lab.call('run.specs', { ids: [id] })).toEqual({})
    expect(Object.keys(await lab.call('run.metrics', { id, names: null }))).toEqual(['loss'])
    expect(await codeOf(lab.call('library.imported', { id: 'i-00000000' }))).toBe('run.missing')
    expect(await codeOf(lab.call('library.curves', { id: 'i-00000000' }))).toBe('run.missing')
  })

  it('with a damaged record are shown with the reason, and can be deleted', async () => {
    const id = await idOf('first run')
    await lab.close()
    writeFileSync(join(home.folder, 'archive', 'imported', id, 'import.json'), '{"id": 1')
    rmSync(join(home.folder, 'archive', 'imported', id, 'settings.json'))
    await openAgain()
    expect(await table(`id = ${id}`)).toEqual([id])
    expect(await cell(id, 'error')).toBe('file.damaged')
    expect(await codeOf(lab.call('library.imported', { id }))).toBe('file.damaged')
    await lab.call('library.edit', { kind: 'trash', ids: [id], trashed: true })
    expect(await lab.call('library.emptyTrash', { ids: null })).toEqual([id])
  })

  it('come from uploaded files too', async () => {
    const bytes = new Uint8Array(readFileSync(join(FILES, 'wandb', 'run-first.wandb')))
    const { upload } = await lab.call('model.upload', { upload: null, bytes })
    const [outcome] = await lab.call('library.import', { sources: [{ fileName: 'run-first.wandb', upload }] })
    expect(outcome).toMatchObject({ source: 'run-first.wandb', known: false, run: { name: 'first run' } })
    expect((await importAll()).find(({ run }) => run?.name === 'first run')?.known).toBe(true)
  })

  it('that cannot be read do not keep the others out', async () => {
    const folder = join(home.folder, 'mixed')
    mkdirSync(folder)
    writeFileSync(join(folder, 'events.out.tfevents.1'), 'nothing of the kind')
    cpSync(join(FILES, 'wandb', 'run-first.wandb'), join(folder, 'b.wandb'))
    const outcomes = await lab.call('library.import', { sources: [{ path: folder }] })
    expect(outcomes.map(({ run, refused }) => [run?.name, refused?.slice(0, 40)])).toEqual([
      [undefined, 'events.out.tfevents.1 has no measures an'],
      ['first run', undefined],
    ])
    expect(await codeOf(lab.call('library.import', { sources: [{ path: join(folder, 'absent') }] }))).toBe(
      'file.unreadable',
    )
    expect(readdirSync(join(home.folder, 'archive', 'imported')).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe('an export of own and imported runs', () => {
  it('is read back as the same measures and settings', async () => {
    const submitted = await lab.call('run.submit', { spec: smallExperiment({ epochs: 3 }) })
    const { id } = await reachState(lab, submitted.id, 'finished')
    const imported = await idOf('first run')
    const out = join(home.folder, 'out')
    const lines = [[id], [imported]]
    const ask = (kind: 'tensorboard' | 'measuresCsv', overwrite = false) =>
      lab.call('library.export', { kind, lines, columns: [], folder: out, overwrite })
    const { files } = await ask('tensorboard')
    expect(files).toHaveLength(2)
    await ask('measuresCsv')
    expect(await codeOf(ask('tensorboard'))).toBe('file.exists')
    await ask('tensorboard', true)
    const inside: CommandInput<'library.export'> = {
      kind: 'runsCsv',
      lines,
      columns: ['name'],
      folder: join(home.folder, 'archive', 'x'),
    }
    expect(await codeOf(lab.call('library.export', inside))).toBe('file.ofArchive')
    const read = await lab.call('library.import', { sources: [{ path: out }, { path: join(out, 'measures.csv') }] })
    expect(read.map(({ run, known }) => [run?.origin.format, known])).toEqual([
      ['tensorboard', false],
      ['tensorboard', false],
      ['csv', false],
      ['csv', false],
    ])
    for (const [place, original] of [id, imported, id, imported].entries()) {
      const expected = await lab.call('library.curves', { id: original })
      const found = await lab.call('library.curves', {
        id: read.find(
          ({ run, source }) => run?.origin.format === (place < 2 ? 'tensorboard' : 'csv') && source.includes(original),
        )!.run!.id,
      })
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort())
      for (const [name, { step, value }] of Object.entries(expected)) {
        expect(found[name]!.step).toEqual(step)
        expect(found[name]!.value).toEqual(value)
      }
    }
    const events = read.find(({ source }) => source.includes(id) && !source.includes('csv'))!.run!.id
    expect(await cell(events, 'layer.hiddenUnits')).toBe(16)
    expect(await cell(events, 'rule.kind')).toBe('fkhl3')
    expect(await cell(events, 'seed')).toBe(7)
  }, 60_000)
})
