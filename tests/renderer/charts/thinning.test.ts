import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnPlaces } from '../../../renderer/charts/thinning.js'

describe('the places of a long curve that are drawn', () => {
  it('are all of a short one', () => {
    expect(drawnPlaces([Float64Array.of(1, 2, 3)], 8)).toBeNull()
  })
  it('are few, in order, and keep the ends, the smallest and the largest value of every curve', () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(NaN))
    fc.assert(
      fc.property(fc.array(value, { minLength: 41, maxLength: 500 }), fc.integer({ min: 8, max: 40 }), (y, most) => {
        const low = y.map((each) => each - 1)
        const places = drawnPlaces([y, low], most) ?? []
        expect(places.length).toBeLessThanOrEqual(most)
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
        expect([places[0], places.at(-1)]).toEqual([0, y.length - 1])
        for (const curve of [y, low]) {
          const finite = curve.filter(Number.isFinite)
          if (finite.length === 0) continue
          const drawn = places.map((place) => curve[place] ?? NaN).filter(Number.isFinite)
          expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...finite), Math.max(...finite)])
        }
      }),
    )
  })
})
