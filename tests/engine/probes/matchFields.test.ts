import { describe, expect, it } from 'vitest'
import { COSINE_BINS } from '../../../contract/compare/fieldMatch.js'
import { matchFields, type MatchedLayer } from '../../../engine/probes/fields/matchFields.js'
import { nullFields } from '../../../engine/probes/fields/nullFields.js'
import { unitRows } from '../../../engine/probes/fields/unitRows.js'
import { randomStream } from '../../../engine/random/index.js'

const SHAPE = [6, 6, 1] as const
const INPUTS = 36
const layerOf = (rows: readonly ArrayLike<number>[]): MatchedLayer => ({
  data: Float32Array.from(rows.flatMap((row) => Array.from(row))),
  hiddenUnits: rows.length,
  inputSize: INPUTS,
})
/** Fields with a wide bump each, as layers of images have them. */
function bumps(count: number, purpose: string): Float64Array[] {
  const random = randomStream(3, purpose)
  return Array.from({ length: count }, () => {
    const [y, x, size] = [6 * random.uniform(), 6 * random.uniform(), 1 + random.uniform()]
    return Float64Array.from({ length: INPUTS }, (_, pixel) =>
      Math.exp(-((Math.floor(pixel / 6) - y) ** 2 + ((pixel % 6) - x) ** 2) / (2 * size ** 2)),
    )
  })
}
const settings = { shape: SHAPE, kind: 'turned', seed: 1 } as const

describe('matched receptive fields', () => {
  it('find every unit of a layer again in another order, scale and offset', () => {
    const fields = bumps(30, 'a')
    const order = randomStream(1, 'order').permutation(30)
    const moved = [...order].map((unit) => fields[unit]?.map((weight) => 0.2 * weight - 3) ?? [])
    const match = matchFields(layerOf(fields), layerOf(moved), settings)
    expect(match.unitsOfA).toHaveLength(30)
    match.unitsOfA.forEach((unit, place) => expect(order[match.unitsOfB[place] ?? -1]).toBe(unit))
    for (const cosine of match.cosines) expect(cosine).toBeCloseTo(1, 5)
    expect(match.aboveNull).toBeGreaterThan(25)
    expect(match.allPairs.reduce((sum, count) => sum + count, 0)).toBe(900)
    expect(match.allPairs).toHaveLength(COSINE_BINS)
  })
  it('of unrelated layers are as high as those of the null, which is far from 0', () => {
    const match = matchFields(layerOf(bumps(60, 'a')), layerOf(bumps(60, 'b')), settings)
    const median = (values: Float64Array): number => values[30] ?? NaN
    expect(median(match.cosines)).toBeGreaterThan(0.7)
    expect(median(match.nullCosines)).toBeGreaterThan(0.7)
    expect(Math.abs(median(match.cosines) - median(match.nullCosines))).toBeLessThan(0.05)
    // 5 % of the matches of the null are above its own limit, and so about of these.
    expect(match.aboveNull).toBeLessThan(12)
    const shuffled = matchFields(layerOf(bumps(60, 'a')), layerOf(bumps(60, 'b')), { ...settings, kind: 'shuffled' })
    expect(median(shuffled.nullCosines)).toBeLessThan(0.5)
  })
  it('of layers of different sizes leave units over, and constant fields have no partner', () => {
    const fields = bumps(8, 'a')
    const some = [fields[5], fields[2], new Float64Array(INPUTS).fill(4), fields[7]].flatMap((row) => row ?? [])
    const match = matchFields(layerOf(fields), layerOf(some), settings)
    expect([...match.unitsOfA].sort()).toEqual([2, 5, 7])
    expect([...match.unmatchedOfA]).toEqual([0, 1, 3, 4, 6])
    expect([...match.unmatchedOfB]).toEqual([2])
    expect(match.constant).toEqual([0, 1])
    const turned = matchFields(layerOf(some), layerOf(fields), settings)
    expect([...turned.unitsOfB].sort()).toEqual([2, 5, 7])
    expect([...turned.unmatchedOfA]).toEqual([2])
  })
  it('are ordered by cosine and the same each time', () => {
    const match = matchFields(layerOf(bumps(20, 'a')), layerOf(bumps(25, 'b')), settings)
    expect([...match.cosines]).toEqual([...match.cosines].sort((a, b) => b - a))
    expect(matchFields(layerOf(bumps(20, 'a')), layerOf(bumps(25, 'b')), settings)).toEqual(match)
    const other = matchFields(layerOf(bumps(20, 'a')), layerOf(bumps(25, 'b')), { ...settings, seed: 2 })
    expect(other.cosines).toEqual(match.cosines)
    expect(other.nullCosines).not.toEqual(match.nullCosines)
  })
  it('are refused for other images, single pixels and layers without a form', () => {
    const layer = layerOf(bumps(3, 'a'))
    const short = { data: new Float32Array(30), hiddenUnits: 3, inputSize: 10 }
    expect(() => matchFields(layer, short, settings)).toThrow(/36 inputs/)
    expect(() => matchFields(layer, layer, { ...settings, shape: [1, 1, 36] })).toThrow(/two pixels/)
    const zeros = layerOf([new Float64Array(INPUTS)])
    expect(() => matchFields(layer, zeros, settings)).toThrow(/constant/)
  })
})

