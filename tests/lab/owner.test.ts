import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { archiveOwner, lockArchive } from '../../lab/archive/lock/index.js'
import type { OwnerSocket } from '../../lab/archive/lock/owner.js'
import { followedRun } from '../../lab/jobs/following.js'
import type { Lab } from '../../lab/lab.js'
import { socketPlaces } from '../../lab/owner/address.js'
import { connectOwner, type OwnerLab } from '../../lab/owner/connect.js'
import { LINK_PATH, proof } from '../../lab/owner/protocol.js'
import { openTestLab, reachEpoch, reachState, smallExperiment } from './lab/harness.js'

let root = ''
let lab: Lab
const callers: OwnerLab[] = []
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'workbench-owner-'))
  lab = await openTestLab(root)
})
afterEach(async () => {
  for (const caller of callers.splice(0)) await caller.close()
  await lab.close()
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const archive = (): string => join(root, 'archive')
async function call(options: { detached?: boolean } = {}): Promise<OwnerLab> {
  const owner = await connectOwner(archive(), options)
  if (owner === null) throw new Error('nobody answers')
  callers.push(owner)
  return owner
}
const socketOf = async (): Promise<OwnerSocket> => {
  const socket = (await archiveOwner(archive()))?.owner?.socket
  if (typeof socket !== 'object' || socket === null) throw new Error('no socket')
  return socket
}

describe('the owner of an archive', () => {
  it('carries out commands of another program, with the same results, errors and events', async () => {
    const caller = await call()
    expect(await caller.call('lab.info', null)).toEqual(await lab.call('lab.info', null))
    await expect(caller.call('run.get', { id: 'r-00000000' })).rejects.toMatchObject({
      code: 'run.missing',
      exitCode: 2,
    })
    const { id } = await caller.call('run.submit', { spec: smallExperiment() })
    expect(await followedRun(caller, id)).toMatchObject({ state: 'finished', epoch: 6 })
    expect((await caller.call('run.array', { id, name: 'weights', epoch: null })).data).toBeInstanceOf(Float32Array)
  })

  it('is reached by its user only', async () => {
    const { path, secret } = await socketOf()
    expect(path.startsWith(archive())).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    for (const [address, authorization, status] of [
      [LINK_PATH, 'Bearer wrong', 401],
      [LINK_PATH, '', 401],
      ['/link/0', proof(secret), 404],
    ] as const) {
      const answered = await new Promise((resolve) => {
        const socket = new WebSocket(`ws://localhost${address}`, {
          createConnection: () => connect(path),
          headers: { authorization },
        })
        socket.on('error', () => undefined)
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
        socket.once('open', () => resolve('open'))
      })
      expect(answered).toBe(status)
    }
  })

  it('removes its socket, and those of killed owners, and nobody answers after it', async () => {
    const { path } = await socketOf()
    await lab.close()
    expect(existsSync(path)).toBe(false)
    expect(await connectOwner(archive())).toBeNull()
    writeFileSync(join(archive(), 'commands-0123456789ab.sock'), '')
    lab = await openTestLab(root)
    expect(readdirSync(archive()).filter((name) => name.endsWith('.sock'))).toHaveLength(1)
    await (await call()).call('run.list', null)
  })

  it('listens elsewhere where the path of the archive is too long for a socket', async () => {
    await lab.close()
    root = join(root, 'a'.repeat(60), 'b'.repeat(60))
    mkdirSync(root, { recursive: true })
    lab = await openTestLab(root)
    const { path } = await socketOf()
    expect(path.startsWith(archive())).toBe(false)
    expect(Buffer.byteLength(path)).toBeLessThan(104)
    await (await call()).call('run.list', null)
    await lab.close()
    expect(existsSync(join(path, '..'))).toBe(false)
  })

  it('has a named pipe on Windows', async () => {
    const [place] = socketPlaces('C:\\archive', 'win32')
    expect((await place?.())?.path).toMatch(/^\\\\\.\\pipe\\locallearning-[0-9a-f]{12}$/)
  })

  it('that is still opening the archive is waited for; one that cannot listen is not', async () => {
    const folder = join(root, 'other')
    const lock = await lockArchive(folder)
    const waiting = connectOwner(folder)
    await lock.announce(await socketOf())
    const caller = await waiting
    expect(await caller?.call('run.list', null)).toEqual([])
    await caller?.close()
    await lock.announce('none')
    expect(await connectOwner(folder)).toBeNull()
    await lock.release()
  })

  it('ends the calls of other programs when it ends', async () => {
    const caller = await call()
    const { id } = await caller.call('run.submit', { spec: smallExperiment({ epochs: 100_000 }) })
    await reachEpoch(lab, id, 1)
    const lost = caller.lost.catch((error: unknown) => error)
    let ended: Promise<unknown> = Promise.resolve()
    await new Promise<void>((resolve) => (ended = followedRun(caller, id, { changed: () => resolve() })))
    await lab.close()
    expect(await ended).toMatchObject({ state: 'interrupted' })
    expect(await lost).toMatchObject({ code: 'archive.ownerEnded', exitCode: 1 })
    await expect(caller.call('run.list', null)).rejects.toMatchObject({ code: 'archive.ownerEnded' })
  })
})

describe('work of a program that ends by itself', () => {
  it('is paused', async () => {
    const caller = await call()
    const { id } = await caller.call('run.submit', { spec: smallExperiment({ epochs: 100_000 }), seeds: 2 })
    await reachEpoch(lab, id, 1)
    await caller.close()
    await reachState(lab, id, 'paused')
    for (const run of await lab.call('run.list', null)) await reachState(lab, run.id, 'paused')
  })
  it('goes on where that was asked for', async () => {
    const caller = await call({ detached: true })
    const { id } = await caller.call('run.submit', { spec: smallExperiment({ epochs: 20 }) })
    await caller.close()
    await reachState(lab, id, 'finished')
  })
  it('is left alone when another program hangs up', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 20 }) })
    const caller = await call()
    await caller.call('run.get', { id })
    await caller.close()
    await reachState(lab, id, 'finished')
  })
  it('is waited for by a command that is done itself', async () => {
    const caller = await call()
    let idle = false
    const waiting = lab.callers?.idle(new AbortController().signal).then(() => (idle = true))
    await caller.call('run.list', null)
    expect([lab.callers?.callers, idle]).toEqual([1, false])
    await caller.close()
    await waiting
    expect(lab.callers?.callers).toBe(0)
  })
})

describe('folders with datasets', () => {
  it('of another program are looked into from then on', async () => {
    const folder = join(root, 'data')
    await (await call()).call('dataset.addFolders', { folders: [folder] })
    const [cifar] = (await lab.call('dataset.list', null)).filter(({ kind }) => kind === 'cifar10')
    expect(cifar?.note).toContain(folder)
    await expect(lab.call('dataset.addFolders', { folders: ['relative'] })).rejects.toMatchObject({
      code: 'value.range',
    })
    expect(readFileSync(join(archive(), 'lock.json'), 'utf8')).toContain('"socket"')
  })
})
