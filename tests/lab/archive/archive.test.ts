import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { parseExperiment, type ExperimentSpec, type MetricRecord } from '../../../contract/index.js'
import { randomStream } from '../../../engine/random/index.js'
import { openArchive, type Archive, type StoredCheckpoint } from '../../../lab/archive/index.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-archive-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder = ''
let count = 0
beforeEach(() => {
  count += 1
  folder = join(root, `archive-${count}`)
})

const preset = JSON.parse(
  readFileSync(new URL('../../../resources/presets/quick-look.json', import.meta.url), 'utf8'),
) as { spec: ExperimentSpec }
const spec = parseExperiment(preset.spec)
const metric = (step: number, value = step): MetricRecord => ({
  epoch: step,
  step,
  name: 'learningRate',
  value,
  wall: 1000 + step,
})
const checkpoint = (step: number): StoredCheckpoint => ({
  epoch: step,
  step,
  tensors: { weights: { data: Float32Array.of(step, 2, 3, 4), shape: [2, 2] } },
  state: { stepInEpoch: step },
})
const values = async (archive: Archive, id: string): Promise<number[]> => [
  ...((await archive.readMetrics(id, null)).learningRate?.value ?? []),
]

/** Opens the archive again, as the next process would. */
async function reopened(archive: Archive): Promise<Archive> {
  await archive.close()
  return openArchive(folder)
}

describe('an archive', () => {
  it('gives back what it was given, in this process and the next', async () => {
    let archive = await openArchive(folder)
    const { id } = await archive.create(spec, { program: '1' })
    await archive.appendMetrics(id, [metric(1), metric(2, NaN), metric(3, Infinity)])
    await archive.appendNotice(id, { wall: 5, level: 'warning', topic: 'test', text: 'a line\nwith a break', epoch: 1 })
    await archive.writeArray(id, { name: 'wins', epoch: 2, shape: [3], data: Int32Array.of(1, 2, 3) })
    await archive.writeCheckpoint(id, checkpoint(2), 3)
    await archive.writeFile(id, 'figures/a.eps', Uint8Array.of(1, 2))
    await archive.update(id, { state: 'paused', name: 'renamed' })
    await archive.writeQueue([id])
    for (let round = 0; round < 2; round++) {
      expect((await archive.read(id)).spec).toEqual(spec)
      expect((await archive.list())[0]).toMatchObject({ id, name: 'renamed', state: 'paused' })
      expect(await values(archive, id)).toEqual([1, NaN, Infinity])
      expect(await archive.readNotices(id)).toMatchObject([{ text: 'a line\nwith a break' }])
      expect(await archive.readArray(id, 'wins', null)).toEqual({
        name: 'wins',
        epoch: 2,
        shape: [3],
        data: Int32Array.of(1, 2, 3),
      })
      expect(await archive.readLastCheckpoint(id)).toEqual(checkpoint(2))
      expect([...(await archive.readFile(id, 'figures/a.eps'))]).toEqual([1, 2])
      expect(await archive.readQueue()).toEqual([id])
      archive = await reopened(archive)
    }
    await archive.remove(id)
    expect(await archive.list()).toEqual([])
    await expect(archive.read(id)).rejects.toMatchObject({ code: 'run.missing' })
    await archive.close()
  })

  it('keeps the last checkpoints, passes over a damaged one, and rewinds to it', async () => {
    const archive = await openArchive(folder)
    const { id } = await archive.create(spec, {})
    for (const step of [1, 2, 3, 4]) {
      await archive.writeCheckpoint(id, checkpoint(step), 2)
      await archive.appendMetrics(id, [metric(step)])
      await archive.writeArray(id, { name: 'norms', epoch: step, shape: [1], data: Float32Array.of(step) })
    }
    const kept = readdirSync(join(folder, 'runs', id, 'checkpoints')).sort()
    expect(kept).toEqual(['3-3.json', '3-3.safetensors', '4-4.json', '4-4.safetensors'])
    const path = join(folder, 'runs', id, 'checkpoints', '4-4.safetensors')
    writeFileSync(path, readFileSync(path).subarray(0, 40))
    expect(await archive.readLastCheckpoint(id)).toEqual(checkpoint(3))
    expect((await archive.readNotices(id)).at(-1)).toMatchObject({
      level: 'warning',
      text: expect.stringContaining('4-4'),
    })
    await archive.rewindTo(id, 3, 3)
    expect(await values(archive, id)).toEqual([1, 2, 3])
    expect(await archive.arrayEpochs(id, 'norms')).toEqual([1, 2, 3])
    await archive.close()
  })

  it('reads every whole line of a log that a crash cut at any byte, and writes on after it', async () => {
    let archive = await openArchive(folder)
    const { id } = await archive.create(spec, {})
    await archive.appendMetrics(id, [metric(1), metric(2), metric(3)])
    const path = join(folder, 'runs', id, 'metrics.jsonl')
    const whole = readFileSync(path)
    for (let length = 0; length <= whole.length; length += 3) {
      await archive.close()
      writeFileSync(path, whole.subarray(0, length))
      archive = await openArchive(folder)
      const lines = whole.subarray(0, length).toString().split('\n').length - 1
      expect(await values(archive, id)).toEqual([1, 2, 3].slice(0, lines))
      await archive.appendMetrics(id, [metric(9)])
      archive = await reopened(archive)
      expect(await values(archive, id)).toEqual([...[1, 2, 3].slice(0, lines), 9])
    }
    await archive.close()
  })

  it('lists a run whose record is damaged, and hides no other', async () => {
    let archive = await openArchive(folder)
    const [good, bad] = [await archive.create(spec, {}), await archive.create(spec, {})]
    writeFileSync(join(folder, 'runs', bad.id, 'run.json'), '{"id": "r-')
    archive = await reopened(archive)
    expect((await archive.list()).find(({ id }) => id === bad.id)).toMatchObject({
      state: 'failed',
      error: { code: 'file.damaged' },
    })
    await expect(archive.read(bad.id)).rejects.toMatchObject({ code: 'file.damaged' })
    expect((await archive.read(good.id)).spec).toEqual(spec)
    await archive.close()
  })

  it('has one owner at a time, and takes over from a dead one', async () => {
    const archive = await openArchive(folder)
    await expect(openArchive(folder)).rejects.toMatchObject({ code: 'archive.busy', details: { pid: process.pid } })
    await archive.close()
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    writeFileSync(
      join(folder, 'lock.json'),
      JSON.stringify({ pid: dead, host: (await import('node:os')).hostname(), token: 'x', started: '1' }),
    )
    await (await openArchive(folder)).close()
    expect(existsSync(join(folder, 'lock.json'))).toBe(false)
  })

  it('leaves a newer archive as it is', async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'archive.json'), JSON.stringify({ version: 2 }))
    await expect(openArchive(folder)).rejects.toMatchObject({ code: 'archive.newerVersion' })
    expect(readdirSync(folder)).toEqual(['archive.json'])
  })

  it("lets no path leave a run's folder", async () => {
    const archive = await openArchive(folder)
    const { id } = await archive.create(spec, {})
    symlinkSync(root, join(folder, 'runs', id, 'link'))
    for (const path of ['../../archive.json', '/etc/passwd', '..', 'a/../../run.json', 'link/x', 'a\0b']) {
      await expect(archive.readFile(id, path)).rejects.toMatchObject({ code: 'file.unreadable' })
      await expect(archive.writeFile(id, path, Uint8Array.of(1))).rejects.toMatchObject({ code: 'file.unreadable' })
    }
    await expect(archive.read('../../etc')).rejects.toMatchObject({ code: 'run.missing' })
    await archive.close()
  })

  it('says that a folder cannot be written', async () => {
    writeFileSync(join(root, 'a-file'), '')
    await expect(openArchive(join(root, 'a-file', 'archive'))).rejects.toMatchObject({ code: 'file.notFolder' })
  })
})

