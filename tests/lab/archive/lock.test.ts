import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabError } from '../../../contract/index.js'
import { openArchive } from '../../../lab/archive/index.js'
import { archiveOwner, lockArchive } from '../../../lab/archive/lock/index.js'
import { measureOwners } from '../../reliability/owners.js'
import { prepareSituation } from '../../reliability/situations.js'
import { OWNERS_TIMING } from '../../reliability/starterOrders.js'
import { openTestLab, reachEpoch, smallExperiment } from '../lab/harness.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

const timing = OWNERS_TIMING
const lockFile = (): string => join(folder, 'lock.json')
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('the lock of an archive', () => {
  it('has one owner after simultaneous starts in every situation', async () => {
    const { doubles, none, starts } = await measureOwners(20)
    expect({ starts, doubles, none }).toEqual({ starts: 20, doubles: 0, none: 0 })
  })

  it('is kept against others, and let go of without a trace', async () => {
    const lock = await lockArchive(folder, { timing })
    await expect(lockArchive(folder, { timing })).rejects.toMatchObject({
      code: 'archive.busy',
      details: { pid: process.pid },
    })
    expect(statSync(lockFile()).mode & 0o777).toBe(0o600)
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
    await expect(lock.expectOwned()).rejects.toMatchObject({ code: 'archive.lost' })
  })

  it('shows a heartbeat, and where its owner answers', async () => {
    const lock = await lockArchive(folder, { timing })
    const beats = new Set<string>()
    while (beats.size < 3) {
      beats.add((JSON.parse(readFileSync(lockFile(), 'utf8')) as { beat: string }).beat)
      await later(10)
    }
    expect((await archiveOwner(folder))?.owner?.socket).toBeNull()
    await lock.announce({ path: '/tmp/a.sock', secret: 'x' })
    expect((await archiveOwner(folder))?.owner).toMatchObject({
      pid: process.pid,
      socket: { path: '/tmp/a.sock', secret: 'x' },
    })
    await expect(lockArchive(folder, { timing })).rejects.toMatchObject({ code: 'archive.busy' })
    await lock.expectOwned()
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('of another machine is respected while it gives signs, and taken over after a lease without', async () => {
    prepareSituation(folder, 'foreignHost')
    const handle = openSync(lockFile(), 'r+')
    let count = 100
    const beat = (): void => void writeSync(handle, String(count++).padStart(10, '0'), '{"beat":"'.length)
    beat()
    const beating = setInterval(beat, 50)
    const reported: string[] = []
    await expect(lockArchive(folder, { timing, waiting: (text) => reported.push(text) })).rejects.toMatchObject({
      code: 'archive.busy',
      message: expect.stringContaining('on another-machine'),
    })
    expect(reported.join()).toContain('another-machine')
    clearInterval(beating)
    closeSync(handle)
    await (await lockArchive(folder, { timing })).release()
  })

  it('of a version without heartbeats on another machine is respected', async () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: 1, host: 'another-machine', token: 'x', started: null }))
    await expect(lockArchive(folder, { timing })).rejects.toMatchObject({ code: 'archive.busy' })
    await (await lockArchive(folder, { timing, takeOver: true })).release()
  })

  it('is taken over although a program was killed while it did the same', async () => {
    prepareSituation(folder, 'killed')
    const stale = JSON.parse(readFileSync(lockFile(), 'utf8')) as { token: string }
    const claim = `lock.${createHash('sha256').update(stale.token).digest('hex').slice(0, 32)}`
    writeFileSync(join(folder, `${claim}.claim`), JSON.stringify({ ...stale, token: 'first claim' }))
    const nested = createHash('sha256').update('first claim').digest('hex').slice(0, 32)
    writeFileSync(join(folder, `${claim}.${nested}.claim`), JSON.stringify({ ...stale, token: 'second claim' }))
    const lock = await lockArchive(folder, { timing })
    expect(readdirSync(folder)).toEqual(['lock.json'])
    await lock.release()
  })

  it('that was taken over lets its former owner write nothing more', async () => {
    const first = await openArchive(folder, { timing })
    const { id } = await first.create(smallExperiment(), {})
    const heard: LabError[] = []
    first.onLost((error) => heard.push(error))
    const second = await openArchive(folder, { timing, takeOver: true })
    await expect(first.update(id, { name: 'written by the former owner' })).rejects.toMatchObject({
      code: 'archive.lost',
    })
    await expect(first.writeQueue([])).rejects.toMatchObject({ code: 'archive.lost' })
    expect(heard.map(({ code }) => code)).toEqual(['archive.lost'])
    expect((await second.update(id, { name: 'written by the new one' })).name).toBe('written by the new one')
    await first.close()
    await expect(openArchive(folder, { timing })).rejects.toMatchObject({ code: 'archive.busy' })
    await second.close()
  })

  it('goes to one of several that take over at once', async () => {
    const first = await lockArchive(folder, { timing })
    const tries = await Promise.allSettled([1, 2, 3].map(() => lockArchive(folder, { timing, takeOver: true })))
    const owners = tries.filter((result) => result.status === 'fulfilled')
    expect(owners).toHaveLength(1)
    await expect(first.confirm()).rejects.toMatchObject({ code: 'archive.lost' })
    for (const { value } of owners) await value.release()
  })
})

describe('a workbench whose archive was taken over', () => {
  it('stops its run with a clear error, and still shows what is there', async () => {
    const lab = await openTestLab(folder)
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 100_000 }) })
    await reachEpoch(lab, id, 2)
    const failed = new Promise<string>((resolve) =>
      lab.listen('run.changed', ({ record }) => {
        if (record.state === 'failed') resolve(record.error?.code ?? '')
      }),
    )
    const next = await openArchive(join(folder, 'archive'), { takeOver: true })
    expect(await failed).toBe('archive.lost')
    const { state } = (await next.read(id)).record
    await expect(lab.call('run.rename', { id, name: 'x' })).rejects.toMatchObject({ code: 'archive.lost' })
    expect((await lab.call('run.list', null)).map((run) => run.id)).toEqual([id])
    await lab.close()
    expect((await next.read(id)).record.state).toBe(state)
    await next.close()
  })
})

describe('a lab that cannot be opened', () => {
  it('lets go of the archive only when nothing computes any more', async () => {
    const archive = await openArchive(join(folder, 'archive'))
    const { id } = await archive.create(smallExperiment({ epochs: 100_000 }), {})
    await archive.close()
    // A link to itself: replays cannot be listed.
    symlinkSync('replays', join(folder, 'archive', 'replays'))
    await expect(openTestLab(folder, { host: 'browser' })).rejects.toBeDefined()
    expect(existsSync(join(folder, 'archive', 'lock.json'))).toBe(false)
    const record = JSON.parse(readFileSync(join(folder, 'archive', 'runs', id, 'run.json'), 'utf8')) as {
      state: string
    }
    expect(record.state).not.toBe('running')
  })
})
