import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { followedRun } from '../../../lab/jobs/following.js'
import type { Lab } from '../../../lab/lab.js'
import { openTestLab } from '../lab/harness.js'

/** See fixture/README.md. */
const FIXTURE = fileURLToPath(new URL('fixture/archive', import.meta.url))
const LAYER = 'r-078aac71'
const CLASSIFIER = 'r-3145cde2'
const KILLED = 'r-9286b12f'
const WAITING = 'r-522cfa94'

let root = ''
let lab: Lab
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'workbench-earlier-'))
  cpSync(FIXTURE, join(root, 'archive'), { recursive: true })
  lab = await openTestLab(root)
})
afterEach(async () => {
  await lab.close()
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('an archive of commit a809b4f', () => {
  it('opens with its runs, sweep, spectrum, queue and settings', async () => {
    const states = Object.fromEntries((await lab.call('run.list', null)).map(({ id, state }) => [id, state]))
    expect(states).toEqual({
      [LAYER]: 'finished',
      [CLASSIFIER]: 'finished',
      [KILLED]: 'interrupted',
      [WAITING]: 'queued',
    })
    expect(await lab.call('settings.get', null)).toEqual({
      theme: 'dark',
      density: 'compact',
      railLabels: true,
      queueHeld: true,
      executor: 'wasm',
      slots: 1,
      threadsPerSlot: null,
      slotKind: 'thread',
      shortcuts: {},
    })
    expect(await lab.call('queue.get', null)).toEqual({ ids: [WAITING], held: true })
    const [sweep] = await lab.call('robustness.list', null)
    expect((await lab.call('robustness.get', { id: sweep?.id ?? '' })).series[0]?.label).toBe('BP')
    const [spectrum] = await lab.call('spectrum.list', null)
    expect((await lab.call('spectrum.get', { id: spectrum?.id ?? '' })).fit?.slope).toBeCloseTo(-1.08534907903513, 10)
    expect((await lab.call('run.metrics', { id: CLASSIFIER, names: null })).testAccuracy?.value.at(-1)).toBe(0.1)
    expect((await lab.call('run.array', { id: LAYER, name: 'weights', epoch: null })).shape).toEqual([16, 36])
    expect((await lab.call('run.get', { id: LAYER })).record.pruning?.removedCount).toBe(0)
    expect((await lab.call('model.list', null)).map(({ facts }) => facts?.type ?? null)).not.toContain(null)
  })

  it('resumes a killed run and the queue, to the bytes of a run that nobody interrupted', async () => {
    await lab.call('queue.hold', { held: false })
    await lab.call('run.resume', { id: KILLED })
    expect(await followedRun(lab, KILLED)).toMatchObject({ state: 'finished', epoch: 12 })
    await lab.call('run.resume', { id: WAITING })
    expect(await followedRun(lab, WAITING)).toMatchObject({ state: 'finished', epoch: 3 })
    const again = await lab.call('run.submit', { spec: (await lab.call('run.get', { id: KILLED })).spec })
    await followedRun(lab, again.id)
    const model = (id: string): string => sha256(join(root, 'archive', 'runs', id, 'model.safetensors'))
    expect(model(KILLED)).toBe(model(again.id))
  })

  it('exports its models and draws a figure', async () => {
    for (const [model, format] of [
      [LAYER, 'npz'],
      [`${LAYER}/pruned`, 'safetensors'],
      [CLASSIFIER, 'pty'],
    ] as const) {
      const path = join(root, `${model.replace('/', '-')}.${format}`)
      await lab.call('model.export', { model, format, path })
      expect((await lab.call('model.get', { model: path })).facts.type).toBe(model === CLASSIFIER ? 'SHLP' : 'FKHL3')
    }
    const [sweep] = await lab.call('robustness.list', null)
    await lab.call('figure.export', {
      figure: '1',
      source: { kind: 'results', names: [{ name: sweep?.id ?? '', label: null }], windows: null, withPublished: false },
      style: 'IJoCV',
      formats: ['svg'],
      folder: join(root, 'figures'),
      dpi: 100,
    })
    expect(existsSync(join(root, 'figures'))).toBe(true)
  })
})
