import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asLabError, type Events, type ReplayRecord } from '../../../contract/index.js'
import type { Lab } from '../../../lab/lab.js'
import type { ReproPlan } from '../../../lab/repro/plan.js'
import { openTestLab, reachState, smallExperiment, temporaryHome } from '../lab/harness.js'
import { makeTiny, replayReaches } from './harness.js'
import { killedProcess } from '../lab/killedProcess.js'

const ID = 'smoke-seed1'
const REQUEST = { scale: 'smoke', seed: 1 } as const
const holder = new URL('./replayHolder.ts', import.meta.url).pathname
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => asLabError(error).code,
  )

let home: Awaited<ReturnType<typeof temporaryHome>>
let lab: Lab
let changed: (plan: ReproPlan) => void
const open = (): Promise<Lab> => openTestLab(home.folder, { changeReplay: (plan) => changed(plan) })
beforeEach(async () => {
  home = await temporaryHome()
  changed = makeTiny
  lab = await open()
})
afterEach(async () => {
  await lab.close()
  await home.remove()
})

/** A tiny plan whose layer learns for so long that it can be caught at it. */
function makeLong(plan: ReproPlan): void {
  makeTiny(plan)
  plan.layer = { ...plan.layer, schedule: { ...plan.layer.schedule, epochs: 3000 } }
}
const learns = ({ progress }: ReplayRecord): boolean =>
  progress?.label === 'Layer' && progress.work !== null && progress.fraction > 0
const settled = ({ state }: ReplayRecord): boolean => state !== 'running'

