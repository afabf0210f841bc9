import { describe, expect, it } from 'vitest'
import { DATASETS, imageShape, noiseOfShape, shapeOfEntries, type DatasetSpec } from '../../contract/index.js'

const noise: DatasetSpec = { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 1 }

describe('shapes of images', () => {
  it('are those of the set, and for noise the one that was given', () => {
    for (const kind of ['cifar10', 'mnist'] as const)
      expect(imageShape({ kind, imageLimit: null })).toEqual(DATASETS[kind].shape)
    expect(imageShape(noise)).toEqual([32, 32, 3])
    expect(imageShape(noiseOfShape(noise, [28, 28, 1]))).toEqual([28, 28, 1])
  })
  it('leave a set as it is where nothing changes, so that what was measured of it is found again', () => {
    expect(noiseOfShape(noise, [32, 32, 3])).toBe(noise)
    const scenes: DatasetSpec = { kind: 'syntheticScenes', imageLimit: null, dataSeed: 1 }
    expect(noiseOfShape(scenes, [28, 28, 1])).toBe(scenes)
  })
  it('follow from a number of entries', () => {
    expect([3072, 784, 27].map(shapeOfEntries)).toEqual([
      [32, 32, 3],
      [28, 28, 1],
      [1, 27, 1],
    ])
  })
})
