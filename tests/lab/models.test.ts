import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Events, ModelRecord } from '../../contract/index.js'
import { readModelFile, writeModelFile } from '../../lab/formats/index.js'
import { expectClose } from '../goldenFiles.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest } from './lab/eachTest.js'
import { reachState, smallExperiment } from './lab/harness.js'

const files = fileURLToPath(new URL('formats/files/', import.meta.url))

labForEachTest()

const fromFile = (name: string, as: string | null = null) =>
  lab.call('model.import', { source: { path: join(files, name) }, name: as })

describe('the registry of models', () => {
  it('imports by path and by bytes, lists, shows, exports and removes', async () => {
    const changed: Events['model.changed'][] = []
    lab.listen('model.changed', (event) => changed.push(event))
    const entry = await fromFile('khmodel.2.15.pty', 'hybrid of the paper')
    expect(entry).toMatchObject({
      name: 'hybrid of the paper',
      origin: 'imported',
      run: null,
      source: 'khmodel.2.15.pty',
      facts: { type: 'KHModel', inputSize: 27, hiddenUnits: 12, classes: 10 },
    })
    const bytes = new Uint8Array(readFileSync(join(files, 'shlp_norm.legacy.pty')))
    expect(
      (await lab.call('model.import', { source: { fileName: 'C:\\models\\shlp_norm.legacy.pty', bytes }, name: null }))
        .name,
    ).toBe('shlp_norm.legacy')
    expect((await lab.call('model.list', null)).map(({ name }) => name)).toEqual([
      'shlp_norm.legacy',
      'hybrid of the paper',
    ])
    expect(readdirSync(join(home.folder, 'archive/models/shlp_norm.legacy')).sort()).toEqual([
      'model.json',
      'model.safetensors',
    ])

    const view = await lab.call('model.get', { model: 'SHLP_norm.legacy' })
    expect(view.tensors.map(({ name, shape }) => [name, shape.join(' x ')])).toEqual([
      ['weights', '12 x 27'],
      ['dense', '10 x 12'],
      ['bias', '10'],
      ['scale', '12'],
      ['shift', '12'],
      ['mean', '12'],
      ['variance', '12'],
    ])
    expect(view.weights).toEqual(readModelFile(bytes).tensors.weights)
    for (const { smallest, largest, mean } of view.tensors) expect(smallest <= mean && mean <= largest).toBe(true)

    const path = join(home.folder, 'out/model.pty')
    expect(await lab.call('model.export', { model: 'shlp_norm.legacy', format: 'pty', path })).toMatchObject({
      path,
      fileName: 'model.pty',
      bytes: null,
      size: readFileSync(path).length,
    })
    expect(readModelFile(new Uint8Array(readFileSync(path)))).toEqual(readModelFile(bytes))
    expect((await lab.call('model.export', { model: 'shlp_norm.legacy', format: 'npz', path: null })).bytes).toEqual(
      writeModelFile(readModelFile(bytes), 'npz'),
    )

    await lab.call('model.remove', { model: 'hybrid of the paper' })
    expect((await lab.call('model.list', null)).map(({ name }) => name)).toEqual(['shlp_norm.legacy'])
    expect(existsSync(join(home.folder, 'archive/models/hybrid of the paper'))).toBe(false)
    expect(changed.map(({ name }) => name)).toEqual(['hybrid of the paper', 'shlp_norm.legacy', 'hybrid of the paper'])
  })

  it('keeps the same bytes once, and refuses another model under a name that is taken, whatever its capitals', async () => {
    const first = await fromFile('khmodel.2.15.pty', 'kh')
    expect(await fromFile('khmodel.2.15.pty', 'kh')).toEqual(first)
    expect(await codeOf(fromFile('khmodel.1.13.pty', 'KH'))).toBe('model.exists')
    expect((await lab.call('model.list', null)).length).toBe(1)
  })

  it.each([
    'r-0123abcd',
    'a/b',
    '../x',
    '.hidden',
    'model.pty',
    'con\0',
    '',
    'CON',
    'nul',
    'Com1',
    'lpt9.old',
    'ends in a dot.',
    '模'.repeat(90),
  ])('refuses the name %j', async (name) => {
    expect(await codeOf(fromFile('khmodel.2.15.pty', name))).toBe('value.range')
  })

  it('finds a name however its accents are written, and keeps it composed', async () => {
    const [whole, parts] = ['caf\u00e9 \u0928\u0940', 'cafe\u0301 \u0928\u0940']
    expect((await fromFile('khmodel.2.15.pty', parts)).name).toBe(whole)
    expect((await lab.call('model.get', { model: parts })).entry.name).toBe(whole)
    expect(await codeOf(fromFile('khmodel.1.13.pty', whole))).toBe('model.exists')
    expect((await fromFile('khmodel.2.15.pty', '模'.repeat(81))).name).toBe('模'.repeat(81))
  })

  it('takes a file in parts, as a browser sends what one message cannot hold', async () => {
    const bytes = new Uint8Array(readFileSync(join(files, 'khmodel.2.15.pty')))
    let upload: string | null = null
    for (let start = 0; start < bytes.length; start += 1000)
      upload = (await lab.call('model.upload', { upload, bytes: bytes.subarray(start, start + 1000) })).upload
    expect(upload).not.toBeNull()
    const source = { fileName: 'sent.pty', upload: upload ?? '' }
    await fromFile('khmodel.1.13.pty', 'taken')
    expect(await codeOf(lab.call('model.import', { source, name: 'taken' }))).toBe('model.exists')
    expect(await lab.call('model.import', { source, name: null })).toMatchObject({
      name: 'sent',
      source: 'sent.pty',
      sha256: (await fromFile('khmodel.2.15.pty', 'whole')).sha256,
    })
    expect(await codeOf(lab.call('model.import', { source, name: 'again' }))).toBe('value.range')
    expect(await codeOf(lab.call('model.upload', { upload: 'f'.repeat(24), bytes }))).toBe('value.range')
  })

  it('keeps nothing of a file that it refuses', async () => {
    const bad = join(home.folder, 'bad.pty')
    writeFileSync(bad, readFileSync(join(files, 'khmodel.2.15.pty')).subarray(0, 900))
    expect(await codeOf(lab.call('model.import', { source: { path: bad }, name: null }))).toBe('file.invalid')
    expect(
      await codeOf(lab.call('model.import', { source: { path: join(home.folder, 'none.pty') }, name: null })),
    ).toBe('file.unreadable')
    expect(await lab.call('model.list', null)).toEqual([])
    expect(readdirSync(join(home.folder, 'archive')).includes('models')).toBe(false)
  })

  it('passes over what a crash left without its record, lists a damaged one with the reason, and never a newer one as ours', async () => {
    await fromFile('khmodel.2.15.pty', 'kh')
    const folder = join(home.folder, 'archive/models')
    mkdirSync(join(folder, 'half'))
    writeFileSync(join(folder, 'half/model.safetensors'), 'cut')
    writeFileSync(join(folder, 'kh/model.json'), '{"version": 1, "name"')
    expect(await lab.call('model.list', null)).toMatchObject([
      { name: 'kh', facts: null, note: expect.stringContaining('is not JSON') as string },
    ])
    writeFileSync(join(folder, 'kh/model.json'), '{"version": 2}')
    expect(await lab.call('model.list', null)).toMatchObject([
      { name: 'kh', facts: null, note: expect.stringContaining('has version 2') as string },
    ])
    expect(await codeOf(fromFile('khmodel.1.13.pty', 'kh'))).toBe('model.exists')
    await lab.call('model.remove', { model: 'kh' })
    expect((await fromFile('khmodel.1.13.pty', 'half')).name).toBe('half')
  })
})

