import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { loadSource, openDatasetStore } from '../../../lab/datasets/index.js'
import type { Manifest } from '../../../lab/datasets/manifest.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-datasetStore-'))
afterAll(() => rmSync(root, { recursive: true }))
let home = ''
let counter = 0
beforeEach(() => {
  counter += 1
  home = join(root, `home-${counter}`)
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A CIFAR-10 of four images a file: label i % 10, red plane all i, green i+1, blue i+2. */
function cifarFile(first: number): Buffer {
  return Buffer.concat(
    Array.from({ length: 4 }, (_, index) =>
      Buffer.concat([
        Buffer.of((first + index) % 10),
        ...[0, 1, 2].map((plane) => Buffer.alloc(1024, first + index + plane)),
      ]),
    ),
  )
}
const cifarFiles = [
  ...Array.from({ length: 5 }, (_, index) => [`data_batch_${index + 1}.bin`, cifarFile(index * 4 + 1)] as const),
  ['test_batch.bin', cifarFile(50)] as const,
]

function idx(words: number[], body: Uint8Array): Buffer {
  const header = Buffer.alloc(4 * words.length)
  words.forEach((word, index) => header.writeUInt32BE(word, 4 * index))
  return Buffer.concat([header, body])
}
const mnistFiles = ['train', 't10k'].flatMap((split, place) => [
  [`${split}-images-idx3-ubyte`, idx([2051, 3, 28, 28], Buffer.alloc(3 * 784, 7 + place))] as const,
  [`${split}-labels-idx1-ubyte`, idx([2049, 3], Buffer.of(1, 2, 1))] as const,
])

async function tarGz(files: readonly (readonly [string, Buffer])[]): Promise<Buffer> {
  const archive = pack()
  for (const [name, bytes] of files) archive.entry({ name: `cifar-10-batches-bin/${name}` }, bytes)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks))
}

const published = (files: readonly (readonly [string, Buffer])[]) =>
  files.map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) }))
const manifestAt = (base: string, archive: Buffer): Manifest => ({
  cifar10: {
    archive: {
      name: 'cifar-10-binary.tar.gz',
      bytes: archive.length,
      folder: 'cifar-10-batches-bin',
      urls: [`${base}/cifar.tar.gz`],
    },
    files: published(cifarFiles),
  },
  mnist: {
    archive: null,
    files: published(mnistFiles).map((file) => ({ ...file, urls: [`${base}/${file.name}.gz`], downloadBytes: 100 })),
  },
})
const archive = await tarGz(cifarFiles)
const manifest = manifestAt('http://127.0.0.1:9', archive)
const cifar10 = { kind: 'cifar10', imageLimit: null } as const

function folderWith(files: readonly (readonly [string, Uint8Array])[]): string {
  const folder = join(root, `folder-${counter}-${Math.random().toString(16).slice(2)}`)
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  return folder
}

describe('finding datasets', () => {
  it('reads the archive, the unpacked files and gzipped files alike', async () => {
    const folders = [
      folderWith([['cifar-10-binary.tar.gz', archive]]),
      folderWith(cifarFiles),
      folderWith(cifarFiles.map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)])),
    ]
    for (const folder of folders) {
      const images = await loadSource(cifar10, 'train', { folders: [folder], home }, manifest)
      expect(images.count).toBe(20)
      expect([...images.labels.slice(0, 3)]).toEqual([1, 2, 3])
      const pixels = new Uint8Array(3072)
      images.display(2, pixels, 0)
      expect([...pixels.slice(0, 6)]).toEqual([3, 4, 5, 3, 4, 5])
      expect(Object.values(images.identity)).toEqual(cifarFiles.slice(0, 5).map(([, bytes]) => sha256(bytes)))
    }
    const limited = await loadSource({ kind: 'cifar10', imageLimit: 6 }, 'train', { folders, home }, manifest)
    expect(limited.count).toBe(6)
    expect((await loadSource(cifar10, 'test', { folders, home }, manifest)).count).toBe(4)
  })

  it('counts the images of an archive in the published order, whatever the order of its entries', async () => {
    const inOrder = async (files: readonly (readonly [string, Buffer])[]): Promise<number[]> => {
      const folder = folderWith([['cifar-10-binary.tar.gz', await tarGz(files)]])
      return [...(await loadSource(cifar10, 'train', { folders: [folder], home }, manifest)).labels]
    }
    const labels = await inOrder(cifarFiles)
    expect(new Set(labels).size).toBeGreaterThan(1)
    expect(await inOrder(cifarFiles.toReversed())).toEqual(labels)
  })

  it('finds MNIST under the names of its mirrors too', async () => {
    const folder = folderWith(
      mnistFiles.map(([name, bytes]) => [`${name.replace('-idx', '.idx')}.gz`, gzipSync(bytes)]),
    )
    const images = await loadSource({ kind: 'mnist', imageLimit: null }, 'test', { folders: [folder], home }, manifest)
    expect(images.shape).toEqual([28, 28, 1])
    expect([...images.labels]).toEqual([1, 2, 1])
  })

  it('says where it looked and what to do when a set is not there', async () => {
    await expect(loadSource(cifar10, 'train', { folders: ['/nowhere'], home }, manifest)).rejects.toMatchObject({
      code: 'dataset.missing',
      message: expect.stringMatching(/\/nowhere.*lab data import cifar10/),
    })
    const datasetStore = await openDatasetStore({ folders: ['/nowhere'], home, manifest })
    expect(await datasetStore.status('cifar10')).toMatchObject({
      state: 'absent',
      note: expect.stringContaining('cifar-10-binary.tar.gz'),
    })
    expect((await datasetStore.list()).map(({ kind }) => kind)).toEqual([
      'cifar10',
      'mnist',
      'gaussianNoise',
      'syntheticScenes',
    ])
  })
})