describe('a replay of the archive', () => {
  it('runs to its report beside the runs of the archive, reporting its progress', async () => {
    const reported: Events['replay.changed'][] = []
    lab.listen('replay.changed', (event) => reported.push(event))
    const begun = await lab.call('replay.start', REQUEST)
    expect(begun).toMatchObject({
      id: ID,
      state: 'running',
      scale: 'smoke',
      seed: 1,
      folder: join(home.folder, 'archive', 'replays', ID),
      progress: null,
      error: null,
    })
    // The same start joins the one that runs.
    expect((await lab.call('replay.start', REQUEST)).createdAt).toBe(begun.createdAt)
    expect(await replayReaches(lab, ID, ({ state }) => state === 'finished')).toMatchObject({
      progress: null,
      note: null,
      error: null,
    })

    const progress = reported.flatMap(({ record }) => record.progress ?? [])
    const numbers = progress.map(({ number }) => number)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(new Set(progress.map(({ total }) => total)).size).toBe(1)
    expect(numbers.at(-1)).toBe(progress[0]?.total)
    for (const { fraction, secondsLeft } of progress) {
      expect(fraction >= 0 && fraction <= 1).toBe(true)
      expect(secondsLeft).toBeGreaterThanOrEqual(0)
    }
    expect(new Set(progress.flatMap(({ work }) => work?.slice(0, 2) ?? []))).toEqual(new Set(['r-', 'a-']))

    const { report } = await lab.call('replay.get', { id: ID })
    expect(report).toMatchObject({ scale: 'smoke', seed: 1, set: 'scenes', counts: { inside: 0, outside: 0 } })
    expect(report?.rows.length).toBe(Object.values(report?.counts ?? {}).reduce((sum, count) => sum + count, 0))
    expect(new TextDecoder().decode(await lab.call('replay.readFile', { id: ID, path: 'report.html' }))).toContain(
      '<h1>Replay of arXiv 2405.00679</h1>',
    )
    expect(
      (await lab.call('replay.readFile', { id: ID, path: 'figures/Figure1-AdversarialResults.png' })).subarray(1, 4),
    ).toEqual(new TextEncoder().encode('PNG'))
    for (const path of ['../../settings.json', '/etc/hostname', 'figures/none.png'])
      expect(await code(lab.call('replay.readFile', { id: ID, path }))).toBe('file.unreadable')
    expect((await lab.call('run.list', null)).map(({ name, state }) => `${name} ${state}`).sort()).toEqual(
      ['BP', 'JReg', 'KH', 'L2', 'SpecReg', 'SpecReg-KH', 'layer'].map((what) => `Replay, smoke: ${what} finished`),
    )

    // Once more, nothing is left to do; what was read stays readable after the program was closed.
    reported.length = 0
    await lab.call('replay.start', REQUEST)
    await replayReaches(lab, ID, ({ state }) => state === 'finished')
    expect(reported.flatMap(({ record }) => record.progress ?? [])).toEqual([])
    await lab.close()
    lab = await open()
    expect(await lab.call('replay.list', null)).toMatchObject([{ id: ID, state: 'finished' }])
    await writeFile(join(home.folder, 'archive', 'replays', ID, 'report.json'), '{"version":1}')
    expect(await code(lab.call('replay.get', { id: ID }))).toBe('file.damaged')
    await writeFile(join(home.folder, 'archive', 'replays', ID, 'state.json'), 'not what it was')
    await lab.close()
    lab = await open()
    expect(await lab.call('replay.list', null)).toMatchObject([
      { id: ID, state: 'interrupted', note: expect.stringContaining('cannot be read') },
    ])
  })

  it('pauses its run, refuses another meanwhile, and goes on with the same run', async () => {
    changed = makeLong
    await lab.call('replay.start', REQUEST)
    const { progress } = await replayReaches(lab, ID, learns)
    expect(await code(lab.call('replay.start', { scale: 'smoke', seed: 2 }))).toBe('replay.state')
    expect(await code(lab.call('replay.pause', { id: 'smoke-seed2' }))).toBe('replay.missing')
    expect(await lab.call('replay.pause', { id: ID })).toMatchObject({
      state: 'paused',
      note: null,
      error: null,
      progress: { label: 'Layer' },
    })
    const run = progress?.work ?? ''
    expect((await lab.call('run.get', { id: run })).record.state).toBe('paused')
    expect(await code(lab.call('replay.pause', { id: ID }))).toBe('replay.state')
    expect(await lab.call('replay.list', null)).toHaveLength(1)

    await lab.call('replay.start', REQUEST)
    expect((await replayReaches(lab, ID, learns)).progress?.work).toBe(run)
    expect((await reachState(lab, run, 'running')).resumedAt).toHaveLength(1)
    // A run that somebody else pauses ends the wait too, and the replay says which.
    await lab.call('run.pause', { id: run })
    expect(await replayReaches(lab, ID, settled)).toMatchObject({
      state: 'paused',
      note: `${run} is paused`,
      error: null,
    })
  })

  it('pauses when the queue is held, before its run and behind another', async () => {
    await lab.call('queue.hold', { held: true })
    await lab.call('replay.start', REQUEST)
    expect(await replayReaches(lab, ID, settled)).toMatchObject({
      state: 'paused',
      note: expect.stringContaining('the queue is paused'),
      error: null,
    })
    await lab.call('queue.hold', { held: false })
    const other = await lab.call('run.submit', { spec: smallExperiment({ epochs: 3000 }) })
    await reachState(lab, other.id, 'running')
    await lab.call('replay.start', REQUEST)
    await replayReaches(lab, ID, ({ progress }) => progress?.label === 'Layer' && progress.work !== null)
    await lab.call('queue.hold', { held: true })
    expect(await replayReaches(lab, ID, settled)).toMatchObject({
      state: 'paused',
      note: expect.stringContaining('the queue is paused'),
    })
    expect((await lab.call('run.list', null)).map(({ name, state }) => [name, state])).toEqual(
      expect.arrayContaining([
        ['Replay, smoke: layer', 'paused'],
        ['small', 'running'],
      ]),
    )
    await lab.call('run.stop', { id: other.id })
  })

  it('fails when its waiting run is removed', async () => {
    const other = await lab.call('run.submit', { spec: smallExperiment({ epochs: 3000 }) })
    await reachState(lab, other.id, 'running')
    await lab.call('replay.start', REQUEST)
    const { progress } = await replayReaches(
      lab,
      ID,
      (record) => record.progress?.work !== null && record.progress?.work !== undefined,
    )
    await lab.call('run.remove', { id: progress?.work ?? '' })
    expect(await replayReaches(lab, ID, settled)).toMatchObject({ state: 'failed', error: { code: 'run.missing' } })
    await lab.call('run.stop', { id: other.id })
  })

  it('is interrupted when the lab closes, and goes on in the next', async () => {
    changed = makeLong
    await lab.call('replay.start', REQUEST)
    const { progress } = await replayReaches(lab, ID, learns)
    await lab.close()
    lab = await open()
    expect(await lab.call('replay.list', null)).toMatchObject([
      { id: ID, state: 'interrupted', progress: { label: 'Layer', work: progress?.work } },
    ])
    expect((await lab.call('run.get', { id: progress?.work ?? '' })).record.state).toBe('interrupted')
    await lab.call('replay.start', REQUEST)
    expect((await replayReaches(lab, ID, learns)).progress?.work).toBe(progress?.work)
  })

  it('killed in mid-sweep, is interrupted and goes on to its report', async () => {
    await lab.close()
    await killedProcess(holder, [home.folder], (text) => text.includes(', fgsm'))
    lab = await open()
    expect(await lab.call('replay.list', null)).toMatchObject([
      { id: ID, state: 'interrupted', progress: { label: expect.stringMatching(/random|fgsm/) } },
    ])
    const made = new Set<string>()
    lab.listen('replay.changed', ({ record }) => made.add(record.progress?.label ?? ''))
    await lab.call('replay.start', REQUEST)
    await replayReaches(lab, ID, ({ state }) => state === 'finished')
    expect([...made].some((label) => label.endsWith(', pgd'))).toBe(true)
    expect([...made].some((label) => label === 'Layer' || label === 'KH')).toBe(false)
    expect((await lab.call('replay.get', { id: ID })).report?.rows.length).toBeGreaterThan(100)
  })

  it('fails with the error of its run, and goes on when asked to', async () => {
    await lab.close()
    lab = await openTestLab(home.folder, {
      computeThread: new URL('../lab/faultyThread.mjs', import.meta.url),
      changeReplay: (plan) => changed(plan),
    })
    changed = (plan) => {
      makeLong(plan)
      plan.layer = { ...plan.layer, name: 'crash' }
    }
    await lab.call('replay.start', REQUEST)
    expect(await replayReaches(lab, ID, settled)).toMatchObject({
      state: 'failed',
      progress: { label: 'Layer' },
      error: { code: 'executor.failed' },
    })
    changed = makeTiny
    await lab.call('replay.start', REQUEST)
    await replayReaches(lab, ID, ({ progress }) => progress?.label === 'Prune')
    expect(await lab.call('replay.pause', { id: ID })).toMatchObject({ state: 'paused', error: null })
  })

  it('stops with the reason when its state cannot be stored', async () => {
    const state = join(home.folder, 'archive', 'replays', ID, 'state.json')
    await lab.call('replay.start', REQUEST)
    await replayReaches(lab, ID, ({ progress }) => progress?.label === 'Layer')
    for (let blocked = false; !blocked;) {
      await rm(state, { force: true })
      blocked = await mkdir(state).then(
        () => true,
        () => false,
      )
    }
    const failed = await replayReaches(lab, ID, ({ state: now }) => now === 'failed')
    expect(failed.error?.code).toMatch(/^file\./)
    expect(await lab.call('replay.list', null)).toMatchObject([{ id: ID, state: 'failed' }])
    await rm(state, { recursive: true })
    await lab.call('replay.start', REQUEST)
    await replayReaches(lab, ID, ({ progress }) => progress !== null)
    expect(await lab.call('replay.pause', { id: ID })).toMatchObject({ state: 'paused', error: null })
  })

  it('keeps a damaged state beside the new one, and refuses to write over that of a newer version', async () => {
    const folder = join(home.folder, 'archive', 'replays', ID)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'state.json'), 'not what it was')
    await lab.close()
    lab = await open()
    await lab.call('replay.start', REQUEST)
    await lab.call('replay.pause', { id: ID })
    const kept = (await readdir(folder)).filter((name) => name.endsWith('.damaged'))
    expect(await Promise.all(kept.map((name) => readFile(join(folder, name), 'utf8')))).toEqual(['not what it was'])
    await lab.close()
    await writeFile(join(folder, 'state.json'), '{"version":2,"more":true}')
    lab = await open()
    expect(await lab.call('replay.list', null)).toMatchObject([
      { id: ID, state: 'failed', error: { code: 'archive.newerVersion' } },
    ])
    expect(await code(lab.call('replay.start', REQUEST))).toBe('archive.newerVersion')
    expect(await readFile(join(folder, 'state.json'), 'utf8')).toBe('{"version":2,"more":true}')
  })

  it('without CIFAR-10 refuses what needs it before anything is stored, and says what each scale costs', async () => {
    expect(await code(lab.call('replay.start', { scale: 'demo', seed: 1 }))).toBe('dataset.missing')
    expect(await lab.call('replay.list', null)).toEqual([])
    expect(await lab.call('replay.scales', null)).toMatchObject([
      { scale: 'smoke', note: expect.stringContaining('scenes'), missing: null },
      { scale: 'demo', seconds: null, missing: { code: 'dataset.missing' } },
      { scale: 'full', seconds: null, missing: { code: 'dataset.missing' } },
    ])
    const [smoke] = await lab.call('replay.scales', null)
    expect(smoke?.seconds).toBeGreaterThan(5)
    expect(smoke?.seconds).toBeLessThan(180)
    expect(await code(lab.call('replay.start', { scale: 'smoke', seed: -1 }))).toBe('value.range')
    expect(await code(lab.call('replay.get', { id: ID }))).toBe('replay.missing')
  })
}, 300_000)
