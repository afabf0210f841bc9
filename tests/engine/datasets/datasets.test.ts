import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DatasetSpec, SceneGenerator } from '../../../contract/index.js'
import { byteImages } from '../../../engine/datasets/byteImages.js'
import {
  cifar10FromFiles,
  fillBatch,
  generateDataset,
  mnistFromFiles,
  type ImageSource,
} from '../../../engine/datasets/index.js'
import { symmetricEigenvalues } from '../../../engine/linalg/symmetricEigen.js'
import { multiply64 } from '../../../engine/linalg/multiply.js'
import { createCovarianceSum } from '../../../engine/probes/covariance.js'
import { fitPowerLaw } from '../../../engine/probes/powerLawFit.js'
import { expectClose, float32Of, float64Of, goldenFile, type GoldenArray } from '../../goldenFiles.js'

interface UnitFile {
  raw_cifar_uint8: GoldenArray
  raw_mnist_uint8: GoldenArray
  cases: {
    dataset: string
    p: number
    first_32_values_of_each_image?: GoldenArray
    sum_of_each_image?: GoldenArray
    normalised?: GoldenArray
    l2_of_each_image: GoldenArray
  }[]
}

const generated = (spec: DatasetSpec, split: 'train' | 'test' = 'train'): ImageSource => {
  const source = generateDataset(spec, split)
  if (source === null) throw new Error('the set is not generated')
  return source
}
const scenes = (imageLimit: number | null, generator?: SceneGenerator): DatasetSpec => ({
  kind: 'syntheticScenes',
  imageLimit,
  dataSeed: 1,
  ...(generator === undefined ? {} : { generator }),
})
const noise: DatasetSpec = { kind: 'gaussianNoise', imageLimit: 300, mean: 0.5, standardDeviation: 2, dataSeed: 4 }

describe('Lp unit images', () => {
  const golden = goldenFile<UnitFile>('lp_unit_data')
  it.each(golden.cases.map((entry, index) => [index, entry] as const))(
    'equal the original, case %i',
    (
      _,
      {
        dataset,
        p,
        first_32_values_of_each_image: first,
        sum_of_each_image: sums,
        normalised,
        l2_of_each_image: norms,
      },
    ) => {
      const raw = dataset === 'CIFAR10' ? golden.raw_cifar_uint8 : golden.raw_mnist_uint8
      const [count = 0, height = 0, width = 0, channels = 1] = raw.shape
      const size = height * width * channels
      const source = byteImages({
        shape: [height, width, channels],
        pixels: Uint8Array.from(raw.data, Number),
        labels: new Uint8Array(count),
        classes: 10,
        identity: {},
        limit: null,
      })
      const batch = new Float32Array(count * size)
      fillBatch(
        source,
        Int32Array.from({ length: count }, (_value, index) => index),
        p,
        batch,
      )
      const rows = Array.from({ length: count }, (_value, index) => batch.subarray(index * size, (index + 1) * size))
      expect(first !== undefined || normalised !== undefined).toBe(true)
      if (first !== undefined)
        expectClose(
          rows.flatMap((row) => [...row.subarray(0, 32)]),
          float32Of(first),
          2e-6,
        )
      if (normalised !== undefined) expectClose(rows[0] ?? [], float32Of(normalised), 2e-6)
      if (sums !== undefined)
        expectClose(
          rows.map((row) => row.reduce((sum, value) => sum + value, 0)),
          float64Of(sums),
          2e-6,
        )
      expectClose(
        rows.map((row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))),
        float64Of(norms),
        2e-6,
      )
    },
  )

  it('have norm 1 for any p, a second time from the kept scales', () => {
    const source = generated(scenes(3))
    for (const p of [1, 2, 2.5, 3, 4]) {
      for (let round = 0; round < 2; round++) {
        const batch = new Float32Array(3072)
        fillBatch(source, Int32Array.of(1), p, batch)
        expect(batch.reduce((sum, value) => sum + Math.abs(value) ** p, 0)).toBeCloseTo(1, 5)
      }
    }
  })

  it('an all-black image is refused by its number', () => {
    const source = byteImages({
      shape: [1, 1, 2],
      pixels: Uint8Array.of(1, 2, 0, 0),
      labels: new Uint8Array(2),
      classes: 1,
      identity: {},
      limit: null,
    })
    expect(() => fillBatch(source, Int32Array.of(0, 1), 3, new Float32Array(4))).toThrow(
      expect.objectContaining({ code: 'dataset.blackImage', details: { image: 1 } }),
    )
  })
})

