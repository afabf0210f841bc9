import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  LabError,
  type AttackSpec,
  type PlaneRequest,
  type RobustnessRequest,
  type RobustnessResult,
  type SpectrumRequest,
  type SweepRecord,
} from '../../contract/index.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { codeOf } from './lab/codeOf.js'
import { home, lab, labForEachTest, openAgain } from './lab/eachTest.js'
import { SCENES, sceneModel, sweepRequest } from './lab/probeSetup.js'
import { aLine, killedProcess } from './lab/killedProcess.js'

const holder = new URL('./lab/sweepHolder.ts', import.meta.url).pathname
const PGD: AttackSpec = {
  kind: 'pgd',
  norm: 'linf',
  target: null,
  steps: 3,
  stepSize: 1e-2,
  stepSizeRatio: 0.4,
  randomStart: true,
}

labForEachTest()
let one: string
let two: string
beforeEach(() => {
  one = join(home.folder, 'one.safetensors')
  two = join(home.folder, 'two.safetensors')
  writeFileSync(one, writeModelFile(sceneModel(1), 'safetensors'))
  writeFileSync(two, writeModelFile(sceneModel(2), 'safetensors'))
})

/** Follows a sweep until its state is among these. */
function reach(id: string, states: readonly SweepRecord['state'][], opened = lab): Promise<SweepRecord> {
  return new Promise((resolve, reject) => {
    const look = (record: SweepRecord | undefined): void => {
      if (record?.id !== id) return
      if (record.state === 'failed' && !states.includes('failed'))
        return reject(new Error(`${record.error?.code}: ${record.error?.message}`))
      if (!states.includes(record.state)) return
      stop()
      resolve(record)
    }
    const stop = opened.listen('robustness.changed', ({ record }) => look(record))
    opened.call('robustness.list', null).then((records) => look(records.find((record) => record.id === id)), reject)
  })
}
async function finished(request: RobustnessRequest, opened = lab): Promise<RobustnessResult> {
  const { id } = await opened.call('robustness.run', request)
  await reach(id, ['finished'], opened)
  return opened.call('robustness.get', { id })
}
const numbersOf = ({ passes }: RobustnessResult): unknown => passes.map(({ model: _, ...pass }) => pass)

