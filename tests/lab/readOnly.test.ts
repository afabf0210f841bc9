import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseExperiment } from '../../contract/index.js'
import { openArchive } from '../../lab/archive/index.js'
import { createLab, type Lab } from '../../lab/lab.js'
import { readPresets } from '../../lab/presets.js'
import { readAccess } from '../../lab/serve/access.js'

const PROJECT = join(import.meta.dirname, '..', '..')
let root: string
const labs: Lab[] = []

const open = async (readOnly: boolean): Promise<Lab> => {
  const lab = await createLab({
    archiveFolder: join(root, 'archive'),
    dataFolders: [],
    storeFolder: join(root, 'datasetStore'),
    host: 'terminal',
    version: '0',
    computeThread: new URL('../../lab/compute/computeThread.mjs', import.meta.url),
    resourcesFolder: join(PROJECT, 'resources'),
    readOnly,
  })
  labs.push(lab)
  return lab
}
/** Every file with its time of change, but for the lock with its heartbeat. */
const snapshot = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name !== 'lock.json')
    .map((entry) => `${join(entry.parentPath, entry.name)} ${statSync(join(entry.parentPath, entry.name)).mtimeMs}`)
    .sort()

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workbench-reading-'))
})
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.close()
  rmSync(root, { recursive: true, force: true })
})

async function makeRun(): Promise<string> {
  const archive = await openArchive(join(root, 'archive'))
  const [preset] = await readPresets(join(PROJECT, 'resources'))
  const { id } = await archive.create(parseExperiment(preset?.spec), {})
  await archive.appendMetrics(id, [{ name: 'learningRate', epoch: 1, step: 1, value: 0.5, wall: 0 }])
  await archive.update(id, { state: 'running' })
  await archive.close()
  // As a crash leaves it: a line that was cut short.
  writeFileSync(
    join(root, 'archive', 'runs', id, 'metrics.jsonl'),
    `${readFileSync(join(root, 'archive', 'runs', id, 'metrics.jsonl'), 'utf8')}{"step":2`,
  )
  return id
}

describe('an archive that is open for reading', () => {
  it('is not there, and is not made', async () => {
    const lab = await open(true)
    expect(await lab.call('run.list', null)).toEqual([])
    expect((await lab.call('lab.doctor', null)).checks.find(({ id }) => id === 'archive.space')?.detail).toContain(
      'free',
    )
    expect(existsSync(join(root, 'archive'))).toBe(false)
  })
  it('is shown beside a workbench that has it open, as it is on disk', async () => {
    const id = await makeRun()
    const owner = await openArchive(join(root, 'archive'))
    const before = snapshot(join(root, 'archive'))
    const lab = await open(true)
    expect((await lab.call('run.list', null)).map((run) => [run.id, run.state])).toEqual([[id, 'running']])
    expect((await lab.call('run.metrics', { id, names: null })).learningRate?.value).toEqual(Float64Array.of(0.5))
    await lab.call('run.files', { id })
    await lab.call('lab.doctor', null)
    await lab.call('model.list', null)
    expect(snapshot(join(root, 'archive'))).toEqual(before)
    await owner.close()
  })
  it.skipIf(process.getuid?.() === 0)('is shown on a medium that cannot be written', async () => {
    const id = await makeRun()
    for (const entry of readdirSync(join(root, 'archive'), { recursive: true, withFileTypes: true }))
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o500 : 0o400)
    chmodSync(join(root, 'archive'), 0o500)
    expect((await (await open(true)).call('run.get', { id })).record.id).toBe(id)
    for (const folder of [join(root, 'archive'), join(root, 'archive', 'runs'), join(root, 'archive', 'runs', id)])
      chmodSync(folder, 0o700)
  })
  it('refuses every command that would change it', async () => {
    const id = await makeRun()
    const lab = await open(true)
    for (const refused of [
      lab.call('run.remove', { id }),
      lab.call('run.rename', { id, name: 'x' }),
      lab.call('settings.set', { theme: 'dark' }),
      lab.call('queue.hold', { held: true }),
      lab.call('prune.apply', { id, mode: 'corrected', cutoff: null }),
      lab.call('model.import', { source: { path: '/x' }, name: null }),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'archive.readOnly' })
    const archive = await openArchive(join(root, 'archive'), { readOnly: true })
    await expect(archive.update(id, { name: 'x' })).rejects.toMatchObject({ code: 'archive.readOnly' })
    await expect(archive.writeQueue([])).rejects.toMatchObject({ code: 'archive.readOnly' })
  })
})

describe('the address of a workbench', () => {
  it('stays the same over restarts, for this user alone, and is another one for another archive', async () => {
    const first = await readAccess(root, '/archive/a')
    expect(first.port).toBeNull()
    await first.keep(4711)
    expect(await readAccess(root, '/archive/a')).toMatchObject({ token: first.token, port: 4711 })
    expect((await readAccess(root, '/archive/b')).token).not.toBe(first.token)
    const [file = ''] = readdirSync(join(root, 'serve'))
    expect(statSync(join(root, 'serve', file)).mode & 0o777).toBe(0o600)
    expect(statSync(join(root, 'serve')).mode & 0o777).toBe(0o700)
    writeFileSync(join(root, 'serve', file), '{"token":"short","port":70000}')
    expect((await readAccess(root, '/archive/a')).token).toMatch(/^[\w-]{43}$/)
  })
})