describe('a full disk', () => {
  const disk = join(root, 'small-disk')
  mkdirSync(disk)
  const mounted =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0
  if (!mounted) console.warn('No small disk can be mounted here: the full disk is not tried in this run.') // eslint-disable-line no-console
  afterAll(() => void (mounted && spawnSync('umount', ['-l', disk])))

  it.skipIf(!mounted)('refuses by its code, and everything stored before is intact', async () => {
    const archive = await openArchive(join(disk, 'archive'))
    const { id } = await archive.create(spec, {})
    await archive.appendMetrics(id, [metric(1)])
    await archive.writeFile(id, 'model.pty', new Uint8Array(1000).fill(7))
    await expect(archive.writeFile(id, 'model.pty', new Uint8Array(400_000))).rejects.toMatchObject({
      code: 'file.diskFull',
    })
    expect((await archive.readFile(id, 'model.pty')).every((byte) => byte === 7)).toBe(true)
    expect((await archive.files(id)).map(({ path }) => path)).toEqual([
      'metrics.jsonl',
      'model.pty',
      'run.json',
      'spec.json',
    ])
    await archive.close()
  })
})

describe('killed at any moment', () => {
  const rounds = 8
  it(`loses nothing that it acknowledged, ${rounds} times`, async () => {
    const seed = Date.now() % 100_000
    const random = randomStream(seed, 'kill')
    const first = await openArchive(folder)
    const { id } = await first.create(spec, {})
    await first.close()
    let acknowledged = 0
    for (let round = 0; round < rounds; round++) {
      const child = spawn(process.execPath, [fileURLToPath(new URL('writer.mjs', import.meta.url)), folder, id], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let reported = 0
      const started = new Promise<void>((resolve) =>
        child.stdout.on('data', (chunk: Buffer) => {
          reported = Number(chunk.toString().trim().split('\n').at(-1))
          resolve()
        }),
      )
      await started
      await new Promise((resolve) => setTimeout(resolve, random.below(60)))
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      acknowledged = reported
      const archive = await openArchive(folder)
      const stored = await values(archive, id)
      const last = stored.slice(stored.lastIndexOf(0.1))
      expect(last.slice(0, acknowledged), `seed ${seed}, round ${round}`).toEqual(
        Array.from({ length: acknowledged }, (_, index) => (index + 1) / 10),
      )
      const found = await archive.readLastCheckpoint(id)
      if (acknowledged >= 3) expect(found?.tensors['weights']?.data.every((value) => value === found.step)).toBe(true)
      const names = readdirSync(join(folder, 'runs', id), { recursive: true }) as string[]
      expect(names.filter((name) => name.endsWith('.writing'))).toEqual([])
      for (const epoch of await archive.arrayEpochs(id, 'norms'))
        expect((await archive.readArray(id, 'norms', epoch)).data[0]).toBe(epoch)
      await archive.rewindTo(id, 0, 0)
      rmSync(join(folder, 'runs', id, 'checkpoints'), { recursive: true, force: true })
      await archive.close()
    }
  })
})

describe('a crash while a run is made or removed', () => {
  it('leaves no run in the list, and its remains are swept', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-unfinished-'))
    try {
      const remains = join(folder, 'runs', '.r-aaaaaaaa.unfinished')
      mkdirSync(join(remains, 'arrays'), { recursive: true })
      writeFileSync(join(remains, 'spec.json'), '{}')
      const archive = await openArchive(folder)
      expect(await archive.list()).toEqual([])
      expect(readdirSync(join(folder, 'runs'))).toEqual([])
      await archive.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
