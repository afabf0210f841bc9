import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { earlierHome, expandedPath, homeFolder, userFolder } from '../../lab/home.js'

const NAME = 'locallearning-workbench'

describe('the home folder', () => {
  let root: string
  const linux = (): NodeJS.ProcessEnv => ({ XDG_DATA_HOME: join(root, 'data'), XDG_CONFIG_HOME: join(root, 'config') })
  const archiveIn = (place: string): string => mkdirSync(join(root, place, NAME, 'archive'), { recursive: true }) ?? ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'workbench-home-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it("is the system's place for data, or the one that is named", () => {
    expect(homeFolder(linux(), 'linux')).toBe(join(root, 'data', NAME))
    expect(homeFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Application Support', NAME))
    expect(homeFolder({ APPDATA: 'roaming', LOCALAPPDATA: 'local' }, 'win32')).toBe(join('local', NAME))
    archiveIn('config')
    expect(homeFolder({ ...linux(), LOCALLEARNING_HOME: join(root, 'mine') }, 'linux')).toBe(join(root, 'mine'))
  })
  it('is where an earlier window wrote its archive, as long as there is no other', () => {
    archiveIn('config')
    expect(homeFolder(linux(), 'linux')).toBe(join(root, 'config', NAME))
    archiveIn('data')
    expect(homeFolder(linux(), 'linux')).toBe(join(root, 'data', NAME))
    // The window's settings alone are no archive.
    rmSync(join(root, 'data'), { recursive: true })
    rmSync(join(root, 'config', NAME, 'archive'), { recursive: true })
    expect(homeFolder(linux(), 'linux')).toBe(join(root, 'data', NAME))
  })
  it('is among the roaming data of Windows where an earlier version left its archive alone', () => {
    const windows = { APPDATA: join(root, 'Roaming'), LOCALAPPDATA: join(root, 'Local') }
    expect(homeFolder(windows, 'win32')).toBe(join(root, 'Local', NAME))
    archiveIn('Roaming')
    expect(homeFolder(windows, 'win32')).toBe(join(root, 'Roaming', NAME))
    archiveIn('Local')
    expect(homeFolder(windows, 'win32')).toBe(join(root, 'Local', NAME))
  })
  it('was another on Linux and on Windows', () => {
    expect(earlierHome(linux(), 'linux')).toBe(join(root, 'config', NAME))
    expect(earlierHome({}, 'darwin')).toBeNull()
    expect(earlierHome({ APPDATA: 'roaming' }, 'win32')).toBe(join('roaming', NAME))
  })
})

describe('variables that are empty, relative or not expanded', () => {
  it('an empty variable counts as unset, a relative base folder is ignored', () => {
    const usual = join(homedir(), '.local', 'share', NAME)
    for (const environment of [
      { XDG_DATA_HOME: '' },
      { XDG_DATA_HOME: 'relative' },
      { XDG_DATA_HOME: ' ', LOCALLEARNING_HOME: '' },
      { XDG_CONFIG_HOME: '' },
    ])
      expect(homeFolder(environment, 'linux')).toBe(usual)
    expect(homeFolder({ APPDATA: '', LOCALAPPDATA: '' }, 'win32')).toBe(join(homedir(), 'AppData', 'Local', NAME))
    expect(earlierHome({ XDG_CONFIG_HOME: '' }, 'linux')).toBe(join(homedir(), '.config', NAME))
  })
  it("~ is the user's own folder", () => {
    expect(homeFolder({ LOCALLEARNING_HOME: '~/lab' }, 'linux')).toBe(join(homedir(), 'lab'))
    expect(expandedPath('~')).toBe(homedir())
    expect(expandedPath('/a/~/b')).toBe('/a/~/b')
  })
  it.each(['', 'relative'])('HOME=%s: the folder of the user database', (home) => {
    const before = process.env['HOME']
    process.env['HOME'] = home
    try {
      expect(isAbsolute(userFolder())).toBe(true)
      expect(homeFolder({}, 'linux')).toBe(join(userFolder(), '.local', 'share', NAME))
    } finally {
      if (before === undefined) delete process.env['HOME']
      else process.env['HOME'] = before
    }
  })
})
