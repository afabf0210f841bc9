import { describe, expect, it } from 'vitest'
import { fitPowerLaw } from '../../../engine/probes/powerLawFit.js'
import { unitStatistics } from '../../../engine/probes/unitStatistics.js'
import { randomStream } from '../../../engine/random/index.js'
import { doublingBins, equalBins, niceAbove } from '../../../renderer/charts/binning.js'
import { quickFit } from '../../../renderer/charts/powerLaw.js'
import { decadeLimits, plainLabel, powerLabel } from '../../../renderer/charts/ticks.js'
import { LIGHT_DIVERGING } from '../../../renderer/charts/diverging.js'
import {
  fewestColumns,
  globalRange,
  orderUnits,
  unitNumbers,
  unitPeaks,
  writeTile,
} from '../../../renderer/run/mosaicTiles.js'
import { chosenEpochs } from '../../../renderer/pages/run/useRun.js'

describe('axes', () => {
  it('label powers of ten, and nothing between', () => {
    expect([1, 10, 1e-3, 0.02].map(powerLabel)).toEqual(['10⁰', '10¹', '10⁻³', ''])
    expect([0, -2.5, 0.02, 40].map(plainLabel)).toEqual(['0', '−2.5', '0.02', '40'])
  })
  it('end at whole decades or round numbers', () => {
    expect(decadeLimits([0.004, 3])).toEqual([0.001, 10])
    expect(decadeLimits([5])).toEqual([1, 10])
    expect(decadeLimits([NaN, -1])).toEqual([0.1, 1])
    expect([1, 7.5, 97, 100, 0.21, 0].map(niceAbove)).toEqual([2, 8, 100, 200, 0.3, 1])
  })
})

describe('bins', () => {
  it('double: 0, 1, 2 to 3, 4 to 7, and count every unit once', () => {
    expect(doublingBins([0, 0, 1, 2, 3, 4, 7, 8]).map(({ from, count }) => [from, count])).toEqual([
      [0, 2],
      [1, 1],
      [2, 2],
      [4, 2],
      [8, 1],
    ])
  })
  it('equal ones keep what lies outside at their edges', () => {
    expect(equalBins([-5, 0.1, 0.6, 9], 2, 0, 1).map(({ count }) => count)).toEqual([2, 2])
  })
})

describe('what the screen computes by itself', () => {
  it('fits a spectrum as the lab does', () => {
    const random = randomStream(3, 'spectrum')
    const eigenvalues = Float64Array.from(
      { length: 120 },
      (_, index) => (index + 1) ** -1.8 * Math.exp(0.1 * random.normal()),
    )
      .sort()
      .reverse()
    const [quick, exact] = [quickFit(eigenvalues, [11, 90]), fitPowerLaw(eigenvalues, [11, 90])]
    expect(quick?.slope).toBeCloseTo(exact.slope, 12)
    expect(quick?.standardError).toBeCloseTo(exact.standardError, 12)
    expect(quick?.rSquared).toBeCloseTo(exact.rSquared, 12)
    expect(quickFit(eigenvalues, [119, 500])).toBeNull()
  })

  it('numbers units as the lab does', () => {
    const weights = new Float32Array(5 * 40)
    randomStream(4, 'weights').fillNormal(weights, 0.3)
    for (const p of [2, 3, 2.5]) {
      const [screen, lab] = [unitNumbers(weights, 5, 40, p), unitStatistics(weights, 5, 40, p)]
      for (let unit = 0; unit < 5; unit++) {
        expect(screen.norms[unit]).toBeCloseTo(lab.norms[unit] ?? NaN, 5)
        expect(screen.means[unit]).toBeCloseTo(lab.means[unit] ?? NaN, 6)
        expect(screen.variances[unit]).toBeCloseTo(lab.variances[unit] ?? NaN, 6)
      }
    }
  })
})

