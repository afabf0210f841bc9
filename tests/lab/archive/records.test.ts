import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MetricRecord } from '../../../contract/index.js'
import { openArchive } from '../../../lab/archive/index.js'
import { createMetricCache } from '../../../lab/archive/metricCache.js'
import { loadMetrics } from '../../../lab/archive/metrics.js'
import { createProblems } from '../../../lab/archive/problems.js'
import { createLookBook } from '../../../lab/lookBook.js'
import { openResultStore } from '../../../lab/probes/resultStore.js'
import { openTestLab, smallExperiment } from '../lab/harness.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-records-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

const put = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
const content = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const aside = (stem: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(`${stem}.`) && name !== `${stem}.json`)

describe('settings', () => {
  it('that are no JSON are kept under another name, reported, and replaced by the defaults', async () => {
    put('settings.json', '{"queueHeld": tr')
    const archive = await openArchive(folder)
    expect(await archive.readSettings()).toMatchObject({ queueHeld: false, executor: 'auto' })
    const [kept = ''] = aside('settings')
    expect(kept).toMatch(/^settings\.damaged-\d{8}T\d{6}\.json$/)
    expect(readFileSync(join(folder, kept), 'utf8')).toBe('{"queueHeld": tr')
    expect(content('settings.json')).toMatchObject({ queueHeld: false })
    expect(archive.problems.list().join()).toContain(kept)
    await archive.close()
  })
  it('are validated one by one; what is valid counts, and what another version added stays', async () => {
    put('settings.json', { executor: 'warp', queueHeld: true, theme: 'dark', nodes: 4 })
    const archive = await openArchive(folder)
    expect(await archive.readSettings()).toEqual({
      theme: 'dark',
      density: 'normal',
      railLabels: true,
      queueHeld: true,
      executor: 'auto',
      slots: 1,
      threadsPerSlot: null,
      slotKind: 'thread',
      shortcuts: {},
    })
    expect(archive.problems.list().join()).toMatch(/executor cannot be "warp"/)
    await archive.changeSettings({ density: 'compact' })
    expect(content('settings.json')).toMatchObject({ nodes: 4, density: 'compact', queueHeld: true })
    expect(aside('settings')).toHaveLength(1)
    await archive.close()
  })
  it('of a newer version are not written over', async () => {
    put('settings.json', { version: 2, theme: { base: 'dark' } })
    const archive = await openArchive(folder)
    await archive.changeSettings({ theme: 'light' })
    const [kept = ''] = aside('settings')
    expect(kept).toContain('newer')
    expect(content(kept)).toEqual({ version: 2, theme: { base: 'dark' } })
    await archive.close()
  })
  it('changed by two at once lose neither change', async () => {
    const lab = await openTestLab(folder)
    await Promise.all([
      lab.call('settings.set', { theme: 'dark' }),
      lab.call('queue.hold', { held: true }),
      lab.call('settings.set', { density: 'compact' }),
    ])
    expect(await lab.call('settings.get', null)).toMatchObject({ theme: 'dark', queueHeld: true, density: 'compact' })
    await lab.close()
    expect(JSON.parse(readFileSync(join(folder, 'archive', 'settings.json'), 'utf8'))).toMatchObject({
      theme: 'dark',
      queueHeld: true,
      density: 'compact',
    })
  })
  it('change in memory only when they are on disk', async () => {
    const archive = await openArchive(folder)
    mkdirSync(join(folder, 'settings.json'))
    await expect(archive.changeSettings({ theme: 'dark' })).rejects.toMatchObject({ code: 'file.isFolder' })
    expect((await archive.readSettings()).theme).toBe('system')
    await archive.close()
  })
  it('of an archive that is open for reading stay as they are', async () => {
    put('settings.json', '{')
    const archive = await openArchive(folder, { readOnly: true })
    expect((await archive.readSettings()).theme).toBe('system')
    expect(archive.problems.list()).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['settings.json'])
  })
  it.skipIf(process.getuid?.() === 0)('that cannot be read now are no defaults', async () => {
    put('settings.json', {})
    chmodSync(join(folder, 'settings.json'), 0)
    await expect(openArchive(folder)).rejects.toMatchObject({ code: 'file.unreadable' })
  })
})

describe('the order of the queue', () => {
  it.each([
    ['{"ids"', 'damaged'],
    [JSON.stringify({ version: 2, lanes: [] }), 'newer'],
    [JSON.stringify(['r-00000001', 7]), 'damaged'],
  ])('%s is kept under another name', async (text, kind) => {
    put('queue.json', text)
    const archive = await openArchive(folder)
    await archive.writeQueue([])
    const [kept = ''] = aside('queue')
    expect(kept).toContain(kind)
    expect(readFileSync(join(folder, kept), 'utf8')).toBe(text)
    expect(archive.problems.list()).toHaveLength(1)
    await archive.close()
  })
})