describe('importing', () => {
  it('verifies first, then puts every file in the dataset store', async () => {
    const datasetStore = await openDatasetStore({ folders: [], home, manifest })
    const reported: number[] = []
    const status = await datasetStore.importArchive(
      'cifar10',
      join(folderWith([['cifar-10-binary.tar.gz', archive]]), 'cifar-10-binary.tar.gz'),
      ({ done }) => reported.push(done),
    )
    expect(status).toMatchObject({ state: 'here', verified: true })
    expect(reported.length).toBeGreaterThan(0)
    // Another process finds it, and remembers that it was verified.
    expect(await (await openDatasetStore({ folders: [], home, manifest })).status('cifar10')).toMatchObject({
      state: 'here',
      verified: true,
    })
    const samples = await datasetStore.samples(cifar10, 'train', 0, 5, 3)
    expect(samples.total).toBe(2)
    expect([...samples.labels]).toEqual([3, 3])
    expect(samples.classCounts.reduce((a, b) => a + b, 0)).toBe(20)
  })

  it('takes any one of the four files of MNIST, or their folder', async () => {
    const folder = folderWith(mnistFiles.map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]))
    const datasetStore = await openDatasetStore({ folders: [], home, manifest })
    expect(await datasetStore.importArchive('mnist', join(folder, 'train-labels-idx1-ubyte.gz'))).toMatchObject({
      state: 'here',
    })
    expect(await datasetStore.importArchive('mnist', folder)).toMatchObject({ state: 'here', verified: true })
  })

  const changed = (name: string, change: (bytes: Buffer) => Buffer): readonly (readonly [string, Buffer])[] =>
    cifarFiles.map(([own, bytes]) => [own, own === name ? change(Buffer.from(bytes)) : bytes] as const)
  it.each([
    ['a truncated archive', async () => archive.subarray(0, archive.length - 200), 'dataset.truncated'],
    ['a file that is no archive', async () => Buffer.from('hello, I am a text'), 'dataset.foreign'],
    ['a gzip of something else', async () => gzipSync(Buffer.from('x'.repeat(3000))), 'dataset.foreign'],
    ['an archive without a file', () => tarGz(cifarFiles.slice(1)), 'dataset.foreign'],
    [
      'an archive with a short file',
      () => tarGz(changed('data_batch_2.bin', (bytes) => bytes.subarray(0, 5000))),
      'dataset.truncated',
    ],
    [
      'an archive with a changed byte',
      () =>
        tarGz(
          changed('test_batch.bin', (bytes) => {
            bytes[99] = 255
            return bytes
          }),
        ),
      'dataset.checksum',
    ],
  ])('refuses %s and changes nothing', async (_, make, code) => {
    const datasetStore = await openDatasetStore({ folders: [], home, manifest })
    const path = join(folderWith([['cifar-10-binary.tar.gz', await make()]]), 'cifar-10-binary.tar.gz')
    await expect(datasetStore.importArchive('cifar10', path)).rejects.toMatchObject({ code })
    expect((await datasetStore.status('cifar10')).state).toBe('absent')
    expect(existsSync(join(home, 'cifar10'))).toBe(false)
  })

  it('refuses what is not there, and sets that are generated', async () => {
    const datasetStore = await openDatasetStore({ folders: [], home, manifest })
    await expect(datasetStore.importArchive('cifar10', '/no/such/file.tar.gz')).rejects.toMatchObject({
      code: 'file.unreadable',
    })
    await expect(datasetStore.importArchive('syntheticScenes', root)).rejects.toMatchObject({ code: 'value.range' })
  })

  it('calls a set damaged once its checksum has failed', async () => {
    const folder = folderWith(
      changed('data_batch_1.bin', (bytes) => {
        bytes[5] = 9
        return bytes
      }),
    )
    const datasetStore = await openDatasetStore({ folders: [folder], home, manifest })
    await expect(datasetStore.verify('cifar10')).rejects.toMatchObject({ code: 'dataset.checksum' })
    expect(await datasetStore.status('cifar10')).toMatchObject({
      state: 'damaged',
      note: expect.stringContaining('data_batch_1.bin'),
    })
  })
})