describe('generated sets', () => {
  it.each([
    ['scenes of generator 1', scenes(40)],
    ['scenes of generator 2', scenes(40, 2)],
    ['noise', noise],
  ] as const)('%s: the same seed gives the same images in any order, another seed others', (_, spec) => {
    const pixels = (source: ImageSource, order: number[]): number[][] =>
      order.map((index) => {
        const image = new Float32Array(3072)
        source.read(index, image, 0)
        return [...image.subarray(0, 50)]
      })
    expect(pixels(generated(spec), [7, 3])).toEqual(pixels(generated(spec), [3, 7]).reverse())
    expect(pixels(generated({ ...spec, dataSeed: 99 } as DatasetSpec), [3])).not.toEqual(pixels(generated(spec), [3]))
    expect(pixels(generated(spec, 'test'), [3])).not.toEqual(pixels(generated(spec), [3]))
  })

  it('noise has the mean and spread that were asked for', () => {
    const source = generated(noise)
    const image = new Float32Array(3072)
    let sum = 0
    let squares = 0
    for (let index = 0; index < 300; index++) {
      source.read(index, image, 0)
      for (const value of image) {
        sum += value
        squares += value * value
      }
    }
    const count = 300 * 3072
    // Five standard errors of the mean, σ / sqrt(n) = 0.0021.
    expect(Math.abs(sum / count - 0.5)).toBeLessThan(0.0105)
    expect(Math.abs(squares / count - (sum / count) ** 2 - 4)).toBeLessThan(0.03)
  })

  it('noise of another shape begins with the same numbers, and names its shape in its identity', () => {
    const [usual, small] = [generated(noise), generated({ ...noise, shape: [28, 28, 1] } as DatasetSpec)]
    expect([usual.shape, small.shape]).toEqual([
      [32, 32, 3],
      [28, 28, 1],
    ])
    const [whole, part] = [new Float32Array(3072), new Float32Array(784)]
    usual.read(5, whole, 0)
    small.read(5, part, 0)
    expect(part).toEqual(whole.slice(0, 784))
    expect(small.identity).toEqual({ gaussianNoise: `${usual.identity['gaussianNoise'] ?? ''}, 28 x 28 x 1` })
  })

  /** sha256 over the pixels of the first 300 training images of seed 1. */
  const digestOf = (spec: DatasetSpec): string => {
    const source = generated(spec)
    const hash = createHash('sha256')
    const pixels = new Uint8Array(3072)
    for (let index = 0; index < 300; index++) {
      source.display(index, pixels, 0)
      hash.update(pixels)
    }
    return hash.digest('hex').slice(0, 16)
  }
  it.each([
    // As painted by the program of 25 November 2026, which had one generator: runs of that time stay reproducible.
    [undefined, 'a3c5554a330d124b'],
    [1, 'a3c5554a330d124b'],
    // As first written.
    [2, '21ca5d9389807677'],
  ] as const)('scenes of generator %s are the very bytes that they were', (generator, digest) => {
    expect(digestOf(scenes(300, generator))).toBe(digest)
    expect(generated(scenes(3, generator)).identity).toEqual({
      syntheticScenes: `seed 1, train, generator ${generator ?? 1}`,
    })
  })

  /** Accuracy of the class whose mean training image is nearest, on unit L3 images: what the simplest model distinguishes. */
  function nearestMeanAccuracy(spec: DatasetSpec): number {
    const [train, test] = [generated(spec), generated(spec, 'test')]
    const means = Array.from({ length: 10 }, () => new Float64Array(3072))
    const batch = new Float32Array(3072)
    for (let index = 0; index < 1500; index++) {
      fillBatch(train, Int32Array.of(index), 3, batch)
      const mean = means[train.labels[index] as number] as Float64Array
      batch.forEach((value, entry) => (mean[entry] = (mean[entry] as number) + value / 150))
    }
    let right = 0
    for (let index = 0; index < 500; index++) {
      fillBatch(test, Int32Array.of(index), 3, batch)
      const distances = means.map((mean) =>
        batch.reduce((sum, value, entry) => sum + (value - (mean[entry] as number)) ** 2, 0),
      )
      if (distances.indexOf(Math.min(...distances)) === test.labels[index]) right += 1
    }
    return right / 500
  }
  it('classes of generator 2 overlap but can be distinguished by their means; those of generator 1 cannot', () => {
    const [first, second] = [nearestMeanAccuracy(scenes(1500, 1)), nearestMeanAccuracy(scenes(1500, 2))]
    // Chance is 0.1, with a standard error of 0.013.
    expect(first).toBeLessThan(0.2)
    expect(second).toBeGreaterThan(0.3)
    expect(second).toBeLessThan(0.8)
  })

  it.each([1, 2] as const)(
    'scenes of generator %i are balanced, and their pixels have the steep spectrum of natural images',
    async (generator) => {
      const source = generated(scenes(1500, generator))
      const counts = new Array<number>(10).fill(0)
      for (const label of generated(scenes(null, generator)).labels) counts[label] = (counts[label] ?? 0) + 1
      expect(counts).toEqual(new Array(10).fill(1000))
      // Grey values at half the resolution: 256 dimensions keep the test short and the law visible.
      const rows = new Float64Array(1500 * 256)
      const image = new Float32Array(3072)
      for (let index = 0; index < 1500; index++) {
        source.read(index, image, 0)
        for (let pixel = 0; pixel < 1024; pixel++) {
          const place = index * 256 + Math.floor(pixel / 64) * 16 + Math.floor((pixel % 32) / 2)
          rows[place] =
            (rows[place] ?? 0) + (image[3 * pixel] ?? 0) + (image[3 * pixel + 1] ?? 0) + (image[3 * pixel + 2] ?? 0)
        }
      }
      const sum = createCovarianceSum(256, async (a, b, size) => multiply64(a, b, size))
      await sum.add(rows, 1500)
      const { slope } = fitPowerLaw(symmetricEigenvalues(sum.covariance(), 256), [5, 100])
      expect(slope).toBeLessThan(-0.9)
      expect(slope).toBeGreaterThan(-2.5)
    },
  )
})

describe('files that are not what they should be', () => {
  it('are refused by code', () => {
    expect(() => cifar10FromFiles([new Uint8Array(3072)], {}, null)).toThrow(
      expect.objectContaining({ code: 'dataset.truncated' }),
    )
    expect(() => cifar10FromFiles([new Uint8Array(3073).fill(11, 0, 1)], {}, null)).toThrow(/labels 0 to 9, got 11/)
    expect(() => mnistFromFiles(new Uint8Array(3), new Uint8Array(8), {}, null)).toThrow(
      expect.objectContaining({ code: 'dataset.truncated' }),
    )
    expect(() => mnistFromFiles(new Uint8Array(16), new Uint8Array(8), {}, null)).toThrow(/number 2051/)
  })
})