describe('sweeps of the lab', { timeout: 240_000 }, () => {
  it('store passes as open files, pool seeds and models of a label, and are read back after a restart', async () => {
    const request = sweepRequest({
      models: [
        { model: one, label: 'A' },
        { model: two, label: 'B' },
      ],
      attack: PGD,
      seeds: [1, 2],
    })
    const result = await finished(request)
    expect(result.record).toMatchObject({ state: 'finished', done: 4000, total: 4000, executor: 'wasm', error: null })
    expect(result.record.models.map(({ label, imageNorm }) => `${label} ${imageNorm}`)).toEqual(['A 3', 'B 3'])
    expect(result.passes.map(({ model, seed }) => `${model.label}${seed}`)).toEqual(['A1', 'A2', 'B1', 'B2'])
    expect(result.series.map(({ label, seeds, keptImages }) => [label, seeds, keptImages])).toEqual([
      ['A', [1, 2], 40],
      ['B', [1, 2], 40],
    ])
    for (const { relativeAccuracy, relativeLower, relativeUpper, criticalNorm } of result.series) {
      relativeAccuracy.forEach((share, index) =>
        expect((relativeLower[index] as number) <= share && share <= (relativeUpper[index] as number)).toBe(true),
      )
      expect(criticalNorm?.medianInterval?.lower).toBeLessThanOrEqual(criticalNorm?.median ?? NaN)
    }
    const files = readdirSync(join(home.folder, 'archive/probes/robustness', result.record.id, 'passes/0'))
    expect(files).toEqual(
      expect.arrayContaining(['result.json', 'criticalNorm.npy', 'keptIndices.npy', 'relativeAccuracy.npy']),
    )
    await lab.close()
    await openAgain()
    expect(numbersOf(await lab.call('robustness.get', { id: result.record.id }))).toEqual(numbersOf(result))
    await lab.call('robustness.remove', { id: result.record.id })
    expect(await lab.call('robustness.list', null)).toEqual([])
    expect(await codeOf(lab.call('robustness.get', { id: result.record.id }))).toBe('probe.missing')
  })

  it('pause at any size, and go on to the same numbers', async () => {
    const request = sweepRequest({
      models: [{ model: one, label: 'A' }],
      attack: { ...PGD, steps: 12 },
      grid: { from: 1e-4, to: 0.1, count: 40, spacing: 'log' },
    })
    const whole = await finished(request)
    // What is known would be taken over.
    await lab.call('robustness.remove', { id: whole.record.id })
    const { id } = await lab.call('robustness.run', request)
    await reach(id, ['running'])
    expect(await codeOf(lab.call('robustness.remove', { id }))).toBe('probe.state')
    expect((await lab.call('robustness.pause', { id })).state).toBe('paused')
    expect(await codeOf(lab.call('robustness.pause', { id }))).toBe('probe.state')
    await lab.call('robustness.resume', { id })
    // The second time it has begun for certain.
    await new Promise<void>((resolve) => {
      const stop = lab.listen('robustness.changed', ({ record }) => {
        if (record.id !== id || record.done === 0) return
        stop()
        resolve()
      })
    })
    const again = await lab.call('robustness.pause', { id })
    expect(again.state).toBe('paused')
    expect(again.done > 0 && again.done < again.total).toBe(true)
    const part = await lab.call('robustness.partialPass', { id })
    const [pass] = whole.passes
    if (part === null || pass === undefined) throw new Error('nothing is in progress')
    expect([part.model.label, part.seed, part.keptImages]).toEqual(['A', 1, 20])
    // Where every image was attacked with a size, the part has what the whole pass found.
    const done = part.attacked.filter((images) => images === 20).length
    expect(part.attacked[0]).toBeGreaterThan(0)
    for (const curve of ['epsilons', 'relativeAccuracy', 'neverFooledYet'] as const)
      part[curve].subarray(0, done).forEach((value, index) => expect(value).toBeCloseTo(pass[curve][index] ?? NaN, 14))
    await lab.call('robustness.resume', { id })
    await reach(id, ['finished'])
    expect(numbersOf(await lab.call('robustness.get', { id }))).toEqual(numbersOf(whole))
    expect(await lab.call('robustness.partialPass', { id })).toBeNull()
    expect(await codeOf(lab.call('robustness.partialPass', { id: 'a-00000000' }))).toBe('probe.missing')
  })

  it('take over what another sweep measured of the very same model, and nothing else', async () => {
    const request = sweepRequest({ models: [{ model: one, label: 'A' }], attack: PGD, seeds: [1, 2] })
    const first = await finished(request)
    const copy = join(home.folder, 'copy.safetensors')
    writeFileSync(copy, writeModelFile(sceneModel(1), 'safetensors'))
    const more = {
      ...request,
      models: [
        { model: two, label: 'B' },
        { model: copy, label: 'C' },
      ],
      seeds: [2, 3],
      batchSize: 7,
      resamples: 3,
    }
    const second = await finished(more)
    // Of models B and C with seeds 2 and 3: C, the same content, with seed 2.
    expect(second.record).toMatchObject({
      state: 'finished',
      done: 4000,
      taken: { 2: first.record.id },
      executor: 'wasm',
      datasetHashes: first.record.datasetHashes,
    })
    expect(second.passes.map(({ model, seed }) => `${model.label}${seed}`)).toEqual(['B2', 'B3', 'C2', 'C3'])
    const [, known] = first.passes
    expect(second.passes[2]).toEqual({ ...known, model: second.record.models[1] })
    // Measured again it is the same.
    await lab.call('robustness.remove', { id: first.record.id })
    await lab.call('robustness.remove', { id: second.record.id })
    const again = await finished(more)
    expect(again.record.taken).toBeUndefined()
    expect(numbersOf(again)).toEqual(numbersOf(second))
    for (const other of [
      { grid: { ...more.grid, count: more.grid.count + 1 } },
      { images: 19 },
      { attack: { ...PGD, steps: 4 } },
      { imageNorm: 2 },
    ] as const) {
      expect(
        (await finished({ ...more, models: [{ model: copy, label: 'C' }], seeds: [2], ...other })).record.taken,
      ).toBeUndefined()
    }
  })

  it('measure what another sweep has and nobody can read', async () => {
    const request = sweepRequest({ models: [{ model: one, label: 'A' }], images: 5 })
    const first = await finished(request)
    writeFileSync(
      join(home.folder, 'archive', 'probes', 'robustness', first.record.id, 'passes', '0', 'criticalNorm.npy'),
      'no array',
    )
    const { id } = await lab.call('robustness.run', request)
    const { state, taken } = await reach(id, ['finished', 'failed'])
    expect([state, taken]).toEqual(['finished', undefined])
  })

  it('survive a kill: interrupted on opening, resumed to the same numbers', async () => {
    await lab.close()
    const id = (await killedProcess(holder, [home.folder, one], aLine)).trim()
    await openAgain()
    const [record] = await lab.call('robustness.list', null)
    expect(record).toMatchObject({ id, state: 'interrupted' })
    await lab.call('robustness.resume', { id })
    await reach(id, ['finished'])
    const resumed = numbersOf(await lab.call('robustness.get', { id }))
    await lab.call('robustness.remove', { id })
    expect(resumed).toEqual(numbersOf(await finished((record as SweepRecord).request)))
  })

  it('refuse: a model that changed, one that is not there, seeds of an attack without random numbers, grids that do not rise', async () => {
    const request = sweepRequest({ models: [{ model: one, label: 'A' }] })
    expect(await codeOf(lab.call('robustness.run', { ...request, models: [{ model: 'nobody', label: 'A' }] }))).toBe(
      'model.missing',
    )
    expect(await codeOf(lab.call('robustness.run', { ...request, seeds: [1, 2] }))).toBe('value.range')
    expect(
      await codeOf(lab.call('robustness.run', { ...request, grid: { from: 1, to: 0.1, count: 5, spacing: 'log' } })),
    ).toBe('value.range')
    expect(
      await codeOf(lab.call('robustness.run', { ...request, grid: { from: 0, to: 0.1, count: 5, spacing: 'log' } })),
    ).toBe('value.range')
    const done = await finished(request)
    writeFileSync(one, writeModelFile(sceneModel(9), 'safetensors'))
    expect(
      await codeOf(lab.call('robustness.gallery', { id: done.record.id, models: ['A'], images: [0], epsilon: 0.1 })),
    ).toBe('probe.changed')
    expect(
      await codeOf(lab.call('robustness.gallery', { id: done.record.id, models: ['Z'], images: [0], epsilon: 0.1 })),
    ).toBe('run.nothingToShow')
    const { id } = await lab
      .call('robustness.run', { ...request, dataset: { kind: 'mnist', imageLimit: null } })
      .catch((error: unknown) => ({ id: error instanceof LabError ? error.code : '' }))
    expect(id).toBe('dataset.missing')
  })

  it('refuse a model that does not fit the images, before anything is stored', async () => {
    const { facts, tensors } = sceneModel(1)
    writeFileSync(
      one,
      writeModelFile(
        {
          facts: { ...facts, inputSize: 12 },
          tensors: { ...tensors, weights: tensors.weights.slice(0, 12 * facts.hiddenUnits) },
        },
        'safetensors',
      ),
    )
    const before = (await lab.call('robustness.list', null)).length
    expect(await codeOf(lab.call('robustness.run', sweepRequest({ models: [{ model: one, label: 'A' }] })))).toBe(
      'shape.mismatch',
    )
    expect(await lab.call('robustness.list', null)).toHaveLength(before)
  })

  it('fail with a code when no image is left to attack, and stay in the list', async () => {
    const { facts, tensors } = sceneModel(1)
    // Every image is taken for class 0, which is the one to reach.
    writeFileSync(
      one,
      writeModelFile(
        {
          facts,
          tensors: { ...tensors, bias: Float32Array.from(tensors.bias ?? [], (_, index) => (index === 0 ? 1e6 : 0)) },
        },
        'safetensors',
      ),
    )
    const { id } = await lab.call(
      'robustness.run',
      sweepRequest({ models: [{ model: one, label: 'A' }], attack: { kind: 'fgsm', norm: 'linf', target: 0 } }),
    )
    expect((await reach(id, ['failed'])).error?.code).toBe('probe.noneCorrect')
  })
})