describe('models of runs', () => {
  it('are found by id, by name and pruned; what is not there is named', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ name: 'little layer', epochs: 2 }) })
    await reachState(lab, id, 'finished')
    expect(await lab.call('model.list', null)).toMatchObject([
      {
        name: id,
        label: 'little layer',
        origin: 'run',
        run: id,
        facts: { type: 'FKHL3', hiddenUnits: 16, inputSize: 3072, lebesgueNorm: 3 },
      },
    ])
    const weights = await lab.call('run.array', { id, name: 'weights', epoch: null })
    for (const model of [id, 'little layer'])
      expect((await lab.call('model.get', { model })).weights).toEqual(weights.data)
    await expect(lab.call('model.get', { model: `${id}/pruned` })).rejects.toMatchObject({
      code: 'model.missing',
      message: `${id} has not been pruned`,
    })
    const { variances } = await lab.call('run.units', { id })
    const [below = NaN, above = NaN] = [...variances].sort((a, b) => a - b).slice(10, 12)
    await lab.call('prune.apply', { id, mode: 'corrected', cutoff: (below + above) / 2 })
    expect((await lab.call('model.list', null)).map(({ name }) => name).sort()).toEqual([id, `${id}/pruned`])
    const pruned = (await lab.call('model.get', { model: 'little layer/pruned' })).weights
    expect(pruned.filter((weight) => weight === 0).length).toBe(5 * 3072)

    const { id: second } = await lab.call('run.submit', { spec: smallExperiment({ name: 'little layer', epochs: 2 }) })
    await reachState(lab, second, 'finished')
    await expect(lab.call('model.get', { model: 'little layer' })).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringContaining('2 runs are named little layer') as string,
    })
    await expect(lab.call('model.remove', { model: id })).rejects.toMatchObject({
      message: expect.stringContaining('belongs to the run') as string,
    })
    await expect(lab.call('model.get', { model: 'nobody' })).rejects.toMatchObject({
      code: 'model.missing',
      message: 'nobody is neither an imported model nor a run nor a file',
    })
    // A layer has no classes to evaluate.
    expect(
      await codeOf(
        lab.call('model.evaluate', {
          model: id,
          dataset: { kind: 'syntheticScenes', imageLimit: null, dataSeed: 1 },
          split: 'test',
          images: 10,
          lebesgueNorm: null,
          executor: 'wasm',
          logits: 0,
        }),
      ),
    ).toBe('model.foreign')
  })
})

