import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openArchive } from '../../../lab/archive/index.js'
import { isMissing, isUnreadable } from '../../../lab/files/missing.js'
import { openResultStore } from '../../../lab/probes/resultStore.js'
import { smallExperiment } from '../lab/harness.js'

const script = fileURLToPath(new URL('fewHandles.ts', import.meta.url))
const RUNS = 700
const HANDLES = 200

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handles-'))
  const archive = await openArchive(join(folder, 'archive'))
  const { id } = await archive.create(smallExperiment(), {})
  await archive.update(id, { state: 'finished' })
  await archive.writeFile(id, 'model.safetensors', new Uint8Array(8))
  await archive.close()
  const run = join(folder, 'archive/runs', id)
  const record = readFileSync(join(run, 'run.json'), 'utf8')
  for (let index = 0; index < RUNS - 1; index++) {
    const name = `r-${index.toString(16).padStart(8, '0')}`
    cpSync(run, join(folder, 'archive/runs', name), { recursive: true })
    writeFileSync(join(folder, 'archive/runs', name, 'run.json'), record.replaceAll(id, name))
    const result = join(folder, 'archive/probes/spectra', `s-${index.toString(16).padStart(8, '0')}`)
    mkdirSync(result, { recursive: true })
    writeFileSync(join(result, 'result.json'), `{"id": "s-${index}"}`)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(process.platform === 'win32')('an archive with more runs than a process may have files', () => {
  it('is listed whole: runs, models and results', () => {
    const { status, stdout, stderr } = spawnSync(
      'sh',
      [
        '-c',
        `ulimit -n ${HANDLES} && exec "$0" "$@"`,
        process.execPath,
        '--import',
        'tsx',
        script,
        join(folder, 'archive'),
      ],
      { encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ runs: RUNS, finished: RUNS, models: RUNS, results: RUNS - 1 })
  })
})

describe('a record that cannot be read now', () => {
  // A folder in its place gives an error of the system, also for root, who may read everything.
  const place = (): string => join(folder, 'archive/runs/r-00000005/run.json')
  it('is listed as unreadable, is never written over, and is there again when it can be read', async () => {
    const record = readFileSync(place(), 'utf8')
    rmSync(place())
    mkdirSync(place())
    const archive = await openArchive(join(folder, 'archive'))
    try {
      const listed = (await archive.list()).find(({ id }) => id === 'r-00000005')
      expect(listed).toMatchObject({
        name: 'r-00000005 (unreadable)',
        state: 'failed',
        error: { code: 'file.unreadable' },
      })
      await expect(archive.update('r-00000005', { name: 'other' })).rejects.toMatchObject({ code: 'file.unreadable' })
      await expect(archive.read('r-00000005')).rejects.toMatchObject({ code: 'file.unreadable' })
      rmSync(place(), { recursive: true })
      writeFileSync(place(), record)
      expect(await archive.update('r-00000005', { name: 'other' })).toMatchObject({
        name: 'other',
        state: 'finished',
        epochs: 6,
      })
      expect(JSON.parse(readFileSync(place(), 'utf8'))).toMatchObject({ name: 'other', state: 'finished' })
    } finally {
      await archive.close()
    }
  })
  it('nor is one of a newer version, or a damaged one', async () => {
    const record = readFileSync(place(), 'utf8')
    for (const [content, code] of [
      ['{"version": 2, "shape": "new"}', 'archive.newerVersion'],
      ['{"version": 1, ', 'file.damaged'],
    ] as const) {
      writeFileSync(place(), content)
      const archive = await openArchive(join(folder, 'archive'))
      await expect(archive.update('r-00000005', { name: 'other' })).rejects.toMatchObject({ code })
      await archive.close()
      expect(readFileSync(place(), 'utf8')).toBe(content)
    }
    writeFileSync(place(), record)
  })
  it('a list of results says which cannot be read, and passes over a damaged one', async () => {
    const results = openResultStore<{ id: string }>(join(folder, 'archive'), 'spectra', 's')
    const result = join(folder, 'archive/probes/spectra/s-00000007/result.json')
    writeFileSync(result, '{"id": ')
    expect((await results.list()).length).toBe(RUNS - 2)
    rmSync(result)
    mkdirSync(result)
    await expect(results.list()).rejects.toMatchObject({
      code: 'file.unreadable',
      message: expect.stringContaining('s-00000007') as string,
    })
    rmSync(result, { recursive: true })
    expect((await results.list()).length).toBe(RUNS - 2)
  })
  it.skipIf(process.getuid?.() === 0)('a lacking permission is no damage', async () => {
    chmodSync(place(), 0)
    const archive = await openArchive(join(folder, 'archive'))
    expect((await archive.list()).find(({ id }) => id === 'r-00000005')?.error?.code).toBe('file.unreadable')
    await archive.close()
    chmodSync(place(), 0o600)
  })
})

describe('errors of the system', () => {
  const system = (code: string): Error => Object.assign(new Error(code), { code })
  it.each(['EMFILE', 'ENFILE', 'EIO', 'EACCES', 'EPERM', 'EISDIR', 'ENOMEM'])(
    '%s says nothing about the file',
    (code) => {
      expect(isUnreadable(system(code))).toBe(true)
      expect(isUnreadable(new Error('read', { cause: new Error('again', { cause: system(code) }) }))).toBe(true)
      expect(isMissing(system(code))).toBe(false)
    },
  )
  it('that a file is not there, and that it is no JSON, do', () => {
    for (const error of [system('ENOENT'), new SyntaxError('no JSON'), 'text']) expect(isUnreadable(error)).toBe(false)
    expect(isMissing(system('ENOENT'))).toBe(true)
  })
})