describe('galleries and cards', { timeout: 240_000 }, () => {
  it('show what the sweep found: its classes flip at the critical size and not below', async () => {
    const {
      record,
      passes: [pass],
    } = await finished(sweepRequest({ models: [{ model: one, label: 'A' }] }))
    const images = [...(pass?.keptIndices.subarray(0, 4) ?? [])]
    const critical = await lab.call('robustness.gallery', { id: record.id, models: ['A'], images, epsilon: null })
    const [row] = critical.rows
    expect(critical.shape).toEqual([32, 32, 3])
    images.forEach((_, place) => {
      expect(row?.cleanClasses[place]).toBe(critical.labels[place])
      expect(row?.epsilons[place]).toBe(pass?.criticalEpsilon[place])
      if (Number.isNaN(row?.epsilons[place])) return
      expect(row?.adversarialClasses[place]).not.toBe(critical.labels[place])
      expect(row?.norms[place]).toBeCloseTo(row?.criticalNorm[place] ?? NaN, 5)
    })
    const sums = Array.from(
      { length: 4 },
      (_, place) =>
        row?.adversarialProbabilities.subarray(place * 10, place * 10 + 10).reduce((sum, value) => sum + value, 0) ??
        NaN,
    )
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5)
    const none = (await lab.call('robustness.gallery', { id: record.id, models: ['A'], images, epsilon: 0 })).rows[0]
    expect([...(none?.adversarialClasses ?? [])]).toEqual([...critical.labels])
    expect(
      [...(none?.adversarial ?? [])].every((value, index) => Math.abs(value - (critical.clean[index] as number)) <= 1),
    ).toBe(true)
  })

  it('a sweep whose files are damaged hides no other', async () => {
    const first = await finished(sweepRequest({ models: [{ model: one, label: 'A' }] }))
    const second = await finished(
      sweepRequest({ models: [{ model: one, label: 'A' }], attack: { kind: 'fgsm', norm: 2, target: null } }),
    )
    writeFileSync(
      join(home.folder, 'archive/probes/robustness', first.record.id, 'passes/0/criticalNorm.npy'),
      'not what it was',
    )
    expect(await codeOf(lab.call('robustness.get', { id: first.record.id }))).toBe('file.damaged')
    expect(numbersOf(await lab.call('robustness.get', { id: second.record.id }))).toEqual(numbersOf(second))
    const card = await lab.call('robustness.card', {
      model: one,
      dataset: first.record.dataset,
      split: first.record.split,
      imageNorm: null,
      executor: 'wasm',
      images: 20,
      seed: 1,
    })
    expect(card.attacks.map(({ id }) => id)).toEqual([second.record.id])
  })

  it('a card gathers the sweeps of its model and tries its gradients', async () => {
    const { record } = await finished(sweepRequest({ models: [{ model: one, label: 'A' }] }))
    await finished(sweepRequest({ models: [{ model: two, label: 'B' }] }))
    const { dataset, split, imageNorm, executor } = record.request
    const card = await lab.call('robustness.card', {
      model: one,
      dataset,
      split,
      imageNorm,
      executor,
      images: 20,
      seed: 1,
    })
    expect(card.attacks.map(({ id }) => id)).toEqual([record.id])
    expect(card.checks.map(({ check }) => check)).toEqual([
      'zeroGradients',
      'randomBeatsFgsm',
      'fgsmBeatsPgd',
      'moreStepsWeaker',
      'allFooled',
    ])
    expect(card.checks.every(({ passed }) => passed !== null)).toBe(true)
    expect(card.warnings.length).toBe(card.checks.filter(({ passed }) => passed === false).length)
    expect(card.cleanAccuracy).toBeGreaterThan(0)
  })
})

