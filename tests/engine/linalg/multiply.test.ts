import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multiply64 } from '../../../engine/linalg/multiply.js'
import { randomStream } from '../../../engine/random/index.js'

const normal = (length: number, seed: number): Float64Array => {
  const random = randomStream(seed, 'product')
  return Float64Array.from({ length }, () => random.normal())
}

describe('product in float64', () => {
  it('of small matrices by hand', () => {
    // [[1, 2], [3, 4]] [[5, 6], [7, 8]] = [[19, 22], [43, 50]]
    expect([
      ...multiply64(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8), { rows: 2, inner: 2, columns: 2 }),
    ]).toEqual([19, 22, 43, 50])
    expect([...multiply64(new Float64Array(0), new Float64Array(0), { rows: 2, inner: 0, columns: 1 })]).toEqual([0, 0])
  })

  it('is the sum that defines it, for every size and both transposes', () => {
    const edge = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
      { weight: 1, arbitrary: fc.constantFrom(64, 65, 255, 257, 513) },
    )
    fc.assert(
      fc.property(edge, edge, edge, fc.boolean(), fc.boolean(), (rows, inner, columns, transposeA, transposeB) => {
        const a = normal(rows * inner, 1)
        const b = normal(inner * columns, 2)
        const product = multiply64(a, b, { rows, inner, columns, transposeA, transposeB })
        let worst = 0
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            let sum = 0
            for (let k = 0; k < inner; k++) {
              sum +=
                (a[transposeA ? k * rows + row : row * inner + k] ?? NaN) *
                (b[transposeB ? column * inner + k : k * columns + column] ?? NaN)
            }
            worst = Math.max(worst, Math.abs(sum - (product[row * columns + column] ?? NaN)))
          }
        }
        expect(worst).toBeLessThan(1e-12)
      }),
      { numRuns: 60 },
    )
  })

  it('lets a NaN through to its row, and to no other', () => {
    const a = normal(6 * 5, 3)
    a[7] = NaN
    const product = multiply64(a, normal(5 * 3, 4), { rows: 6, inner: 5, columns: 3 })
    expect([...product].map(Number.isNaN)).toEqual(
      Array.from({ length: 18 }, (_, index) => Math.floor(index / 3) === 1),
    )
  })

  it('refuses lengths that do not fit', () => {
    const refusal = { code: 'shape.mismatch', message: 'expected 2 x 2 and 2 x 2 entries, got 3 and 4' }
    expect(() => multiply64(new Float64Array(3), new Float64Array(4), { rows: 2, inner: 2, columns: 2 })).toThrow(
      expect.objectContaining(refusal),
    )
  })
})