describe('the mosaic', () => {
  const numbers = { norms: [1, 3, 2], means: [0, 0, 0], variances: [9, 8, 7] }
  it.each([
    ['wins', [2, 0, 1]],
    ['index', [0, 1, 2]],
    ['norm', [1, 2, 0]],
    ['variance', [0, 1, 2]],
  ] as const)('orders by %s, ties by index', (order, expected) => {
    expect([...orderUnits(3, order, numbers, [4, 4, 9])]).toEqual(expected)
  })
  it('scales a field by its own range, all by one, and shows a flat one as ground', () => {
    const weights = Float32Array.of(-1, 0, 1, 3, 5, 5, 5, 5)
    const pixels = (unit: number, range: number | null): number[] => {
      const target = new Uint8ClampedArray(16)
      writeTile(weights, unit, [2, 2, 1], { range, ground: [10, 20, 30] }, target, 0, 2)
      return [...target]
    }
    // From -1 to 3: 0, 63.75, 127.5, 255, rounded by the clamped array to even.
    expect(pixels(0, null).filter((_, index) => index % 4 === 0)).toEqual([0, 64, 128, 255])
    // From -5 to 5: 4/10, 5/10, 6/10, 8/10 of 255.
    expect(pixels(0, 5).filter((_, index) => index % 4 === 0)).toEqual([102, 128, 153, 204])
    expect(pixels(1, null).slice(0, 4)).toEqual([10, 20, 30, 255])
  })
})

describe('ghosts of a spectrum', () => {
  it('are the first, the last and some between, each once', () => {
    const epochs = Array.from({ length: 50 }, (_, index) => index * 10)
    const chosen = chosenEpochs(epochs, 7)
    expect(chosen).toHaveLength(7)
    expect([chosen[0], chosen.at(-1)]).toEqual([0, 490])
    expect([...chosen].sort((a, b) => a - b)).toEqual(chosen)
    expect(chosenEpochs([1, 2], 7)).toEqual([1, 2])
  })
})

describe('one range for all fields', () => {
  it('is not owned by a few units far beyond the others', () => {
    const peaks = Float32Array.from({ length: 400 }, (_, unit) => (unit < 3 ? 20 + unit : 0.1 + unit / 1e5))
    const range = globalRange(peaks)
    expect(range).toMatchObject({ percentile: 98, beyond: 8 })
    expect(range.limit).toBeLessThan(0.2)
  })
  it('reaches the largest where all are of one size', () => {
    const peaks = Float32Array.of(0.5, 0.75, 1)
    expect(globalRange(peaks)).toEqual({ limit: 1, beyond: 0, percentile: 100 })
    expect(globalRange(new Float32Array(3))).toEqual({ limit: 0, beyond: 0, percentile: 100 })
  })
  it('goes by the largest magnitude of each unit', () => {
    expect([...unitPeaks(Float32Array.of(1, -3, 2, 0, 0, -1), 2)]).toEqual([3, 1])
  })
  it('is in signed colours for fields of one channel, and in their own colours for coloured fields', () => {
    const paint = (weights: number[], channels: 1 | 3, range: number | null): number[] => {
      const target = new Uint8ClampedArray((4 * weights.length) / channels)
      writeTile(
        Float32Array.from(weights),
        0,
        [1, weights.length / channels, channels],
        { range, ground: [9, 9, 9], diverging: LIGHT_DIVERGING },
        target,
        0,
        weights.length / channels,
      )
      return [...target]
    }
    expect(paint([-2, 0, 2], 1, 2)).toEqual([43, 108, 176, 255, 245, 245, 244, 255, 194, 69, 30, 255])
    expect(paint([-2, 0, 2], 1, null)).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255])
    expect(paint([-2, 0, 2], 3, 2)).toEqual([0, 128, 255, 255])
  })
})

describe('the columns of a mosaic', () => {
  it('leave little of the pane empty, and never make fields too small', () => {
    const empty = (width: number, columns: number): number => width - columns * Math.floor(width / columns)
    let gained = 0
    for (let width = 300; width < 900; width++) {
      const columns = fewestColumns({ units: 400, width, height: 500, pixelRatio: 1, smallestTile: 16 })
      const largest = Math.floor(width / 16)
      const all = Array.from({ length: largest }, (_, index) => index + 1)
      const fewest = all.find((count) => Math.ceil(400 / count) * (width / count) <= 500) ?? largest
      expect(empty(width, columns)).toBeLessThanOrEqual(empty(width, fewest))
      expect(width / columns).toBeGreaterThanOrEqual(16)
      gained += empty(width, fewest) - empty(width, columns)
    }
    expect(gained).toBeGreaterThan(1000)
    expect(fewestColumns({ units: 400, width: 559, height: 700, pixelRatio: 1, smallestTile: 16 })).not.toBe(20)
  })
})