describe('spectra and planes of the lab', { timeout: 240_000 }, () => {
  const spectrumRequest = (changes: Partial<SpectrumRequest>): SpectrumRequest => ({
    model: one,
    source: 'hidden',
    dataset: SCENES,
    split: 'test',
    imageNorm: null,
    executor: 'wasm',
    images: 60,
    units: null,
    window: [2, 10],
    mapSize: 4,
    resamples: 3,
    level: 0.9,
    shuffles: 2,
    crossValidation: { shift: 1, mirror: true, noise: 1 },
    seed: 4,
    ...changes,
  })
  it('measure once, then read back the same arrays', async () => {
    const first = await lab.call('spectrum.ofModel', spectrumRequest({}))
    expect(first).toMatchObject({ width: 12, images: 60, origin: { executor: 'wasm' }, model: { label: one } })
    expect(first.crossValidated?.covariances.length).toBe(12)
    const again = await lab.call('spectrum.ofModel', spectrumRequest({}))
    expect(again).toEqual(first)
    expect((await lab.call('spectrum.list', null)).map(({ id }) => id)).toEqual([first.id])
    expect(await lab.call('spectrum.get', { id: first.id })).toEqual(first)
    expect(
      (await lab.call('spectrum.fits', { eigenvalues: first.eigenvalues, window: [2, 10], rank: first.rank })).fit,
    ).toEqual(first.fit)
    expect(await lab.call('spectrum.map', { eigenvalues: first.eigenvalues, size: 4, rank: first.rank })).toEqual(
      first.map,
    )
    const json = JSON.parse(
      readFileSync(join(home.folder, 'archive/probes/spectra', first.id, 'result.json'), 'utf8'),
    ) as { eigenvalues: { npy: string } }
    expect(json.eigenvalues).toEqual({ npy: 'eigenvalues.npy' })
    await lab.call('spectrum.remove', { id: first.id })
    expect(await codeOf(lab.call('spectrum.get', { id: first.id }))).toBe('probe.missing')
    expect(
      (
        await lab.call(
          'spectrum.ofModel',
          spectrumRequest({
            model: null,
            source: 'data',
            units: [5, 20],
            window: [2, 12],
            resamples: 0,
            shuffles: 0,
            crossValidation: null,
          }),
        )
      ).growing.map(({ eigenvalues }) => eigenvalues.length),
    ).toEqual([5, 20])
    expect(await codeOf(lab.call('spectrum.ofModel', spectrumRequest({ model: null })))).toBe('value.range')
    expect(await codeOf(lab.call('spectrum.ofModel', spectrumRequest({ window: [5, 6] })))).toBe('value.range')
  })

  it('measure noise of the size that the model sees, and refuse one that was asked for otherwise', async () => {
    const small = sceneModel(3)
    const path = join(home.folder, 'small.safetensors')
    writeFileSync(
      path,
      writeModelFile(
        {
          facts: { ...small.facts, inputSize: 784 },
          tensors: { ...small.tensors, weights: small.tensors.weights.slice(0, 12 * 784) },
        },
        'safetensors',
      ),
    )
    const noise = { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 4 } as const
    const request = spectrumRequest({ model: path, dataset: noise, resamples: 0, shuffles: 0, crossValidation: null })
    const spectrum = await lab.call('spectrum.ofModel', request)
    expect(spectrum).toMatchObject({
      width: 12,
      images: 60,
      request: { dataset: noise },
      origin: { dataset: { ...noise, shape: [28, 28, 1] } },
    })
    expect(
      (await lab.call('spectrum.ofModel', { ...request, dataset: { ...noise, shape: [28, 28, 1] } })).eigenvalues,
    ).toEqual(spectrum.eigenvalues)
    expect(await codeOf(lab.call('spectrum.ofModel', { ...request, dataset: { ...noise, shape: [32, 32, 3] } }))).toBe(
      'shape.mismatch',
    )
    expect(
      await codeOf(lab.call('spectrum.ofModel', { ...request, dataset: { ...noise, shape: [4096, 4096, 3] } })),
    ).toBe('value.range')
    // A model of the paper's images sees what the paper has.
    expect((await lab.call('spectrum.ofModel', { ...request, model: one })).origin.dataset).toEqual(noise)
  })

  const planeRequest = (changes: Partial<PlaneRequest>): PlaneRequest => ({
    models: [
      { model: one, label: 'A' },
      { model: two, label: 'B' },
    ],
    dataset: SCENES,
    split: 'test',
    imageNorm: null,
    executor: 'wasm',
    plane: { kind: 'random', image: 3, seed: 1 },
    first: [-4, 4],
    second: [-2, 2],
    size: 40,
    jacobian: 'corrected',
    ticket: null,
    ...changes,
  })
  it('planes come coarse first, then fine, agree with themselves, and are read back', async () => {
    const coarse: number[] = []
    lab.listen('plane.coarse', ({ ticket, result }) => {
      expect(ticket).toBe('mine')
      coarse.push(result.size)
    })
    const plane = await lab.call('plane.compute', planeRequest({ ticket: 'mine' }))
    expect(coarse).toEqual([25])
    expect(plane.maps.map(({ model, labels }) => [model.label, labels.length])).toEqual([
      ['A', 1600],
      ['B', 1600],
    ])
    expect([plane.firstAxis[0], plane.firstAxis[39], plane.secondAxis[0], plane.secondAxis[39]]).toEqual([-4, 4, -2, 2])
    expect(plane.agreement.map(({ a, b }) => `${a}${b}`)).toEqual(['AB'])
    expect(await lab.call('plane.get', { id: plane.id })).toEqual(plane)
    expect((await lab.call('plane.compute', planeRequest({}))).id).toBe(plane.id)
    const same = await lab.call(
      'plane.compute',
      planeRequest({
        models: [
          { model: one, label: 'A' },
          { model: one, label: 'again' },
        ],
      }),
    )
    expect(same.agreement[0]).toMatchObject({ agreement: 1, meanIntersectionOverUnion: 1 })
    const { models: _, size: _size, first: _first, second: _second, ticket: _ticket, ...common } = planeRequest({})
    const point = await lab.call('plane.point', {
      ...common,
      models: [{ model: one, label: 'A' }],
      position: [1, -0.5],
      pathPoints: 9,
      reach: 10,
    })
    expect(point.distance).toBeCloseTo(Math.hypot(1, 0.5), 12)
    expect(point.models[0]?.path.length).toBe(90)
    expect(point.models[0]?.path.slice(80).reduce((most, value) => Math.max(most, value))).toBeCloseTo(
      point.models[0]?.confidence ?? NaN,
      5,
    )
    await lab.call('plane.remove', { id: plane.id })
    expect((await lab.call('plane.list', null)).map(({ id }) => id)).toEqual([same.id])
  })
  it('through three images, along an attack, along given directions; anchors on a line are refused', async () => {
    const through = await lab.call(
      'plane.compute',
      planeRequest({ plane: { kind: 'images', images: [1, 2, 3] }, size: 10 }),
    )
    expect(through.geometry.anchors.map(({ name }) => name)).toEqual(['A', 'B', 'C'])
    const { u, v } = through.geometry
    const given = await lab.call(
      'plane.compute',
      planeRequest({ plane: { kind: 'directions', image: 1, u, v }, size: 10 }),
    )
    expect(given.maps[0]?.labels).toEqual(through.maps[0]?.labels)
    const attacked = await lab.call(
      'plane.compute',
      planeRequest({
        plane: {
          kind: 'adversarial',
          image: 1,
          model: one,
          attack: { kind: 'fgsm', norm: 2, target: null },
          epsilon: 0.5,
          seed: 1,
        },
        size: 10,
      }),
    )
    expect(attacked.geometry.anchors.length).toBe(1)
    expect(
      await codeOf(lab.call('plane.compute', planeRequest({ plane: { kind: 'images', images: [1, 1, 3] } }))),
    ).toBe('probe.anchors')
    expect(
      await codeOf(lab.call('plane.compute', planeRequest({ plane: { kind: 'directions', image: 1, u, v: u } }))),
    ).toBe('probe.anchors')
    expect(await codeOf(lab.call('plane.compute', planeRequest({ first: [2, -2] })))).toBe('value.range')
  })
})
