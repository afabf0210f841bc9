import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatasetStore } from '../../../lab/datasets/index.js'
import type { Manifest } from '../../../lab/datasets/manifest.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-packed-'))
afterAll(() => rmSync(root, { recursive: true }))

function idx(words: number[], body: Uint8Array): Buffer {
  const header = Buffer.alloc(4 * words.length)
  words.forEach((word, index) => header.writeUInt32BE(word, 4 * index))
  return Buffer.concat([header, body])
}
const FILES = new Map(
  ['train', 't10k'].flatMap((split, place) => [
    [`${split}-images-idx3-ubyte`, idx([2051, 3, 28, 28], Buffer.alloc(3 * 784, 7 + place))] as const,
    [`${split}-labels-idx1-ubyte`, idx([2049, 3], Buffer.of(1, 2, 1))] as const,
  ]),
)
const manifest: Manifest = {
  cifar10: {
    archive: { name: 'cifar-10-binary.tar.gz', bytes: 1, folder: 'cifar-10-batches-bin', urls: [] },
    files: [{ name: 'test_batch.bin', bytes: 4, sha256: '0' }],
  },
  mnist: {
    archive: null,
    files: [...FILES].map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  },
}
const LABELS = 't10k-labels-idx1-ubyte'
const labels = FILES.get(LABELS) ?? Buffer.alloc(0)

let [counter, folder] = [0, '']
/** The set packed as it is published, with some files instead. Null leaves one out. */
function fill(instead: Readonly<Record<string, Uint8Array | null>>): void {
  const files = new Map<string, Uint8Array | null>([...FILES].map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]))
  for (const [name, bytes] of Object.entries(instead)) files.set(name, bytes)
  for (const [name, bytes] of files) if (bytes !== null) writeFileSync(join(folder, name), bytes)
}
const datasetStore = () => openDatasetStore({ folders: [folder], home: join(folder, 'home'), manifest })
beforeEach(() => {
  folder = join(root, `set-${counter++}`)
  mkdirSync(folder, { recursive: true })
})

describe('files of a dataset are recognised by their content', () => {
  it.each([
    ['one that is unpacked and still called .gz (D1)', { [`${LABELS}.gz`]: labels }],
    ['one that is packed and not called .gz (D1)', { [`${LABELS}.gz`]: null, [LABELS]: gzipSync(labels) }],
    ['an empty one beside the whole one (D2)', { [LABELS]: new Uint8Array(0) }],
    ['a half unpacked one beside the whole one (D2)', { [LABELS]: labels.subarray(0, 5) }],
    ['a broken packed one beside the whole plain one', { [LABELS]: labels, [`${LABELS}.gz`]: Buffer.from('no gzip') }],
  ])('%s is taken', async (_, instead) => {
    fill(instead)
    expect((await (await datasetStore()).importArchive('mnist', folder)).state).toBe('here')
  })
  it('a web page in place of a file is called one (D4)', async () => {
    fill({ [`${LABELS}.gz`]: Buffer.from('\n<!DOCTYPE html>\n<html><head><title>404</title></head></html>') })
    await expect((await datasetStore()).importArchive('mnist', folder)).rejects.toMatchObject({
      code: 'dataset.foreign',
      message: expect.stringMatching(/t10k-labels-idx1-ubyte\.gz is a web page/) as string,
    })
    writeFileSync(join(folder, 'cifar-10-binary.tar.gz'), '<html>')
    await expect(
      (await datasetStore()).importArchive('cifar10', join(folder, 'cifar-10-binary.tar.gz')),
    ).rejects.toMatchObject({ code: 'dataset.foreign', message: expect.stringContaining('is a web page') as string })
  })
  it('a pipe in place of an archive is refused at once', async () => {
    execFileSync('mkfifo', [join(folder, 'cifar.tar.gz')])
    await expect((await datasetStore()).importArchive('cifar10', join(folder, 'cifar.tar.gz'))).rejects.toMatchObject({
      code: 'file.unreadable',
      message: expect.stringContaining('got a pipe') as string,
    })
  })
})

describe('a file that is missing is named alone (D3)', () => {
  it('by the import and by the list', async () => {
    fill({ [`${LABELS}.gz`]: null })
    await expect((await datasetStore()).importArchive('mnist', folder)).rejects.toMatchObject({
      code: 'dataset.missing',
      message: `${folder} is missing ${LABELS} of MNIST`,
    })
    await expect(
      (await datasetStore()).importArchive('mnist', join(folder, 'train-labels-idx1-ubyte.gz')),
    ).rejects.toMatchObject({ message: `${folder} is missing ${LABELS} of MNIST` })
    const status = (await (await datasetStore()).list()).find(({ kind }) => kind === 'mnist')
    expect(status).toMatchObject({
      state: 'absent',
      note: expect.stringContaining(`${folder} is missing ${LABELS}; add it`) as string,
    })
  })
  it('and a folder without any says so', async () => {
    await expect((await datasetStore()).importArchive('mnist', folder)).rejects.toMatchObject({
      code: 'dataset.missing',
      message: expect.stringContaining('contains none of the files of MNIST') as string,
    })
  })
})