describe('downloading', () => {
  let server: Server | null = null
  const requests: (string | undefined)[] = []
  async function serve(
    answer: (body: Buffer, from: number, count: number) => { status: number; body: Buffer; breakOff?: boolean },
  ): Promise<Manifest> {
    server?.close()
    requests.length = 0
    server = createServer((request, response) => {
      requests.push(request.headers.range)
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const { status, body, breakOff } = answer(archive, from, requests.length)
      response.writeHead(status, { 'content-length': breakOff === true ? body.length + 1000 : body.length })
      // A moment, even on a busy machine: fetch drops what was received and not yet read when the connection breaks.
      response.write(body, () => (breakOff === true ? setTimeout(() => response.destroy(), 1500) : response.end()))
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return manifestAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, archive)
  }
  afterAll(() => void server?.close())

  it('goes on where a broken connection stopped', async () => {
    const list = await serve((body, from, count) =>
      count === 1
        ? { status: 200, body: body.subarray(0, 300), breakOff: true }
        : { status: 206, body: body.subarray(from) },
    )
    const datasetStore = await openDatasetStore({ folders: [], home, manifest: list })
    expect(await datasetStore.download('cifar10')).toMatchObject({ state: 'here', verified: true })
    expect(requests).toEqual([undefined, 'bytes=300-'])
  })

  it('goes on in a later session, and begins again when the server knows no ranges', async () => {
    const list = await serve((body) => ({ status: 200, body: body.subarray(0, 200), breakOff: true }))
    const broken = await openDatasetStore({ folders: [], home, manifest: list })
    await expect(broken.download('cifar10')).rejects.toMatchObject({ code: 'dataset.download' })
    expect(await broken.status('cifar10')).toMatchObject({ state: 'partial' })
    const whole = await serve((body) => ({ status: 200, body }))
    expect(await (await openDatasetStore({ folders: [], home, manifest: whole })).download('cifar10')).toMatchObject({
      state: 'here',
    })
    expect(requests).toEqual(['bytes=200-'])
  })

  it('refuses other bytes and lets go of them; reports what the server responded with status; stops when asked', async () => {
    const wrong = await serve((body) => ({ status: 200, body: Buffer.from(body).fill(1, 200, 260) }))
    const datasetStore = await openDatasetStore({ folders: [], home, manifest: wrong })
    await expect(datasetStore.download('cifar10')).rejects.toMatchObject({ code: expect.stringMatching(/^dataset\./) })
    expect((await datasetStore.status('cifar10')).state).toBe('absent')
    const gone = await serve(() => ({ status: 404, body: Buffer.from('no') }))
    await expect(
      (await openDatasetStore({ folders: [], home, manifest: gone })).download('cifar10'),
    ).rejects.toMatchObject({
      code: 'dataset.download',
      message: expect.stringContaining('404'),
    })
    const stop = new AbortController()
    stop.abort()
    await expect(
      (await openDatasetStore({ folders: [], home, manifest: gone })).download('cifar10', undefined, stop.signal),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })
})

const realData = [process.env['LOCALLEARNING_DATA'], join(import.meta.dirname, '../../../../shared/data')].find(
  (folder) => folder !== undefined && existsSync(join(folder, 'cifar-10-binary.tar.gz')),
)
if (realData === undefined)
  console.warn('The real CIFAR-10 and MNIST are not here (LOCALLEARNING_DATA): they are not read in this run.') // eslint-disable-line no-console

describe.skipIf(realData === undefined)('the real sets', () => {
  const places = { folders: [realData ?? ''], home: join(root, 'none') }
  it('CIFAR-10: order, classes, mean and spread as published', async () => {
    const test = await loadSource(cifar10, 'test', places)
    expect([...test.labels.slice(0, 10)]).toEqual([3, 8, 8, 0, 6, 6, 1, 6, 3, 1])
    const sums = [0, 0, 0]
    const image = new Float32Array(3072)
    for (let index = 0; index < test.count; index++) {
      test.read(index, image, 0)
      for (let entry = 0; entry < 3072; entry++) sums[entry % 3] = (sums[entry % 3] ?? 0) + (image[entry] ?? 0)
    }
    const means = sums.map((sum) => sum / (test.count * 1024 * 255))
    ;[0.49421, 0.48513, 0.45041].forEach((mean, channel) => expect(means[channel]).toBeCloseTo(mean, 5))
  })
  it('MNIST: order and counts as published', async () => {
    const train = await loadSource({ kind: 'mnist', imageLimit: null }, 'train', places)
    expect([...train.labels.slice(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    expect(train.labels.filter((label) => label === 1).length).toBe(6742)
  })
})