describe('evaluation through the real worker', () => {
  /** A perceptron of scattered weights on images of 3072 entries. */
  function scattered(inputSize = 3072, classes = 10): ModelRecord {
    const numbers = (count: number, scale: number): Float32Array =>
      Float32Array.from({ length: count }, (_, index) => scale * Math.sin(index * 12.9898 + count))
    return {
      facts: {
        type: 'SHLP',
        inputSize,
        hiddenUnits: 7,
        classes,
        activationExponent: 1,
        batchNorm: true,
        batchesSeen: 3,
      },
      tensors: {
        weights: numbers(7 * inputSize, 0.3),
        dense: numbers(7 * classes, 1),
        bias: numbers(classes, 0.1),
        scale: numbers(7, 2),
        shift: numbers(7, 0.2),
        mean: numbers(7, 0.1),
        variance: numbers(7, 0.4).map((value) => value ** 2 + 0.01),
      },
    }
  }
  const dataset = { kind: 'syntheticScenes', imageLimit: null, dataSeed: 3 } as const
  const request = { dataset, split: 'test', images: 40, lebesgueNorm: null, executor: 'wasm', logits: 40 } as const

  /** The same in float64 from the formulas of sections 1.2 and 3.2. */
  function expected({ tensors }: ModelRecord, pixels: Uint8Array, norm: number): Float64Array {
    const at = (name: keyof typeof tensors, index: number): number => tensors[name]?.[index] ?? NaN
    const logits = new Float64Array(40 * 10)
    for (let image = 0; image < 40; image++) {
      const x = Float64Array.from(pixels.subarray(image * 3072, (image + 1) * 3072))
      const length = x.reduce((sum, value) => sum + value ** norm, 0) ** (1 / norm)
      const latent = Array.from({ length: 7 }, (_, unit) => {
        const hidden = x.reduce((sum, value, input) => sum + (value / length) * at('weights', unit * 3072 + input), 0)
        return (
          ((Math.max(hidden, 0) - at('mean', unit)) / Math.sqrt(at('variance', unit) + 1e-5)) * at('scale', unit) +
          at('shift', unit)
        )
      })
      for (let label = 0; label < 10; label++)
        logits[image * 10 + label] = latent.reduce(
          (sum, value, unit) => sum + value * at('dense', label * 7 + unit),
          at('bias', label),
        )
    }
    return logits
  }

  it.each([
    [null, 3],
    [2, 2],
  ])('gives logits, predictions and accuracy for a norm of %s', async (asked, norm) => {
    const record = scattered()
    const path = join(home.folder, 'scattered.pty')
    writeFileSync(path, writeModelFile(record, 'pty'))
    const progress: Events['lab.progress'][] = []
    lab.listen('lab.progress', (event) => progress.push(event))
    const result = await lab.call('model.evaluate', { ...request, model: path, lebesgueNorm: asked })
    const { pixels, labels } = await lab.call('dataset.samples', {
      dataset,
      split: 'test',
      offset: 0,
      count: 40,
      label: null,
    })
    expectClose(result.logits, expected(record, pixels, norm), 1e-5)
    const best = Array.from({ length: 40 }, (_, row) => {
      const logits = [...result.logits.subarray(row * 10, row * 10 + 10)]
      return logits.indexOf(Math.max(...logits))
    })
    expect([...result.predictions]).toEqual(best)
    const correct = best.filter((label, index) => label === labels[index]).length
    expect(result).toMatchObject({
      images: 40,
      correct,
      accuracy: correct / 40,
      classes: 10,
      lebesgueNorm: norm,
      executor: 'wasm',
    })
    expect(progress.at(-1)).toMatchObject({ topic: 'model.evaluate', done: 40, total: 40 })
  })

  it("refuses what does not fit: images of another size, too few classes, another norm than the model's own", async () => {
    for (const [name, record] of [
      ['small', scattered(784)],
      ['few', scattered(3072, 4)],
    ] as const)
      writeFileSync(join(home.folder, `${name}.npz`), writeModelFile(record, 'npz'))
    await expect(
      lab.call('model.evaluate', { ...request, model: join(home.folder, 'small.npz') }),
    ).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: expect.stringContaining('images of 784 entries') as string,
    })
    await expect(lab.call('model.evaluate', { ...request, model: join(home.folder, 'few.npz') })).rejects.toMatchObject(
      { code: 'value.range', message: expect.stringContaining('the model has 4 classes') as string },
    )
    await fromFile('khmodel.2.15.pty', 'kh')
    await expect(lab.call('model.evaluate', { ...request, model: 'kh', lebesgueNorm: 2 })).rejects.toMatchObject({
      code: 'value.range',
      message: expect.stringContaining('own Lebesgue norm of 3, got 2') as string,
    })
    rmSync(join(home.folder, 'small.npz'))
    expect(await codeOf(lab.call('model.evaluate', { ...request, model: join(home.folder, 'small.npz') }))).toBe(
      'model.missing',
    )
  })
})
