import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BEND_LIMIT, defaultWindow, fitWarnings, numericalRank, type MeasuredRequest } from '../../../contract/index.js'
import type { ImageSource } from '../../../engine/datasets/imageSource.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { symmetricEigenvalues } from '../../../engine/linalg/symmetricEigen.js'
import { distinctUnits } from '../../../engine/probes/distinctUnits.js'
import { augmented } from '../../../engine/probes/spectra/augmentation.js'
import {
  curvature,
  densityExponent,
  fitWeighted,
  spectrumFits,
  windowMap,
  windowMapOrNote,
} from '../../../engine/probes/spectra/fits.js'
import { modelSpectrum, type MeasuredSpectrum } from '../../../engine/probes/spectra/modelSpectrum.js'
import { marchenkoPastur, type SpectrumTools } from '../../../engine/probes/spectra/resampling.js'
import { fitPowerLaw, participationRatio } from '../../../engine/probes/powerLawFit.js'
import { randomStream } from '../../../engine/random/index.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { expectClose, float32Of, goldenFile, type GoldenArray } from '../../goldenFiles.js'
import { presentExecutors } from '../../presentExecutors.js'
import { weightsOf } from '../training/networkGoldens.js'
import { jacobiEigen } from './jacobiEigen.js'
import { arraySource, randomProblem } from './probeGoldens.js'

interface SpectrumFile {
  cases: {
    true_alpha: number
    X: GoldenArray
    hidden_sizes: number[]
    spectra: GoldenArray[]
    window: [number, number]
    fit: Record<string, number>
  }[]
  hidden_layers: Record<
    'shlp_W' | 'shlp_spectrum' | 'shlp_spectrum_first_7_units' | 'fkhl3_W' | 'fkhl3_spectrum',
    GoldenArray
  > & { fkhl3_p: number }
}
const golden = goldenFile<SpectrumFile>('covariance_spectrum')

const request = (changes: Partial<MeasuredRequest>): MeasuredRequest => ({
  model: 'm',
  source: 'hidden',
  dataset: { kind: 'cifar10', imageLimit: null },
  split: 'test',
  imageNorm: 3,
  images: null,
  units: null,
  window: [1, 10],
  mapSize: 0,
  resamples: 0,
  level: 0.95,
  shuffles: 0,
  crossValidation: null,
  seed: 1,
  executor: 'auto',
  ...changes,
})

/** Normal images whose covariance has the spectrum n^-exponent along the axes. */
function powerLawImages(count: number, exponent: number, seed: number): ImageSource {
  const random = randomStream(seed, 'power law images')
  return arraySource(
    Float32Array.from({ length: count * 48 }, (_, index) => ((index % 48) + 1) ** (-exponent / 2) * random.normal()),
    [4, 4, 3],
    new Uint8Array(count),
  )
}