describe('the null fields', () => {
  it('keep values, colours and, moved round, their neighbours', () => {
    const shape = [3, 4, 2] as const
    const rows = Float64Array.from({ length: 24 }, (_, index) => index)
    const layer = { rows, units: Int32Array.of(0), inputs: 24 }
    for (let seed = 0; seed < 40; seed++) {
      for (const kind of ['shifted', 'shuffled'] as const) {
        const moved = nullFields(layer, kind, shape, seed)
        expect([...moved].sort((a, b) => a - b)).toEqual([...rows])
        for (let pixel = 0; pixel < 12; pixel++) expect(moved[2 * pixel + 1]).toBe((moved[2 * pixel] ?? NaN) + 1)
        if (kind === 'shuffled') continue
        expect(moved).not.toEqual(rows)
        // In a row, the pixel to the right is still the one to the right, round the edge.
        const column = (pixel: number): number => ((moved[2 * pixel] ?? NaN) / 2) % 4
        for (let pixel = 0; pixel < 3; pixel++) expect(column(pixel + 1)).toBe((column(pixel) + 1) % 4)
      }
    }
  })
  it('that are turned keep the edge of the image, and are never in their own place', () => {
    for (const shape of [
      [4, 4, 1],
      [2, 4, 1],
    ] as const) {
      const [height, width] = shape
      const rows = Float64Array.from({ length: height * width }, (_, index) => index)
      const isEdge = (pixel: number): boolean => {
        const [y, x] = [Math.floor(pixel / width), pixel % width]
        return y === 0 || x === 0 || y === height - 1 || x === width - 1
      }
      const forms = new Set<string>()
      for (let seed = 0; seed < 80; seed++) {
        const moved = nullFields({ rows, units: Int32Array.of(0), inputs: rows.length }, 'turned', shape, seed)
        expect([...moved].sort((a, b) => a - b)).toEqual([...rows])
        moved.forEach((source, pixel) => expect(isEdge(source)).toBe(isEdge(pixel)))
        forms.add(moved.join())
      }
      expect(forms.has(rows.join())).toBe(false)
      expect(forms.size).toBe(height === width ? 7 : 3)
    }
  })
  it('rows have mean 0 and norm 1', () => {
    const { rows, units } = unitRows(Float32Array.of(1, 2, 3, 4, 5, 5, 5, 5), 2, 4)
    expect([...units]).toEqual([0])
    expect(rows.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12)
    expect(rows.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 12)
  })
})
