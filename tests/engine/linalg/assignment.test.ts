import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { linearAssignment } from '../../../engine/linalg/assignment.js'
import { randomStream } from '../../../engine/random/index.js'

interface Case {
  rows: number
  columns: number
  kind: string
  costs: number[]
  total: number
}
/** Values of scipy.optimize.linear_sum_assignment, made by assignment.py beside this file. */
const { cases } = JSON.parse(readFileSync(new URL('assignment.json', import.meta.url), 'utf8')) as { cases: Case[] }

/** The sum of an assignment, and whether each row and column is used once and as many as possible are. */
function sumOf(columnOf: Int32Array, costs: ArrayLike<number>, rows: number, columns: number): number {
  const used = [...columnOf].filter((column) => column >= 0)
  expect(columnOf).toHaveLength(rows)
  expect(new Set(used).size).toBe(used.length)
  expect(used).toHaveLength(Math.min(rows, columns))
  return [...columnOf].reduce((sum, column, row) => sum + (column < 0 ? 0 : (costs[row * columns + column] ?? NaN)), 0)
}

/** The smallest sum over all assignments of rows <= columns, one by one. */
function bruteForce(
  costs: readonly number[],
  rows: number,
  columns: number,
  row = 0,
  taken = new Set<number>(),
): number {
  if (row === rows) return 0
  let best = Infinity
  for (let column = 0; column < columns; column++) {
    if (taken.has(column)) continue
    taken.add(column)
    best = Math.min(best, (costs[row * columns + column] ?? NaN) + bruteForce(costs, rows, columns, row + 1, taken))
    taken.delete(column)
  }
  return best
}

describe('a linear assignment', () => {
  it.each(cases.map((one) => [`${one.rows} x ${one.columns}, ${one.kind}`, one] as const))(
    'of %s has the sum of SciPy',
    (_, { rows, columns, costs, total }) => {
      const found = linearAssignment({ costs: Float64Array.from(costs), rows, columns })
      expect(sumOf(found, costs, rows, columns)).toBeCloseTo(total, 8)
    },
  )
  it('has the smallest sum of all assignments', () => {
    const random = randomStream(7, 'assignment')
    for (let trial = 0; trial < 60; trial++) {
      const rows = 1 + random.below(5)
      const columns = rows + random.below(3)
      // Small whole numbers, so that many assignments are equally good.
      const costs = Array.from({ length: rows * columns }, () => random.below(5) - 2)
      const found = linearAssignment({ costs: Float64Array.from(costs), rows, columns })
      expect(sumOf(found, costs, rows, columns)).toBe(bruteForce(costs, rows, columns))
    }
  })
  it('of nothing is empty, and rows without a column have none', () => {
    expect(linearAssignment({ costs: new Float64Array(0), rows: 0, columns: 3 })).toHaveLength(0)
    expect([...linearAssignment({ costs: Float64Array.of(2, 1, 3), rows: 3, columns: 1 })]).toEqual([-1, 0, -1])
  })
  it('refuses costs that are not finite, and those of another size', () => {
    expect(() => linearAssignment({ costs: Float64Array.of(1, NaN), rows: 1, columns: 2 })).toThrow(/finite/)
    expect(() => linearAssignment({ costs: Float64Array.of(1, Infinity), rows: 1, columns: 2 })).toThrow(/finite/)
    expect(() => linearAssignment({ costs: Float64Array.of(1, 2), rows: 2, columns: 2 })).toThrow(/2 x 2/)
  })
  it('ends where it is asked to', () => {
    let calls = 0
    const stop = (): void => {
      if (++calls === 3) throw new Error('cancelled')
    }
    expect(() => linearAssignment({ costs: new Float64Array(100), rows: 10, columns: 10 }, stop)).toThrow('cancelled')
    expect(calls).toBe(3)
  })
})