describe.each(await presentExecutors())('spectra on %s', (name) => {
  let executor: Executor
  let tools: SpectrumTools
  beforeAll(async () => {
    executor = await startExecutor(name)
    tools = {
      executor,
      eigenvalues: async (matrix, size) => symmetricEigenvalues(matrix, size),
      eigen: async (matrix, size) => jacobiEigen(matrix, size),
      step: () => undefined,
    }
  })
  afterAll(() => executor.dispose())

  it.each(golden.cases.map((each) => [each.true_alpha, each] as const))(
    'data of exponent %d: growing spectra and fit of the original',
    async (_, each) => {
      const source = arraySource(float32Of(each.X), [4, 4, 3], new Uint8Array(200))
      const measured = await modelSpectrum(
        request({
          model: null,
          source: 'data',
          units: each.hidden_sizes,
          window: [each.window[0] + 1, each.window[1]],
        }),
        null,
        source,
        3,
        tools,
      )
      expect(measured.growing.map(({ units }) => units)).toEqual(each.hidden_sizes)
      measured.growing.forEach(({ eigenvalues }, index) =>
        expectClose(eigenvalues, float32Of(each.spectra[index] as GoldenArray), 1e-4),
      )
      expect(measured.fit?.slope).toBeCloseTo(each.fit['slope'] ?? NaN, 4)
      expect(measured.fit?.window).toEqual([11, 40])
      expect(measured.densityExponent).toBeCloseTo(1 + 1 / each.true_alpha, 3)
    },
  )

  it('hidden layers of the original, whole and by their first units', async () => {
    const { hidden_layers: file } = golden
    const source = arraySource(float32Of(golden.cases[1]?.X as GoldenArray), [4, 4, 3], new Uint8Array(200))
    const { network } = randomProblem('perceptron', 1, 1)
    const of = (weights: GoldenArray, kind: 'perceptron' | 'hybrid'): Parameters<typeof modelSpectrum>[1] => ({
      ...network,
      options: { ...network.options, kind, lebesgueNorm: file.fkhl3_p },
      parameters: {
        ...network.parameters,
        weights: weightsOf(weights),
        dense: { data: new Float32Array(4 * 16), shape: [4, 16] },
      },
    })
    const perceptron = await modelSpectrum(request({ units: [7, 16] }), of(file.shlp_W, 'perceptron'), source, 3, tools)
    expectClose(perceptron.growing[0]?.eigenvalues ?? [], float32Of(file.shlp_spectrum_first_7_units), 1e-4)
    expectClose(perceptron.eigenvalues, float32Of(file.shlp_spectrum), 1e-4)
    expectClose(
      (await modelSpectrum(request({ units: [7] }), of(file.shlp_W, 'perceptron'), source, 3, tools)).eigenvalues,
      float32Of(file.shlp_spectrum_first_7_units),
      1e-4,
    )
    expectClose(
      (await modelSpectrum(request({}), of(file.fkhl3_W, 'hybrid'), source, 3, tools)).eigenvalues,
      float32Of(file.fkhl3_spectrum),
      1e-4,
    )
  })

  it.each(['perceptron', 'tanhPerceptron', 'hybrid'] as const)(
    '%s: latent and logits are those of a forward pass, by the trace of their covariance',
    async (kind) => {
      const { network, source } = randomProblem(kind, 4, kind === 'hybrid' ? 4.5 : 1, 40)
      const weights = network.parameters['weights']?.data ?? []
      const dense = network.parameters['dense']?.data ?? []
      const image = new Float32Array(48)
      const latents = Array.from({ length: 40 }, (_, index) => {
        source.read(index, image, 0)
        return Array.from({ length: 20 }, (_unit, unit) => {
          const h = image.reduce((sum, value, entry) => {
            const weight = weights[unit * 48 + entry] as number
            return sum + value * (kind === 'hybrid' ? weight * Math.abs(weight) : weight)
          }, 0)
          return kind === 'tanhPerceptron' ? Math.tanh(h) : Math.max(0, h) ** (kind === 'hybrid' ? 4.5 : 1)
        })
      })
      const logits = latents.map((latent) =>
        Array.from({ length: 4 }, (_, each) =>
          latent.reduce((sum, value, unit) => sum + value * (dense[each * 20 + unit] as number), 0),
        ),
      )
      const trace = (rows: number[][]): number =>
        (rows[0] ?? []).reduce((sum, _, column) => {
          const values = rows.map((row) => row[column] as number)
          const mean = values.reduce((total, value) => total + value, 0) / values.length
          return sum + values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1)
        }, 0)
      for (const [layer, rows] of [
        ['latent', latents],
        ['logits', logits],
      ] as const) {
        const { eigenvalues } = await modelSpectrum(
          request({ source: layer, window: [1, 4] }),
          network,
          source,
          3,
          tools,
        )
        expect(eigenvalues.reduce((sum, value) => sum + value, 0) / trace(rows)).toBeCloseTo(1, 5)
      }
    },
  )

  it('band, nulls and map of data with a known law', async () => {
    const exponent = 1.5
    const run = (seed: number): Promise<MeasuredSpectrum> =>
      modelSpectrum(
        request({ model: null, source: 'data', window: [2, 40], mapSize: 12, resamples: 20, shuffles: 5, seed }),
        null,
        powerLawImages(600, exponent, 3),
        3,
        tools,
      )
    const measured = await run(1)
    expect(measured.fit?.slope).toBeCloseTo(-exponent, 0)
    const { bootstrap, shuffled, map } = measured
    measured.eigenvalues.forEach((value, rank) => {
      expect(bootstrap?.lower[rank]).toBeLessThan(bootstrap?.upper[rank] ?? NaN)
      // A resample spreads eigenvalues a little: the first ones grow, the last ones shrink.
      if (rank < 5) expect(value).toBeGreaterThan((bootstrap?.lower[rank] ?? NaN) * 0.85)
    })
    expect(bootstrap?.slope?.lower).toBeLessThan(bootstrap?.slope?.upper ?? NaN)
    // The columns are independent already: shuffling changes little, and the trace not at all.
    expect(shuffled?.mean.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      measured.eigenvalues.reduce((sum, value) => sum + value, 0),
      8,
    )
    expect(shuffled?.above).toBeLessThan(40)
    map?.slopes.forEach((slope, at) => {
      const window = [map.starts[Math.floor(at / map.ends.length)] ?? 0, map.ends[at % map.ends.length] ?? 0] as const
      if (window[1] - window[0] < 2) expect(slope).toBeNaN()
      else expect(slope).toBeCloseTo(fitPowerLaw(measured.eigenvalues, window).slope, 8)
    })
    expect(await run(1)).toEqual(measured)
    expect((await run(2)).bootstrap).not.toEqual(bootstrap)
  })

  it('fewer images than columns, doubled and dead units, and layers wider than their inputs: fits stop at the rank', async () => {
    const few = await modelSpectrum(
      request({ model: null, source: 'data', window: [5, 48], mapSize: 6 }),
      null,
      powerLawImages(20, 1.5, 3),
      3,
      tools,
    )
    expect([few.rank, few.fit?.window]).toEqual([19, [5, 19]])
    expect(few.map?.ends.at(-1)).toBe(19)
    expect(few.warnings[0]).toContain('stops at rank 19')
    const { network } = randomProblem('perceptron', 3, 1)
    const random = randomStream(5, 'power law images')
    const layer = (units: number, change: (weights: Float32Array) => void): typeof network => {
      const weights = Float32Array.from({ length: units * 48 }, () => random.normal())
      change(weights)
      return {
        ...network,
        parameters: {
          ...network.parameters,
          weights: { data: weights, shape: [units, 48] },
          dense: { data: new Float32Array(4 * units), shape: [4, units] },
        },
      }
    }
    const doubled = layer(40, (weights) => weights.copyWithin(30 * 48, 0, 10 * 48).fill(0, 28 * 48, 30 * 48))
    const wide = layer(90, () => undefined)
    const images = powerLawImages(800, 0.5, 4)
    for (const [source, model, rank] of [
      ['hidden', doubled, 28],
      ['latent', doubled, 28],
      ['hidden', wide, 48],
    ] as const) {
      const measured = await modelSpectrum(request({ source, window: [3, 90] }), model, images, 3, tools)
      expect([source, measured.rank, measured.fit?.window[1]]).toEqual([source, rank, rank])
    }
  })
  it('a map that a small spectrum does not have costs nothing else', async () => {
    const { network, source } = randomProblem('perceptron', 4, 1, 40)
    const measured = await modelSpectrum(
      request({ source: 'logits', window: [1, 4], mapSize: 4 }),
      network,
      source,
      3,
      tools,
    )
    expect(measured.fit).not.toBeNull()
    expect(measured).toMatchObject({ map: null, mapNote: expect.stringContaining('at least 5') as string })
  })

  it('correlated columns are above the null of shuffling and the Marchenko-Pastur edge; independent ones do not', async () => {
    const random = randomStream(8, 'columns')
    const independent = arraySource(
      Float32Array.from({ length: 800 * 48 }, () => random.normal()),
      [4, 4, 3],
      new Uint8Array(800),
    )
    const shared = Float32Array.from({ length: 800 * 3 }, () => random.normal())
    const correlated: ImageSource = {
      ...independent,
      read: (index, target, offset) => {
        independent.read(index, target, offset)
        for (let entry = 0; entry < 48; entry++)
          target[offset + entry] = (target[offset + entry] as number) + (shared[index * 3 + (entry % 3)] as number)
      },
    }
    const of = (source: ImageSource): Promise<MeasuredSpectrum> =>
      modelSpectrum(request({ model: null, source: 'data', shuffles: 8 }), null, source, 3, tools)
    const [flat, three] = [await of(independent), await of(correlated)]
    expect(three.shuffled?.above).toBe(3)
    expect(three.marchenkoPastur.above).toBe(3)
    expect(flat.marchenkoPastur.above).toBe(0)
    expect(flat.marchenkoPastur.upper).toBeCloseTo((1 + Math.sqrt(48 / 800)) ** 2, 1)
    expect(flat.participationRatio).toBeGreaterThan(40)
    expect(three.participationRatio).toBeLessThan(10)
  })

  it('cross-validation recovers the variance that repeats share, and noise averages out', async () => {
    const source = powerLawImages(1500, 2, 5)
    const noisy = request({
      model: null,
      source: 'data',
      window: [1, 8],
      crossValidation: { shift: 0, mirror: false, noise: 0.3 },
    })
    const { crossValidated, eigenvalues } = await modelSpectrum(noisy, null, source, 3, tools)
    // Without noise the two repeats are the same images, and the covariances their eigenvalues.
    const clean = await modelSpectrum(
      { ...noisy, crossValidation: { shift: 0, mirror: false, noise: 0 } },
      null,
      source,
      3,
      tools,
    )
    expectClose(clean.crossValidated?.covariances ?? [], eigenvalues, 1e-8)
    expect(clean.crossValidated?.reliable).toBe(48)
    for (let rank = 0; rank < 4; rank++)
      expect((crossValidated?.covariances[rank] ?? NaN) / (eigenvalues[rank] as number)).toBeCloseTo(1, 0)
    // Noise of variance 0.09 would lie under every direction of a plain spectrum; n^-2 is below it from n = 4 on.
    expect(crossValidated?.covariances.slice(24).reduce((sum, value) => sum + value, 0)).toBeLessThan(24 * 0.09 * 0.1)
    expect(crossValidated?.fit?.slope).toBeCloseTo(-2, 0)
  })

  it('refuses too many units, another input size, one image, NaN, and stops when asked', async () => {
    const { network, source } = randomProblem('perceptron', 4, 1, 20)
    await expect(modelSpectrum(request({ units: [21] }), network, source, 3, tools)).rejects.toMatchObject({
      code: 'value.range',
    })
    await expect(
      modelSpectrum(request({}), network, arraySource(new Float32Array(24), [2, 2, 3], [0, 0]), 3, tools),
    ).rejects.toMatchObject({ code: 'shape.mismatch' })
    await expect(modelSpectrum(request({ images: 1 }), network, source, 3, tools)).rejects.toMatchObject({
      code: 'value.range',
    })
    await expect(
      modelSpectrum(
        request({ source: 'data' }),
        null,
        arraySource(new Float32Array(96).fill(NaN, 60, 61), [4, 4, 3], [0, 0]),
        3,
        tools,
      ),
    ).rejects.toMatchObject({ code: 'probe.notANumber', message: expect.stringContaining('image 1') })
    await expect(
      modelSpectrum(request({}), network, source, 3, {
        ...tools,
        step: () => {
          throw new Error('stopped')
        },
      }),
    ).rejects.toThrow('stopped')
  })
})

