import { describe, expect, it } from 'vitest'
import { extentOf, largestOf, smallestOf } from '../../contract/index.js'

describe('extents', () => {
  it('of a million values need no stack', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, index) => Math.sin(index))
    expect(extentOf(values).map((value) => Math.abs(value) > 0.999999)).toEqual([true, true])
    expect([smallestOf(values) < 0, largestOf(values) > 0]).toEqual([true, true])
  })
  it('leave NaN out, and are empty without values', () => {
    expect(extentOf([NaN, 2, -1, NaN])).toEqual([-1, 2])
    expect(extentOf([])).toEqual([Infinity, -Infinity])
  })
})
