import { describe, expect, it } from 'vitest'
import {
  classesFault,
  crossing,
  distinctPasses,
  fallAtOnce,
  foundSize,
  newRobustnessRequest,
  robustnessRequest,
  twinFault,
  wholeSet,
} from '../../contract/index.js'

describe('where a curve falls through a level', () => {
  it('begins with 1 at ε = 0, so that one that is low at the first size has fallen before it', () => {
    const sizes = Float64Array.of(0.1, 0.2, 0.3)
    expect(crossing(sizes, Float64Array.of(0, 0, 0), 0.5)).toBeCloseTo(0.05, 12)
    expect(crossing(sizes, Float64Array.of(0.25, 0, 0), 0.5)).toBeCloseTo(0.1 * (0.5 / 0.75), 12)
    expect(crossing(Float64Array.of(0.1), Float64Array.of(0.2), 0.5)).toBeCloseTo(0.0625, 12)
    expect(crossing(sizes, Float64Array.of(0.9, 0.8, 0.7), 0.5)).toBeNull()
    expect(crossing(sizes, Float64Array.of(0.5, 0.4, 0.3), 0.5)).toBeCloseTo(0.1, 12)
    expect(crossing(Float64Array.of(0, 0.1), Float64Array.of(1, 0), 0.5)).toBeCloseTo(0.05, 12)
  })
  it('is read below the first size, at a size, or not at all', () => {
    const sizes = Float64Array.of(0.1, 0.2, 0.3)
    expect([0.05, 0.1, 0.15, null].map((epsilon) => foundSize(epsilon, sizes))).toEqual([
      { kind: 'below', epsilon: 0.1 },
      { kind: 'at', epsilon: 0.1 },
      { kind: 'at', epsilon: 0.15 },
      { kind: 'notReached' },
    ])
    expect(
      [0.1, 0.15, null].map((medianCriticalEpsilon) => fallAtOnce({ medianCriticalEpsilon, epsilons: sizes })),
    ).toEqual([true, false, false])
  })
})

describe('samples', () => {
  const pass = (label: string, hash: string, seed: number, name = hash) => ({
    model: { label, hash, imageNorm: 3, model: name },
    seed,
  })
  it('the same model with the same seed under one label is one', () => {
    const passes = [
      pass('A', 'x', 0),
      pass('A', 'x', 0, 'copy'),
      pass('A', 'x', 1),
      pass('B', 'x', 0),
      pass('A', 'y', 0),
    ]
    expect(distinctPasses(passes)).toEqual([passes[0], passes[2], passes[3], passes[4]])
  })
  it('twins of one label are named', () => {
    const models = [
      { label: 'A', model: 'one', hash: 'abcdef0123456789' },
      { label: 'B', model: 'one', hash: 'abcdef0123456789' },
      { label: 'A', model: 'copy of one', hash: 'abcdef0123456789' },
    ]
    expect(twinFault(models)).toMatch(/^one and copy of one are the same model \(sha256 abcdef012345\)/)
    expect(twinFault(models.slice(0, 2))).toBeNull()
  })
})

describe('sets without classes', () => {
  const request = {
    name: 'x',
    models: [{ model: 'm', label: 'm' }],
    dataset: wholeSet('gaussianNoise'),
    split: 'test',
    imageNorm: null,
    images: 10,
    executor: 'auto',
    attack: { kind: 'fgsm', norm: 'linf', target: null },
    grid: { from: 0, to: 0.1, count: 3, spacing: 'lin' },
    seeds: [0],
    criticalOnly: false,
    batchSize: 10,
    level: 0.95,
    resamples: 0,
  }
  it('are not attacked, but older sweeps over them can be read', () => {
    expect(classesFault(wholeSet('gaussianNoise'), 'accuracy')).toMatch(/dataset with classes .* no accuracy$/)
    for (const kind of ['cifar10', 'mnist', 'syntheticScenes'] as const)
      expect(classesFault(wholeSet(kind), 'accuracy')).toBeNull()
    expect(newRobustnessRequest.safeParse(request).error?.issues[0]?.message).toMatch(/dataset with classes/)
    expect(newRobustnessRequest.safeParse({ ...request, dataset: wholeSet('mnist') }).success).toBe(true)
    expect(robustnessRequest.safeParse(request).success).toBe(true)
  })
})
