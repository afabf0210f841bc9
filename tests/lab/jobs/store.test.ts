import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabError, toWireError, type WireError } from '../../../contract/index.js'
import { isMissing } from '../../../lab/files/missing.js'
import type { ShownState } from '../../../lab/jobs/execution.js'
import { openFolderStore, type FolderStore } from '../../../lab/jobs/store.js'
import { codeOf } from '../lab/codeOf.js'

interface Job {
  id: string
  version: 1
  state: ShownState
  error: WireError | null
  name: string
}
const job = (id: string): Job => ({ id, version: 1, state: 'paused', error: null, name: 'a job' })

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-jobs-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const open = (options: { readOnly?: boolean; replacesDamaged?: boolean } = {}): Promise<FolderStore<Job>> =>
  openFolderStore<Job>({
    root,
    file: 'job.json',
    version: 1,
    isId: (name) => /^j-\d$/.test(name),
    toJson: (each) => each,
    readOnly: false,
    replacesDamaged: false,
    parse: (json, id) => {
      if (!('name' in json)) throw new LabError('file.damaged', `${id} has no name`)
      return json as Job
    },
    unread: (id, failure) => (isMissing(failure) ? null : { ...job(id), state: 'failed', error: toWireError(failure) }),
    ...options,
  })
const path = (id: string): string => join(root, id, 'job.json')
const text = (id: string): string => readFileSync(path(id), 'utf8')

describe('jobs on disk', () => {
  it('are read back as they were written, changes one after the other', async () => {
    const store = await open()
    await store.create(job('j-1'))
    await Promise.all([
      store.update('j-1', { name: 'first' }),
      store.update('j-1', { state: 'queued' }),
      store.update('j-1', { name: 'second' }),
    ])
    expect((await open()).all()).toEqual([{ ...job('j-1'), name: 'second', state: 'queued' }])
    await store.remove('j-1')
    expect([readdirSync(root), store.all(), (await open()).all()]).toEqual([[], [], []])
    expect(await codeOf(store.update('j-1', { name: 'back' }))).toBe('internal')
    expect(readdirSync(root)).toEqual([])
  })

  it.each([
    ['that is no JSON', 'not what it was', 'file.damaged'],
    ['that lacks fields', '{"version":1}', 'file.damaged'],
    ['of a newer version', '{"version":2,"id":"j-1","name":"from the future","more":true}', 'archive.newerVersion'],
  ])('a record %s is shown with the reason and never written over', async (_, content, code) => {
    await mkdir(join(root, 'j-1'))
    await writeFile(path('j-1'), content)
    const store = await open()
    expect(store.all()).toMatchObject([{ id: 'j-1', state: 'failed', error: { code } }])
    expect(await codeOf(store.update('j-1', { name: 'mine' }))).toBe(code)
    expect(text('j-1')).toBe(content)
    // Repaired meanwhile, it is what it is.
    await writeFile(path('j-1'), JSON.stringify({ ...job('j-1'), name: 'restored' }))
    expect(await store.update('j-1', { state: 'queued' })).toMatchObject({
      name: 'restored',
      state: 'queued',
      error: null,
    })
  })

  it('a damaged record that other files describe is kept beside its replacement; one that may be whole stays', async () => {
    await mkdir(join(root, 'j-1'))
    await writeFile(path('j-1'), 'not what it was')
    await mkdir(join(root, 'j-2'))
    await symlink('job.json', path('j-2'))
    await mkdir(join(root, 'j-3'))
    await writeFile(path('j-3'), '{"version":2}')
    const store = await open({ replacesDamaged: true })
    await store.update('j-1', { name: 'again' })
    const kept = readdirSync(join(root, 'j-1')).find((name) => name.endsWith('.damaged')) ?? ''
    expect(readFileSync(join(root, 'j-1', kept), 'utf8')).toBe('not what it was')
    expect(await codeOf(store.update('j-2', { name: 'again' }))).toBe('file.unreadable')
    expect(await codeOf(store.update('j-3', { name: 'again' }))).toBe('archive.newerVersion')
    expect(text('j-3')).toBe('{"version":2}')
  })

  it('an empty folder and what a crash left of a removal go, and reading changes nothing', async () => {
    await mkdir(join(root, 'j-1'))
    await mkdir(join(root, '.j-2.0123456789ab.removed'))
    const reading = await open({ readOnly: true })
    expect(await codeOf(reading.create(job('j-4')))).toBe('archive.readOnly')
    expect(readdirSync(root)).toHaveLength(2)
    expect((await open()).all()).toEqual([])
    expect(readdirSync(root)).toEqual([])
  })
})
