import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readFiles } from '../../../lab/datasets/readFiles.js'
import { writeModelFile } from '../../../lab/formats/index.js'
import { home, lab, labForEachTest } from '../lab/eachTest.js'
import { SCENES, sceneModel } from '../lab/probeSetup.js'

/** Bytes that this thread, which is the host's, has hashed in its present turn, and the most in any. */
const hashed = vi.hoisted(() => ({ turn: 0, most: 0, total: 0 }))
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>()
  const createHash = (name: string): ReturnType<typeof real.createHash> => {
    const hash = real.createHash(name)
    const update = hash.update.bind(hash) as (data: string | Uint8Array) => typeof hash
    hash.update = ((data: string | Uint8Array) => {
      hashed.turn += data.length
      hashed.total += data.length
      hashed.most = Math.max(hashed.most, hashed.turn)
      return update(data)
    }) as typeof hash.update
    return hash
  }
  return { ...real, createHash, default: { ...real, createHash } }
})

const MEGABYTE = 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'workbench-turns-'))
let turning = true
const turn = (): void => {
  hashed.turn = 0
  if (turning) setImmediate(turn)
}
turn()
afterAll(() => {
  turning = false
  rmSync(folder, { recursive: true })
})
beforeEach(() => Object.assign(hashed, { turn: 0, most: 0, total: 0 }))

const bytes = Buffer.alloc(20 * MEGABYTE, 7)
const SUM = '1ea4e7bdd2a51ddd9e2b6c7a3a5ee6a4f2c6ae2a2bb3bf4be4ee25f4ee5ff0a3'
const dataset = { archive: null, files: [{ name: 'one.bin', bytes: bytes.length, sha256: SUM }] } as never

describe('the host while a dataset is read', () => {
  it.each(['plain', 'gzip', 'tar'] as const)('hashes no more than two megabytes in a turn (%s)', async (form) => {
    const path = join(folder, form)
    if (form === 'tar') {
      const archive = pack()
      archive.entry({ name: 'folder/one.bin' }, bytes)
      archive.finalize()
      const chunks: Buffer[] = []
      for await (const chunk of archive) chunks.push(chunk as Buffer)
      writeFileSync(path, gzipSync(Buffer.concat(chunks)))
    } else writeFileSync(path, form === 'gzip' ? gzipSync(bytes) : bytes)
    const located =
      form === 'tar'
        ? { form: 'archive' as const, folder, path }
        : { form: 'files' as const, folder, paths: new Map([['one.bin', path]]) }
    // The sum is another one, which is found after all is hashed.
    await expect(readFiles(located, dataset, () => true)).rejects.toMatchObject({ code: 'dataset.checksum' })
    expect(hashed.total).toBe(bytes.length)
    expect(hashed.most).toBeLessThanOrEqual(2 * MEGABYTE)
  })
})

describe('the host while planes are computed', () => {
  labForEachTest()

  it('hashes requests, and no model', async () => {
    const model = join(home.folder, 'one.safetensors')
    const file = writeModelFile(sceneModel(1), 'safetensors')
    writeFileSync(model, file)
    await lab.call('plane.compute', {
      dataset: SCENES,
      split: 'test',
      imageNorm: null,
      executor: 'wasm',
      models: [{ model, label: 'A' }],
      plane: { kind: 'random', image: 0, seed: 1 },
      first: [-1, 1],
      second: [-1, 1],
      size: 3,
      jacobian: 'corrected',
      ticket: null,
    })
    expect(hashed.total).toBeGreaterThan(0)
    expect(hashed.total).toBeLessThan(file.length / 4)
  })
})
