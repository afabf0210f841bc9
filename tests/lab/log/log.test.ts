import { EventEmitter } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLab } from '../../../lab/lab.js'
import { logFolder } from '../../../lab/home.js'
import { catchUncaught } from '../../../lab/log/crashes.js'
import { openLog } from '../../../lab/log/log.js'
import { reachState, smallExperiment } from '../lab/harness.js'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workbench-log-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the log', () => {
  it('is for this user only, begins a new file when one is large, and keeps a few', async () => {
    const log = openLog(join(root, 'logs'), '/archive', { largestBytes: 2000, kept: 2 })
    for (let line = 0; line < 200; line++) log.write('info', 'test', `line ${line}\nwith more`)
    await log.close()
    const names = readdirSync(log.folder)
    expect(names.length).toBeGreaterThan(1)
    expect(names.length).toBeLessThanOrEqual(3)
    if (process.platform !== 'win32') {
      expect(statSync(log.folder).mode & 0o777).toBe(0o700)
      expect(names.map((name) => statSync(join(log.folder, name)).mode & 0o777)).toEqual(names.map(() => 0o600))
    }
    const text = readFileSync(log.path, 'utf8')
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info {4}test: line \d+\n {4}with more\n/)
    expect(text).toContain('line 199')
  })

  it('that cannot be written disturbs nobody', async () => {
    writeFileSync(join(root, 'logs'), 'a file')
    const log = openLog(join(root, 'logs'), '/archive')
    log.write('error', 'test', 'nothing')
    await log.close()
    expect(log.errors).toBe(1)
  })

  it('lies in the usual place of each system', () => {
    expect(logFolder({ LOCALLEARNING_HOME: '/home/of/it' }, 'linux')).toBe(join('/home/of/it', 'logs'))
    expect(logFolder({ XDG_STATE_HOME: '/state' }, 'linux')).toBe('/state/locallearning-workbench/logs')
    expect(logFolder({}, 'darwin')).toMatch(/Library\/Logs\/locallearning-workbench$/)
  })

  it('records the start, the executor, every state of a job, failed writes and the end, without names', async () => {
    const log = openLog(join(root, 'logs'), join(root, 'archive'))
    const lab = await createLab({
      archiveFolder: join(root, 'archive'),
      storeFolder: join(root, 'datasets'),
      dataFolders: [],
      host: 'browser',
      computeThread: new URL('../../../lab/compute/computeThread.mjs', import.meta.url),
      version: '9.8.7',
      resourcesFolder: new URL('../../../resources', import.meta.url).pathname,
      log,
    })
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ name: 'a secret name', epochs: 1 }) })
    await reachState(lab, id, 'finished')
    await lab.call('run.get', { id: 'r-00000000' }).catch(() => undefined)
    // A disk that is always full.
    const full = { model: id, format: 'pty', path: '/dev/full', overwrite: true } as const
    await expect(lab.call('model.export', full)).rejects.toMatchObject({ code: 'file.diskFull' })
    const report = await lab.call('lab.doctor', null)
    expect((await lab.call('lab.info', null)).logFolder).toBe(log.folder)
    await lab.close()
    await log.close()
    const text = readFileSync(log.path, 'utf8')
    expect(text).toMatch(/info {4}start: browser, process \d+, archive .+9\.8\.7/)
    expect(text).toMatch(/info {4}executor: /)
    expect(text).toMatch(new RegExp(`job: ${id} is queued[^]*job: ${id} is running[^]*job: ${id} is finished`))
    expect(text).toMatch(/error {3}model\.export: file\.diskFull/)
    expect(text).toMatch(/info {4}close: /)
    expect(text).not.toContain('run.missing')
    expect(text).not.toContain('a secret name')
    expect(report.checks.find(({ id: check }) => check === 'system.log')).toMatchObject({
      state: 'warning',
      folder: log.folder,
      detail: `${log.path}, 1 error since the start`,
    })
  })
})

describe('errors that nobody has caught', () => {
  it('are logged with their stack and shown, a few of them, and the listeners can be taken back', async () => {
    const log = openLog(join(root, 'logs'), '/archive')
    const source = new EventEmitter()
    const shown: string[] = []
    const stop = catchUncaught(log, (text) => shown.push(text), source)
    source.emit('uncaughtException', new Error('first', { cause: new Error('behind it') }))
    source.emit('unhandledRejection', 'a text')
    for (let more = 0; more < 10; more++) source.emit('uncaughtException', new Error('again'))
    stop()
    expect(source.listenerCount('uncaughtException') + source.listenerCount('unhandledRejection')).toBe(0)
    await log.close()
    expect(shown).toHaveLength(5)
    expect(shown[0]).toContain(`continues: first. Details are in ${log.path}`)
    const text = readFileSync(log.path, 'utf8')
    expect(text).toMatch(/uncaughtException: Error: first\n {8,}at [^]*caused by Error: behind it/)
    expect(log.errors).toBe(12)
  })
})
