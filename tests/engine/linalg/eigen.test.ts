import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chiSquare3,
  errorFunction,
  incompleteBeta,
  logGamma,
  studentTwoSided,
} from '../../../contract/statistics/special.js'
import { histogram, quantileOfSorted } from '../../../engine/linalg/statistics.js'
import { symmetricEigenvalues } from '../../../engine/linalg/symmetricEigen.js'
import { randomStream } from '../../../engine/random/index.js'

function randomSymmetric(size: number, seed: number): Float64Array {
  const random = randomStream(seed, 'matrix')
  const matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++)
      matrix[row * size + column] = matrix[column * size + row] = random.normal()
  return matrix
}

describe('symmetric eigenvalues', () => {
  it('of a 2 x 2 matrix by its formula', () => {
    // [[2, 1], [1, 2]] has 2 + 1 and 2 - 1.
    symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2).forEach((value, index) =>
      expect(value).toBeCloseTo(3 - 2 * index, 14),
    )
  })

  it('of the second-difference matrix: 2 - 2 cos(kπ/(n+1))', () => {
    const size = 50
    const matrix = new Float64Array(size * size)
    for (let index = 0; index < size; index++) {
      matrix[index * size + index] = 2
      if (index > 0) matrix[index * size + index - 1] = matrix[(index - 1) * size + index] = -1
    }
    const expected = Array.from(
      { length: size },
      (_, index) => 2 - 2 * Math.cos(((size - index) * Math.PI) / (size + 1)),
    )
    symmetricEigenvalues(matrix, size).forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 12))
  })

  it('keep trace and Frobenius norm, descend, and leave the matrix as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 1e6 }), (size, seed) => {
        const matrix = randomSymmetric(size, seed)
        const copy = matrix.slice()
        const values = symmetricEigenvalues(matrix, size)
        const trace = Array.from({ length: size }, (_, index) => matrix[index * size + index] ?? 0).reduce(
          (a, b) => a + b,
          0,
        )
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 9)
        expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(
          matrix.reduce((sum, value) => sum + value * value, 0),
          7,
        )
        expect([...values]).toEqual([...values].sort((a, b) => b - a))
        expect(matrix).toEqual(copy)
      }),
      { numRuns: 40 },
    )
  })

  it('of degenerate matrices', () => {
    expect([...symmetricEigenvalues(new Float64Array(16), 4)]).toEqual([0, 0, 0, 0])
    expect(
      [...symmetricEigenvalues(Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1), 3)].map(
        (value) => Math.round(value * 1e12) / 1e12 + 0,
      ),
    ).toEqual([3, 0, 0])
  })

  it('refuse what is no matrix, and NaN', () => {
    expect(() => symmetricEigenvalues(new Float64Array(5), 2)).toThrow(/2 x 2 entries, got 5/)
    expect(() => symmetricEigenvalues(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(/NaN/)
  })
})

describe('special functions', () => {
  it('agree with values of tables', () => {
    expect(errorFunction(0.5)).toBeCloseTo(0.5204998778130465, 14)
    expect(errorFunction(3)).toBeCloseTo(0.9999779095030014, 14)
    expect(errorFunction(-1)).toBeCloseTo(-0.8427007929497149, 14)
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12)
    // 95th and 99th percentile of chi-square with three degrees of freedom.
    expect(chiSquare3(7.814727903251179)).toBeCloseTo(0.95, 10)
    expect(chiSquare3(11.344866730144373)).toBeCloseTo(0.99, 10)
    expect(studentTwoSided(2.2281388519649385, 10)).toBeCloseTo(0.05, 10)
    expect(incompleteBeta(2, 3, 0.4)).toBeCloseTo(0.5248, 12)
  })
  it('chi-square is a distribution function', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)]
          expect(chiSquare3(low)).toBeGreaterThanOrEqual(0)
          expect(chiSquare3(high)).toBeLessThanOrEqual(1)
          expect(chiSquare3(high)).toBeGreaterThanOrEqual(chiSquare3(low) - 1e-15)
        },
      ),
    )
  })
})

describe('statistics', () => {
  it('quantiles interpolate linearly', () =>
    expect([0, 0.25, 0.5, 1].map((fraction) => quantileOfSorted([1, 2, 4, 8, 16], fraction))).toEqual([1, 2, 4, 16]))
  it('histograms count every value once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -2, max: 3, noNaN: true })), (values) => {
        const { counts, outside } = histogram(values, 7, [0, 1])
        expect(counts.reduce((a, b) => a + b, 0) + outside).toBe(values.length)
        expect(outside).toBe(values.filter((value) => value < 0 || value > 1).length)
      }),
    )
  })
})
