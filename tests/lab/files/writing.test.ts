import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendDurably, writeFileAtomically } from '../../../lab/files/atomicWrite.js'
import { expectExportable, holdsOwnFigure, writeExport } from '../../../lab/files/exports.js'
import { keepPrivate, makeFolder } from '../../../lab/files/folders.js'
import { renameFile } from '../../../lab/files/rename.js'
import { isInside } from '../../../lab/files/target.js'

let root: string
const at = (...path: string[]): string => join(root, ...path)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const modeOf = (path: string): number => statSync(path).mode & 0o777
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workbench-files-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a new folder', () => {
  it('is durable: the folder that it lies in is synced, for each new one', async () => {
    mkdirSync(at('there'))
    const synced: string[] = []
    await makeFolder(at('there', 'a', 'b'), 'private', async (folder) => void synced.push(folder))
    await makeFolder(at('there', 'a'), 'private', async (folder) => void synced.push(folder))
    expect(synced).toEqual([at('there'), at('there', 'a')])
  })
})

describe('a rename', () => {
  const failing = (code: string, times: number): { rename: () => Promise<void>; tries: () => number } => {
    let tries = 0
    return {
      tries: () => tries,
      rename: async () => {
        tries += 1
        if (tries <= times) throw Object.assign(new Error(code), { code })
      },
    }
  }
  it.each(['EPERM', 'EBUSY', 'EACCES'])(
    'is tried again on Windows while another program has the file open (%s)',
    async (code) => {
      const { rename, tries } = failing(code, 3)
      const pauses: number[] = []
      await renameFile('a', 'b', { platform: 'win32', rename, pause: async (ms) => void pauses.push(ms) })
      expect([tries(), pauses]).toEqual([4, [10, 20, 40]])
    },
  )
  it('is given up after ten seconds, at once for other errors, and at once on other systems', async () => {
    let waited = 0
    const pause = async (ms: number): Promise<void> => void (waited += ms)
    await expect(
      renameFile('a', 'b', { platform: 'win32', rename: failing('EBUSY', Infinity).rename, pause }),
    ).rejects.toMatchObject({ code: 'EBUSY' })
    expect(waited).toBeGreaterThanOrEqual(10_000)
    for (const [code, platform] of [
      ['ENOENT', 'win32'],
      ['EPERM', 'linux'],
    ] as const) {
      const { rename, tries } = failing(code, 1)
      await expect(renameFile('a', 'b', { platform, rename, pause })).rejects.toMatchObject({ code })
      expect(tries()).toBe(1)
    }
  })
})

