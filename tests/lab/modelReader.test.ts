import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createModelReader, type ModelReader } from '../../lab/compute/modelReader.js'
import { readModelFile } from '../../lab/formats/index.js'
import { readFileSync } from 'node:fs'

const sound = fileURLToPath(new URL('formats/files/khmodel.2.15.pty', import.meta.url))
const computeThread = new URL('../../lab/compute/computeThread.mjs', import.meta.url)
const record = readModelFile(readFileSync(sound))

let folder = ''
let reader: ModelReader
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reader-'))
})
afterEach(() => reader.close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const job = (path: string, own = false) => ({ source: { path }, name: path, own })
const readsOn = async (): Promise<void> => expect(await reader.record(job(sound))).toEqual(record)

it('reads what is wanted, from a path or from bytes', async () => {
  reader = createModelReader(computeThread)
  await readsOn()
  const bytes = new Uint8Array(readFileSync(sound))
  const read = await reader.read({
    source: { bytes },
    name: 'x.pty',
    own: false,
    wants: { sha256: true, hash: true, summaries: true, file: 'safetensors' },
  })
  expect(read).toMatchObject({
    facts: record.facts,
    bytes: bytes.length,
    modifiedAt: null,
    tensors: null,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
  expect(readModelFile(read.file ?? new Uint8Array(0))).toEqual(record)
  expect(read.summaries?.map(({ name }) => name)).toEqual(['weights', 'dense', 'bias'])
})

it("refuses a person's file by a code of its own, one of the archive as damaged, and goes on", async () => {
  reader = createModelReader(computeThread)
  const cut = join(folder, 'cut.pty')
  writeFileSync(cut, readFileSync(sound).subarray(0, 900))
  await expect(reader.record(job(cut))).rejects.toMatchObject({
    code: 'file.invalid',
    message: expect.stringContaining('cut.pty') as string,
    advice: expect.not.stringContaining('backup') as string,
  })
  await expect(reader.record(job(cut, true))).rejects.toMatchObject({ code: 'file.damaged' })
  const pipe = join(folder, 'pipe.pty')
  execFileSync('mkfifo', [pipe])
  await expect(reader.record(job(pipe))).rejects.toMatchObject({
    code: 'file.unreadable',
    message: expect.stringContaining('got a pipe') as string,
  })
  await expect(reader.record(job('/dev/zero'))).rejects.toMatchObject({
    code: 'file.unreadable',
    message: expect.stringContaining('got a device') as string,
  })
  const large = join(folder, 'large.pty')
  writeFileSync(large, '')
  truncateSync(large, 3_000_000_000)
  await expect(reader.record(job(large))).rejects.toMatchObject({
    code: 'file.unreadable',
    message: expect.stringContaining('at most 2148 MB, got 3000 MB') as string,
  })
  await readsOn()
})

it('can be left in the middle of a file, and takes the next', async () => {
  reader = createModelReader(computeThread)
  await readsOn()
  const abort = new AbortController()
  const reading = reader.record(job(sound), abort.signal)
  const waiting = reader.record(job(sound))
  setImmediate(() => abort.abort())
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  expect(await waiting).toEqual(record)
})

it('gives up a file that takes too long', async () => {
  reader = createModelReader(computeThread, 1)
  await expect(reader.record(job(sound))).rejects.toMatchObject({
    code: 'file.invalid',
    message: expect.stringContaining('took longer') as string,
  })
})