describe('fits of a spectrum', () => {
  const exact = Float64Array.from({ length: 300 }, (_, index) => 3 * (index + 1) ** -1.25)
  it('of an exact law: all estimators agree, nothing bends', () => {
    const fits = spectrumFits(exact, [5, 200], 300)
    expect(fits.fit?.slope).toBeCloseTo(-1.25, 10)
    expect(fits.weighted?.slope).toBeCloseTo(-1.25, 10)
    expect(fits.curvature).toBeCloseTo(0, 8)
    expect(fits.densityExponent).toBeCloseTo(1 + 1 / 1.25, 10)
    expect(
      windowMap(exact, 20, 300)
        .slopes.filter((slope) => !Number.isNaN(slope))
        .every((slope) => Math.abs(slope + 1.25) < 1e-9),
    ).toBe(true)
  })
  it('of a parabola in ln n: the curvature is its coefficient', () => {
    const bent = Float64Array.from({ length: 300 }, (_, index) =>
      Math.exp(-0.5 * Math.log(index + 1) - 0.3 * Math.log(index + 1) ** 2),
    )
    expect(curvature(bent, [3, 100])).toBeCloseTo(-0.3, 8)
  })
  it('weights of 1/n are those of the normal equations', () => {
    const values = Float64Array.of(1, 0.7, 0.2, 0.15, 0.03)
    const x = [1, 2, 3, 4, 5].map(Math.log)
    const y = [...values].map(Math.log)
    const w = [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    const s = (of: (i: number) => number): number => w.reduce((sum, weight, index) => sum + weight * of(index), 0)
    const [sw, sx, sy, sxx, sxy] = [
      s(() => 1),
      s((i) => x[i] as number),
      s((i) => y[i] as number),
      s((i) => (x[i] as number) ** 2),
      s((i) => (x[i] as number) * (y[i] as number)),
    ]
    expect(fitWeighted(values, [1, 5]).slope).toBeCloseTo((sw * sxy - sx * sy) / (sw * sxx - sx * sx), 12)
  })
  it('windows with fewer than three points give no fit and say why; a map needs five ranks', () => {
    expect(spectrumFits(exact, [299, 400], 300)).toMatchObject({
      fit: null,
      weighted: null,
      curvature: null,
      densityExponent: null,
      fitNote:
        'expected at least three positive eigenvalues in ranks 299 to 400, got 2: the spectrum has 300 eigenvalues',
    })
    expect(() => windowMap(Float64Array.of(1, 0.5, 0, 0, 0, 0), 5, 2)).toThrow(
      expect.objectContaining({ code: 'probe.window' }),
    )
    expect(densityExponent(0.1)).toBeNull()
  })
  it('Marchenko-Pastur edges of a worked example', () => {
    const { lower, upper, above } = marchenkoPastur(Float64Array.of(9, 1, 1, 1), 16)
    expect(lower).toBeCloseTo(3 * 0.25, 12)
    expect(upper).toBeCloseTo(3 * 2.25, 12)
    expect(above).toBe(1)
    expect(participationRatio(Float64Array.of(9, 1, 1, 1))).toBeCloseTo(144 / 84, 12)
  })
})

describe('numerical rank', () => {
  const noise = (count: number, size: number): number[] =>
    Array.from({ length: count }, (_, index) => size * (1 - (2 * index) / (count - 1)))
  it('ends where eigenvalues are rounding errors of float64, as numpy.linalg.matrix_rank', () => {
    const law = Array.from({ length: 19 }, (_, index) => (index + 1) ** -2)
    expect(numericalRank([...law, ...noise(81, 4e-16)], { images: null })).toBe(19)
    expect(numericalRank([1, 2e-12, 1e-13], { images: 5000 })).toBe(2)
    expect(numericalRank([1, 2e-12, 1e-13], { images: 500 })).toBe(2)
    expect(numericalRank([1, 1e-13, 1e-14], { images: 1000 })).toBe(1)
    expect(numericalRank([0, 0], { images: 10 })).toBe(0)
    expect(numericalRank([], { images: 10 })).toBe(0)
  })
  it('knows larger rounding errors by negative eigenvalues, which no covariance has', () => {
    expect(numericalRank([1, 0.5, 1e-3, ...noise(50, 2e-8)], { images: 10_000 })).toBe(3)
  })
  it('is no more than images less one, and no more than distinct columns', () => {
    const values = Array.from({ length: 30 }, (_, index) => 1 / (index + 1))
    expect([
      numericalRank(values, { images: 21 }),
      numericalRank(values, { images: null, columns: 7 }),
      numericalRank(values, { images: 1 }),
    ]).toEqual([20, 7, 0])
  })
  it('counts units that are distinct and not dead', () => {
    const weights = Float32Array.of(1, 2, 0, -0, 1, 2, 2, 1, 1, -2)
    expect(distinctUnits(weights, 5, 2)).toBe(3)
    expect(distinctUnits(weights, 2, 2)).toBe(1)
  })
  it('stops fits, their curvature and the map, which say so', () => {
    const values = Float64Array.from([
      ...Array.from({ length: 19 }, (_, index) => (index + 1) ** -1.5),
      ...noise(81, 4e-16),
    ])
    const fits = spectrumFits(values, [5, 100], numericalRank(values, { images: 20 }))
    expect(fits.fit).toMatchObject({ slope: expect.closeTo(-1.5, 9) as number, window: [5, 19] })
    expect(fits.curvature).toBeCloseTo(0, 8)
    expect(fits.densityExponent).toBeCloseTo(1 + 1 / 1.5, 9)
    expect(fits.warnings).toEqual([
      'The fit over ranks 5 to 100 stops at rank 19: the numerical rank of the spectrum is 19, and the eigenvalues after it are rounding errors.',
    ])
    expect(fitPowerLaw(values, [5, 100]).window).toEqual([5, 19])
    expect([...windowMap(values, 10, 19).ends].at(-1)).toBe(19)
    expect(windowMapOrNote(values, 10, 4)).toEqual({
      map: null,
      mapNote: 'expected a numerical rank of at least 5 for a window map, got 4',
    })
    expect(windowMapOrNote(values, 0, 4)).toEqual({ map: null, mapNote: null })
  })
  it('warns of a bend, and of nothing where there is nothing', () => {
    expect(fitWarnings({ window: [11, 200] }, { window: [11, 200], ranks: 400, rank: 400, curvature: -0.1 })).toEqual(
      [],
    )
    expect(
      fitWarnings({ window: [11, 400] }, { window: [11, 500], ranks: 400, rank: 400, curvature: -BEND_LIMIT - 0.01 }),
    ).toHaveLength(2)
  })
  it("default windows end at half of the ranks of a layer, and never beyond the paper's", () => {
    expect([null, 2000, 400, 100, 24, 10, 5].map((ranks) => defaultWindow('dataset', ranks))).toEqual([
      [11, 500],
      [11, 500],
      [11, 200],
      [11, 50],
      [1, 12],
      [1, 5],
      [1, 3],
    ])
    expect([2000, 400, 100].map((ranks) => defaultWindow('noise', ranks))).toEqual([
      [11, 100],
      [11, 100],
      [11, 50],
    ])
  })
})

describe('augmented repeats', () => {
  const source = arraySource(
    Float32Array.from({ length: 48 * 3 }, (_, index) => index),
    [4, 4, 3],
    [0, 0, 0],
  )
  const read = (from: ImageSource, index: number): Float32Array => {
    const image = new Float32Array(48)
    from.read(index, image, 0)
    return image
  }
  it('keep their pixels, move them by whole steps, and are keyed by seed, repeat and image', () => {
    const shifted = augmented(source, { shift: 2, mirror: true, noise: 0 }, 5, 0)
    for (const index of [0, 1, 2])
      expect(
        [...read(shifted, index)].every(
          (value) => value >= index * 48 && value < (index + 1) * 48 && Number.isInteger(value),
        ),
      ).toBe(true)
    expect(read(augmented(source, { shift: 2, mirror: true, noise: 0 }, 5, 0), 1)).toEqual(read(shifted, 1))
    expect(read(augmented(source, { shift: 2, mirror: true, noise: 1 }, 5, 1), 1)).not.toEqual(
      read(augmented(source, { shift: 2, mirror: true, noise: 1 }, 5, 0), 1),
    )
    expect(read(augmented(source, { shift: 0, mirror: false, noise: 0 }, 5, 0), 2)).toEqual(read(source, 2))
  })
})