describe('files that cannot be used', () => {
  it('are named in the window and by lab doctor, and results of a newer version stay', async () => {
    const archive = join(folder, 'archive')
    const spectrum = join(archive, 'probes', 'spectra', 's-0123456789abcdef')
    const sweep = join(archive, 'probes', 'robustness', 'a-01234567')
    for (const path of [spectrum, sweep]) mkdirSync(path, { recursive: true })
    writeFileSync(join(spectrum, 'result.json'), JSON.stringify({ id: 's-0123456789abcdef', origin: { version: 2 } }))
    writeFileSync(join(sweep, 'sweep.json'), JSON.stringify({ version: 2, request: {} }))
    writeFileSync(join(archive, 'settings.json'), '{')
    const lab = await openTestLab(folder)
    expect(await lab.call('spectrum.list', null)).toEqual([])
    await expect(lab.call('spectrum.get', { id: 's-0123456789abcdef' })).rejects.toMatchObject({
      code: 'archive.newerVersion',
    })
    const { archiveProblems } = await lab.call('lab.vitals', null)
    expect(archiveProblems.join('\n')).toMatch(/settings\.json was damaged[^]*s-0123456789abcdef/)
    expect((await lab.call('robustness.list', null)).map(({ id, state, error }) => [id, state, error?.code])).toEqual([
      ['a-01234567', 'failed', 'archive.newerVersion'],
    ])
    const checks = (await lab.call('lab.doctor', null)).checks
      .filter(({ group }) => group === 'archive')
      .map(({ detail }) => detail)
      .join('\n')
    expect(checks).toMatch(/settings\.json was damaged/)
    expect(checks).toMatch(/contains settings\.damaged-/)
    await lab.close()
    expect(JSON.parse(readFileSync(join(spectrum, 'result.json'), 'utf8'))).toMatchObject({ origin: { version: 2 } })
    expect(JSON.parse(readFileSync(join(sweep, 'sweep.json'), 'utf8'))).toMatchObject({ version: 2 })
  })
  it('are left out of lists with a reason', async () => {
    const problems = createProblems()
    mkdirSync(join(folder, 'probes', 'planes', 'p-01234567'), { recursive: true })
    writeFileSync(join(folder, 'probes', 'planes', 'p-01234567', 'result.json'), '{')
    mkdirSync(join(folder, 'probes', 'planes', 'p-89abcdef'), { recursive: true })
    expect(await openResultStore(folder, 'planes', 'p', problems).list()).toEqual([])
    expect(problems.list()).toHaveLength(1)
  })
  it('looks of a newer version are not written over', async () => {
    put('looks.json', { version: 2, palettes: [] })
    await createLookBook({ folder, readOnly: false, problems: createProblems() }).assign([
      { identity: 'a', label: 'a' },
    ])
    expect(content(aside('looks')[0] ?? '')).toEqual({ version: 2, palettes: [] })
  })
})

describe('a group of runs', () => {
  const specs = [1, 2, 3].map((seed) => ({ ...smallExperiment(), seed }))
  it('is made as one', async () => {
    const archive = await openArchive(folder)
    const made = await archive.createGroup(specs, {})
    expect(made.map(({ group }) => group)).toEqual([0, 1, 2].map((index) => ({ id: made[0]?.id, index, count: 3 })))
    expect(readdirSync(join(folder, 'runs')).sort()).toEqual(made.map(({ id }) => id).sort())
    await archive.close()
    // Newest first, whatever the order of their ids.
    const again = await openArchive(folder, { readOnly: true })
    expect((await again.list()).map(({ seed }) => seed)).toEqual([3, 2, 1])
  })
  it('of which one cannot be made leaves none', async () => {
    const archive = await openArchive(folder)
    // JSON has no whole numbers without end: writing the third fails.
    const broken = { ...specs[2], seed: 3n as unknown as number } as (typeof specs)[number]
    await expect(archive.createGroup([...specs.slice(0, 2), broken], {})).rejects.toBeDefined()
    expect(await archive.list()).toEqual([])
    expect(readdirSync(join(folder, 'runs'))).toEqual([])
    await archive.close()
  })
  it('that a crash cut short while its runs got their names leaves none', async () => {
    let archive = await openArchive(folder)
    const kept = await archive.create(smallExperiment(), {})
    const [first, second] = await archive.createGroup(specs.slice(0, 2), {})
    await archive.close()
    // As after a crash between the two renames.
    writeFileSync(join(folder, 'runs', `.${first?.id ?? ''}.group`), JSON.stringify([first?.id, second?.id]))
    mkdirSync(join(folder, 'runs', `.${second?.id ?? ''}.unfinished`))
    rmSync(join(folder, 'runs', second?.id ?? ''), { recursive: true })
    archive = await openArchive(folder)
    expect((await archive.list()).map(({ id }) => id)).toEqual([kept.id])
    expect(readdirSync(join(folder, 'runs'))).toEqual([kept.id])
    await archive.close()
  })
})

describe('metrics in memory', () => {
  const row = (step: number): MetricRecord => ({ name: 'learningRate', epoch: 1, step, value: step, wall: 0 })
  it('are those of the runs that were used last', async () => {
    const loaded: string[] = []
    const cache = createMetricCache(async (id) => {
      loaded.push(id)
      const table = await loadMetrics(join(folder, 'none'))
      table.add([1, 2, 3, 4].map(row))
      return table
    }, 10)
    for (const id of ['a', 'b', 'c', 'd', 'd', 'a']) await cache.of(id)
    expect(loaded).toEqual(['a', 'b', 'c', 'd', 'a'])
    await cache.of('d')
    expect(loaded).toHaveLength(5)
  })
  it('are right after a run was forgotten while it wrote', async () => {
    const archive = await openArchive(folder)
    const { id } = await archive.create(smallExperiment(), {})
    await archive.appendMetrics(id, [row(1)])
    await Promise.all([archive.appendMetrics(id, [row(2)]), archive.rewindTo(id, 1, 1), archive.readMetrics(id, null)])
    await archive.close()
    const again = await openArchive(folder)
    const before = (await again.readMetrics(id, null)).learningRate?.step
    await again.appendMetrics(id, [row(3)])
    expect([...((await again.readMetrics(id, null)).learningRate?.step ?? [])]).toEqual([...(before ?? []), 3])
    await again.close()
    expect(existsSync(join(folder, 'lock.json'))).toBe(false)
  })
})
