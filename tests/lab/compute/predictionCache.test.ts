import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelRecord, RobustnessPass } from '../../../contract/index.js'
import { syntheticScenes } from '../../../engine/datasets/syntheticScenes.js'
import type { ImageSource } from '../../../engine/datasets/imageSource.js'
import type { Executor } from '../../../engine/executor/executor.js'
import type { WorkerResources } from '../../../lab/compute/workerResources.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { evaluateModel } from '../../../lab/compute/jobs/evaluate.js'
import { maskingOf } from '../../../lab/compute/jobs/probes/masking.js'
import { sweepPass } from '../../../lab/compute/jobs/probes/sweep.js'
import type { JobEvent } from '../../../lab/compute/jobTable.js'
import type { PredictionCache } from '../../../lab/compute/predictionCache.js'
import { modelHash } from '../../../lab/formats/modelHash.js'
import { SCENES, sceneModel, sweepRequest } from '../lab/probeSetup.js'

const PLACES = { folders: [], home: '' }
const IMAGES = 60
const all = syntheticScenes(SCENES, 'test')
const few: ImageSource = { ...all, count: IMAGES, labels: all.labels.subarray(0, IMAGES) }

let wasm: Executor
let cpu: Executor
let folder: string
let cache: PredictionCache
/** Batches of clean images that an executor classified. */
let classified = 0
beforeAll(async () => {
  wasm = await startExecutor('wasm')
  cpu = await startExecutor('cpu')
})
afterAll(() => Promise.all([wasm.dispose(), cpu.dispose()]))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'predictions-'))
  cache = { folder: join(folder, 'predictions'), versions: { workbench: '1.0.0' }, writes: true }
  classified = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function counted(executor: Executor): Executor {
  return {
    ...executor,
    compile: async (fn, specs, options) => {
      const program = await executor.compile(fn, specs, options)
      const clean = fn.name === 'imageLogits' || fn.name === 'classifyBatch'
      return {
        run: (input, into) => {
          if (clean) classified += 1
          return program.run(input, into)
        },
      }
    },
  }
}
const benchOf = (executor: Executor, source: ImageSource): WorkerResources => ({
  role: 'compute',
  executor: async () => ({ executor: counted(executor), note: '', passedOver: [] }),
  clear: async () => undefined,
  images: async () => source,
  openNoise: () => null,
})

interface Setting {
  executor?: Executor
  cache?: PredictionCache | null
  record?: ModelRecord
  imageNorm?: number
}
const subjectFrom = ({ record = sceneModel(1), imageNorm = 3 }: Setting) => ({
  model: { model: 'm', label: 'm', hash: modelHash(record), imageNorm },
  record,
})

/** One pass of an attack with what it said of the cache. */
async function sweep(setting: Setting = {}): Promise<{ pass: RobustnessPass | null; notes: (string | null)[] }> {
  const notes: (string | null)[] = []
  const { finished } = await sweepPass(
    {
      subject: subjectFrom(setting),
      request: sweepRequest({ models: [], images: 5, batchSize: 20 }),
      seed: 1,
      stored: null,
      places: PLACES,
      cache: setting.cache === undefined ? cache : setting.cache,
    },
    {
      resources: benchOf(setting.executor ?? wasm, few),
      requested: () => 'run',
      report: ({ note }: JobEvent<'sweep'>) => void notes.push(note),
    },
  )
  return { pass: finished, notes }
}
const files = (): string[] => readdirSync(cache.folder)
const only = (): string => join(cache.folder, files()[0] ?? '')

