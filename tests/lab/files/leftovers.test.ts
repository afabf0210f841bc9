import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isUnfinished, writeFileAtomically } from '../../../lab/files/atomicWrite.js'
import { temporaryName } from '../../../lab/files/leftovers.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leftovers-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that has ended. */
const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid
const ofProcess = (name: string, pid: number): string => name.replace(`-${process.pid}.`, `-${pid}.`)
function leave(name: string, { minutes = 60, link = false } = {}): string {
  const path = join(folder, name)
  if (link) symlinkSync('/etc/hostname', path)
  else writeFileSync(path, 'half')
  const then = new Date()
  then.setMinutes(then.getMinutes() - minutes)
  if (!link) utimesSync(path, then, then)
  return name
}

it('what an ended process of this program left half written in a folder of the user is removed with the next export, and nothing else', async () => {
  const [pid, own] = [gone(), temporaryName('Figure1.eps')]
  expect(isUnfinished(own)).toBe(true)
  leave(ofProcess(own, pid))
  const kept = [
    leave(temporaryName('of this process.eps')),
    leave(ofProcess(temporaryName('young.eps'), pid), { minutes: 0 }),
    leave(ofProcess(temporaryName('of another machine.eps'), pid).replace(/\.[0-9a-f]{8}-/, '.00000000-')),
    leave(ofProcess(temporaryName('a link.eps'), pid), { link: true }),
    leave('.of another program.writing'),
    leave('.Figure1.eps.0123456789ab.writing'),
    leave('Figure1.eps.writing'),
  ]
  await writeFileAtomically(join(folder, 'new.eps'), new Uint8Array(3), { access: 'umask' })
  expect(readdirSync(folder).sort()).toEqual([...kept, 'new.eps'].sort())
})

it('a folder is not looked through for a private file, and once for exports', async () => {
  const name = leave(ofProcess(temporaryName('a.eps'), gone()))
  await writeFileAtomically(join(folder, 'private.json'), new Uint8Array(1))
  expect(readdirSync(folder)).toContain(name)
  await writeFileAtomically(join(folder, 'a.eps'), new Uint8Array(1), { access: 'umask' })
  expect(readdirSync(folder)).not.toContain(name)
})
