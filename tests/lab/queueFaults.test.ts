import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunRecord } from '../../contract/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { reachState, smallExperiment } from './lab/harness.js'

labForEachTest()
const archive = (...path: string[]): string => join(home.folder, 'archive', ...path)
/** Makes a folder where a file is to be written, so that no write succeeds. */
async function block(...path: string[]): Promise<void> {
  await rm(archive(...path), { force: true })
  await mkdir(archive(...path))
}
const submit = (name: string, seeds = 1): Promise<RunRecord> =>
  lab.call('run.submit', { spec: smallExperiment({ name, epochs: 2 }), seeds })
const stateOf = async (id: string): Promise<string> => (await lab.call('run.get', { id })).record.state

describe('a queue whose order cannot be stored', () => {
  beforeEach(async () => {
    await lab.call('queue.hold', { held: true })
  })

  it('starts its runs all the same, and none leaves it unseen', async () => {
    const [first, second] = [await submit('a'), await submit('b')]
    await block('queue.json')
    await lab.call('queue.hold', { held: false })
    await reachState(lab, first.id, 'finished')
    await reachState(lab, second.id, 'finished')
    expect((await lab.call('queue.get', null)).ids).toEqual([])
  })

  it('refuses another order and keeps the old one', async () => {
    const [first, second] = [await submit('a'), await submit('b')]
    await block('queue.json')
    expect(await codeOf(lab.call('queue.order', { ids: [second.id, first.id] }))).toMatch(/^file\./)
    expect((await lab.call('queue.get', null)).ids).toEqual([first.id, second.id])
  })

  it('refuses new runs, of which nothing is left', async () => {
    await block('queue.json')
    expect(await codeOf(submit('a', 3))).toMatch(/^file\./)
    expect([await lab.call('run.list', null), (await lab.call('queue.get', null)).ids]).toEqual([[], []])
    await lab.close()
    await rm(archive('queue.json'), { recursive: true })
    await openAgain()
    expect(await lab.call('run.list', null)).toEqual([])
  })

  it('refuses to resume a run, which stays paused', async () => {
    const { id } = await submit('a')
    await lab.call('run.pause', { id })
    await block('queue.json')
    expect(await codeOf(lab.call('run.resume', { id }))).toMatch(/^file\./)
    expect(await stateOf(id)).toBe('paused')
  })
})

describe('a run that cannot be stored', () => {
  it('is not computed when its first write fails, and says why', async () => {
    await lab.call('queue.hold', { held: true })
    const [first, second] = [await submit('a'), await submit('b')]
    await block('runs', first.id, 'notices.jsonl')
    const computed: string[] = []
    lab.listen('run.metrics', ({ id }) => computed.push(id))
    await lab.call('queue.hold', { held: false })
    const failed = await reachState(lab, first.id, 'failed')
    expect(failed.error?.code).toMatch(/^file\./)
    await reachState(lab, second.id, 'finished')
    expect(computed).not.toContain(first.id)
    await rm(archive('runs', first.id, 'notices.jsonl'), { recursive: true })
    await lab.call('run.resume', { id: first.id })
    expect((await reachState(lab, first.id, 'finished')).error).toBeNull()
  })

  it('is shown as failed in memory when not even its record can be written, and holds the queue', async () => {
    await lab.call('queue.hold', { held: true })
    const [first, second] = [await submit('a'), await submit('b')]
    await block('runs', first.id, 'run.json')
    await lab.call('queue.hold', { held: false })
    const failed = await reachState(lab, first.id, 'failed')
    expect(failed.error?.code).toMatch(/^file\./)
    expect((await lab.call('run.list', null)).map(({ id, state }) => [id, state])).toEqual([
      [second.id, 'queued'],
      [first.id, 'failed'],
    ])
    expect(await lab.call('queue.get', null)).toEqual({ ids: [second.id], held: true })
    await rm(archive('runs', first.id, 'run.json'), { recursive: true })
    await lab.call('queue.hold', { held: false })
    await reachState(lab, second.id, 'finished')
    await lab.close()
    await openAgain()
    expect((await lab.call('run.get', { id: first.id })).record).toMatchObject({
      state: 'failed',
      error: { code: failed.error?.code },
    })
  })
})
