import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInstalled, missingPackages } from '../../cli/start/installed.mjs'

const LINUX = { platform: 'linux', arch: 'x64', libc: 'glibc' } as const
const lock = {
  packages: {
    '': { dependencies: { plain: '^1.0.0' } },
    'node_modules/plain': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/@os/linux': { version: '1.0.0', integrity: 'sha512-l', optional: true, os: ['linux'], cpu: ['x64'] },
    'node_modules/@os/musl': {
      version: '1.0.0',
      integrity: 'sha512-m',
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    },
    'node_modules/@os/windows': {
      version: '1.0.0',
      integrity: 'sha512-w',
      optional: true,
      os: ['win32'],
      cpu: ['x64'],
    },
    'node_modules/@os/not-linux': { version: '1.0.0', integrity: 'sha512-n', optional: true, os: ['!linux'] },
    'node_modules/of-windows': { version: '1.0.0', integrity: 'sha512-o', optional: true },
  },
}
const { 'node_modules/plain': plain, 'node_modules/@os/linux': linux } = lock.packages
const installed = { packages: { 'node_modules/plain': plain, 'node_modules/@os/linux': linux } }

describe('what npm has installed', () => {
  it('is complete without optional packages of other systems and what they need', () => {
    expect(missingPackages(lock, installed, LINUX)).toEqual([])
  })
  it.each([
    ['a package that is not there', { packages: { 'node_modules/@os/linux': linux } }, ['node_modules/plain']],
    [
      'another version',
      { packages: { ...installed.packages, 'node_modules/plain': { ...plain, version: '0.9.0' } } },
      ['node_modules/plain'],
    ],
    [
      'other bytes',
      { packages: { ...installed.packages, 'node_modules/plain': { ...plain, integrity: 'sha512-b' } } },
      ['node_modules/plain'],
    ],
    [
      'the optional package of this very system',
      { packages: { 'node_modules/plain': plain } },
      ['node_modules/@os/linux'],
    ],
    ['an empty list', {}, ['node_modules/plain', 'node_modules/@os/linux']],
  ])('misses %s', (_, present, missing) => {
    expect(missingPackages(lock, present, LINUX)).toEqual(missing)
  })
  it('misses what another system needs when the folder came from here', () => {
    expect(missingPackages(lock, installed, { platform: 'win32', arch: 'x64', libc: null })).toEqual([
      'node_modules/@os/windows',
      'node_modules/@os/not-linux',
    ])
  })
})

describe('an installation', () => {
  let folder: string
  const write = (path: string, value: unknown): void => writeFileSync(join(folder, path), JSON.stringify(value))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workbench-installed-'))
    for (const place of Object.keys(installed.packages)) mkdirSync(join(folder, place), { recursive: true })
    write('package.json', { dependencies: { plain: '^1.0.0' } })
    write('package-lock.json', lock)
    write('node_modules/.package-lock.json', installed)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('that npm ci left is recognised', () => expect(isInstalled(folder, LINUX)).toBe(true))
  it("is not whole when a package was deleted, though npm's list names it", () => {
    rmSync(join(folder, 'node_modules/plain'), { recursive: true })
    expect(isInstalled(folder, LINUX)).toBe(false)
  })
  it('is not the wanted one when package.json asks for more than its lock file has', () => {
    write('package.json', { dependencies: { plain: '^1.0.0', more: '*' } })
    expect(isInstalled(folder, LINUX)).toBe(false)
  })
  it('is none before npm has run, and where its list is damaged', () => {
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{')
    expect(isInstalled(folder, LINUX)).toBe(false)
    rmSync(join(folder, 'node_modules'), { recursive: true })
    expect(isInstalled(folder, LINUX)).toBe(false)
  })
})