describe('kept predictions', () => {
  it('let the second sweep of a model classify nothing, with the same bytes of its result', async () => {
    const without = await sweep({ cache: null })
    const batches = classified
    expect(batches).toBeGreaterThanOrEqual(IMAGES / 20)
    const first = await sweep()
    expect(classified).toBe(2 * batches)
    const second = await sweep()
    expect(classified - 2 * batches).toBe(batches - IMAGES / 20)
    expect(first.pass).toEqual(without.pass)
    expect(second.pass).toEqual(without.pass)
    expect([...first.notes, ...second.notes].every((note) => note === null)).toBe(true)
  })

  it('are another file for another executor, version, model or norm of the images', async () => {
    const settings: Setting[] = [
      {},
      { executor: cpu },
      { cache: { ...cache, versions: { workbench: '1.0.1' } } },
      { record: sceneModel(2) },
      { imageNorm: 2 },
    ]
    for (const [index, setting] of settings.entries()) {
      await sweep({ ...setting })
      expect(files()).toHaveLength(index + 1)
    }
  })

  it.each<[string, (path: string) => void]>([
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, -2))],
    ['changed', (path) => writeFileSync(path, readFileSync(path).fill(1, 40, 42))],
    ['empty', (path) => writeFileSync(path, '')],
  ])('in a file that is %s are computed again, and the sweep says so', async (_, damage) => {
    const { pass } = await sweep()
    const intact = readFileSync(only())
    damage(only())
    expect(readFileSync(only()).equals(intact)).toBe(false)
    const again = await sweep()
    expect(again.pass).toEqual(pass)
    expect(again.notes[0]).toMatch(/computed again: .* is damaged/)
    expect(readFileSync(only()).equals(intact)).toBe(true)
  })

  it('are open to the user only, and may be deleted at any time', async () => {
    const { pass } = await sweep()
    if (process.platform !== 'win32') {
      expect(statSync(only()).mode & 0o777).toBe(0o600)
      expect(statSync(cache.folder).mode & 0o777).toBe(0o700)
    }
    rmSync(cache.folder, { recursive: true })
    expect(await sweep()).toMatchObject({ pass, notes: [null] })
    expect(files()).toHaveLength(1)
  })

  it('that cannot be written do not fail the sweep, which says so', async () => {
    writeFileSync(cache.folder, 'a file where the folder belongs')
    const { pass, notes } = await sweep()
    expect(pass?.images).toBe(IMAGES)
    expect(notes[0]).toMatch(/not kept/)
  })

  it('are not written to an archive that is only read', async () => {
    await sweep({ cache: { ...cache, writes: false } })
    expect(readdirSync(folder)).toEqual([])
  })

  it('are at most 256 files; those used least recently go first', async () => {
    await sweep()
    const own = files()[0]
    for (let index = 0; index < 256; index++) {
      const path = join(cache.folder, `${index}.classes`)
      writeFileSync(path, '')
      utimesSync(path, index + 1, index + 1)
    }
    await sweep({ executor: cpu })
    expect(files()).toHaveLength(256)
    expect(files()).toContain(own)
    expect(files()).not.toContain('0.classes')
    expect(files()).toContain('2.classes')
  })

  it('of a sweep serve the checks for masked gradients of the same batches', async () => {
    const card = (kept: PredictionCache | null) =>
      maskingOf(
        {
          subject: subjectFrom({}),
          request: { dataset: SCENES, split: 'test', executor: 'wasm', images: 2, seed: 0 },
          places: PLACES,
          cache: kept,
        },
        { resources: benchOf(wasm, few), requested: () => 'run', report: () => undefined },
      )
    const without = await card(null)
    const batches = classified
    expect(await card(cache)).toEqual(without)
    expect(classified).toBe(2 * batches)
    expect(await card(cache)).toEqual(without)
    expect(classified).toBe(3 * batches - 1)
  })

  it('of an evaluation of more than a batch give the same answer; logits that are asked for are computed alone', async () => {
    const many = syntheticScenes({ ...SCENES, imageLimit: 1010 }, 'train')
    const evaluate = (logits: number, kept: PredictionCache | null) =>
      evaluateModel(
        {
          record: sceneModel(1),
          dataset: SCENES,
          split: 'train',
          images: null,
          lebesgueNorm: 3,
          executor: 'wasm',
          logits,
          places: PLACES,
          cache: kept,
        },
        { resources: benchOf(wasm, many), requested: () => 'run', report: () => undefined },
      )
    const without = await evaluate(3, null)
    expect(classified).toBe(2)
    expect(await evaluate(3, cache)).toEqual(without)
    expect(classified).toBe(4)
    expect(await evaluate(3, cache)).toEqual(without)
    expect(classified).toBe(5)
    expect(await evaluate(0, cache)).toEqual({ ...without, logits: new Float32Array(0) })
    expect(classified).toBe(5)
  })
})