describe('a written file', () => {
  it('and its new folders are open to this user only, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      await writeFileAtomically(at('a', 'b', 'file'), bytes('1'))
      await appendDurably(at('a', 'lines'), '1\n')
      await writeFileAtomically(at('exports', 'file'), bytes('1'), { access: 'umask' })
    } finally {
      process.umask(before)
    }
    expect([at('a'), at('a', 'b'), at('a', 'b', 'file'), at('a', 'lines')].map(modeOf)).toEqual([
      0o700, 0o700, 0o600, 0o600,
    ])
    expect([at('exports'), at('exports', 'file')].map(modeOf)).toEqual([0o777, 0o666])
  })
  it('keeps the permissions that its user gave the older one', async () => {
    writeFileSync(at('file'), 'old')
    chmodSync(at('file'), 0o640)
    await writeFileAtomically(at('file'), bytes('new'))
    expect([readFileSync(at('file'), 'utf8'), modeOf(at('file'))]).toEqual(['new', 0o640])
  })
  it.each(['absolute', 'relative', 'chain', 'dangling'] as const)(
    'goes through a link (%s), which stays a link',
    async (kind) => {
      mkdirSync(at('elsewhere'))
      if (kind !== 'dangling') writeFileSync(at('elsewhere', 'target'), 'old')
      if (kind === 'chain') symlinkSync(at('elsewhere', 'target'), at('second'))
      symlinkSync(
        kind === 'chain' ? at('second') : kind === 'relative' ? join('elsewhere', 'target') : at('elsewhere', 'target'),
        at('link'),
      )
      await writeFileAtomically(at('link'), bytes('new'))
      expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
      expect(readFileSync(at('elsewhere', 'target'), 'utf8')).toBe('new')
      expect(readdirSync(root).sort()).toEqual(
        kind === 'chain' ? ['elsewhere', 'link', 'second'] : ['elsewhere', 'link'],
      )
    },
  )
  it('refuses links in a circle, folders, and files in the place of folders', async () => {
    symlinkSync(at('b'), at('a'))
    symlinkSync(at('a'), at('b'))
    await expect(writeFileAtomically(at('a'), bytes('1'))).rejects.toMatchObject({
      code: 'file.unwritable',
      message: expect.stringContaining('circular'),
    })
    mkdirSync(at('folder'))
    await expect(writeFileAtomically(at('folder'), bytes('1'))).rejects.toMatchObject({ code: 'file.isFolder' })
    writeFileSync(at('file'), '')
    for (const path of [at('file', 'x'), at('file', 'x', 'y')])
      await expect(writeFileAtomically(path, bytes('1'))).rejects.toMatchObject({ code: 'file.notFolder' })
  })
  it('takes names as long as the system does', async () => {
    const name = `${'模'.repeat(84)}.np`
    expect(Buffer.byteLength(name)).toBe(255)
    await writeFileAtomically(at(name), bytes('1'))
    expect(readdirSync(root)).toEqual([name])
  })
  it.skipIf(process.platform === 'win32')(
    'writes devices and pipes in place, and does not wait for a pipe without a reader',
    async () => {
      execFileSync('mkfifo', [at('pipe')])
      await expect(writeFileAtomically(at('pipe'), bytes('1'))).rejects.toMatchObject({
        code: 'file.unwritable',
        message: expect.stringContaining('no process is reading this pipe'),
      })
      const reader = spawn('cat', [at('pipe')], { stdio: ['ignore', 'pipe', 'ignore'] })
      const read = new Promise<string>((resolve) => {
        let text = ''
        reader.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
        reader.once('close', () => resolve(text))
      })
      const write = async (): Promise<void> => {
        for (let tries = 0; tries < 100; tries++) {
          try {
            return await writeFileAtomically(at('pipe'), bytes('through the pipe'))
          } catch {
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        }
        throw new Error('the pipe was never open')
      }
      await write()
      expect(await read).toBe('through the pipe')
      expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
      await writeFileAtomically('/dev/null', bytes('1'))
      expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
    },
  )
  it('does not replace one that is there when it must not, even when it appears meanwhile', async () => {
    await writeFileAtomically(at('file'), bytes('1'), { replace: false })
    await expect(writeFileAtomically(at('file'), bytes('2'), { replace: false })).rejects.toMatchObject({
      code: 'file.exists',
    })
    const both = await Promise.allSettled(
      ['a', 'b'].map((text) => writeFileAtomically(at('race'), bytes(text), { replace: false })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(readdirSync(root).sort()).toEqual(['file', 'race'])
    expect(readFileSync(at('file'), 'utf8')).toBe('1')
  })
})

describe('folders', () => {
  it.skipIf(!existsSync('/proc/self'))('ends where every mkdir answers ENOENT', async () => {
    await expect(makeFolder('/proc/nobody/x/y')).rejects.toThrow()
  })
  it('are closed to others once, and stay as they are on request', async () => {
    mkdirSync(at('home'))
    chmodSync(at('home'), 0o755)
    await keepPrivate(at('home'))
    expect(modeOf(at('home'))).toBe(0o700)
    await keepPrivate(at('none'))
    expect(existsSync(at('none'))).toBe(false)
  })
})

describe('exports', () => {
  const archive = (): string => at('archive')
  beforeEach(() => mkdirSync(at('archive', 'runs'), { recursive: true }))
  it('never write into the archive, by no path that leads there', async () => {
    symlinkSync(archive(), at('link'))
    writeFileSync(at('archive', 'settings.json'), '{}')
    symlinkSync(at('archive', 'settings.json'), at('file'))
    for (const path of [
      at('archive', 'settings.json'),
      at('archive', 'runs', '..', 'new'),
      at('link', 'x', 'y'),
      at('file'),
    ]) {
      await expect(expectExportable([path], { overwrite: true, archive: archive() })).rejects.toMatchObject({
        code: 'file.ofArchive',
      })
    }
    await expectExportable([at('archive-2', 'x'), at('x')], { overwrite: false, archive: archive() })
    expect(await isInside(at('archive'), archive())).toBe(true)
  })
  it('replace files only on request, and none when one of them is in the way', async () => {
    writeFileSync(at('b'), 'mine')
    await expect(expectExportable([at('a'), at('b')], { overwrite: false, archive: archive() })).rejects.toMatchObject({
      code: 'file.exists',
      message: expect.stringContaining('b already exists'),
    })
    await expectExportable([at('a'), at('b')], { overwrite: true, archive: archive() })
    await writeExport(at('b'), bytes('new'), { overwrite: true })
    expect(readFileSync(at('b'), 'utf8')).toBe('new')
  })
  it('know an earlier figure of this program from the files of others', async () => {
    expect(await holdsOwnFigure(root, 'Figure1')).toBe(false)
    writeFileSync(at('Figure1.provenance.json'), '{"program":"matplotlib"}')
    expect(await holdsOwnFigure(root, 'Figure1')).toBe(false)
    writeFileSync(at('Figure1.provenance.json'), '{"program":"LocalLearning Workbench 0.1.0"}')
    expect(await holdsOwnFigure(root, 'Figure1')).toBe(true)
  })
})
