import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor } from '../../../engine/executor/executor.js'
import { createOnnxExecutor } from '../../../engine/executor/onnx/index.js'
import { multiply64 } from '../../../engine/linalg/multiply.js'
import {
  symmetricEigen,
  symmetricEigenvalues,
  symmetricEigenvaluesOn,
  type SymmetricEigen,
} from '../../../engine/linalg/symmetricEigen.js'
import { plainEigenvalues } from './plainEigenvalues.js'
import { MATRICES, randomSymmetric, type Known } from './symmetricMatrices.js'

const SIZES = [1, 2, 3, 33, 257]
const FAMILIES = Object.entries<(size: number) => Known>(MATRICES)

const onThreads = (threads: number): Promise<Executor> =>
  createOnnxExecutor({
    name: 'onnx-cpu',
    provider: 'cpu',
    description: `${threads}`,
    device: { kind: 'processor', name: null, memoryBytes: null },
    threads,
  })

const bytesOf = (array: Float64Array): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength)
const sameBytes = (a: Float64Array, b: Float64Array): boolean => bytesOf(a).equals(bytesOf(b))
const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** Largest entry of M S - S diag(λ) beside the largest |λ|, and of SᵀS - I. */
function faults(
  matrix: Float64Array,
  size: number,
  { values, vectors }: SymmetricEigen,
): { residual: number; orthogonality: number } {
  const cube = { rows: size, inner: size, columns: size }
  // Divided first: the entries may be too large or small to be multiplied.
  const norm = largest(values) || 1
  const image = multiply64(
    matrix.map((entry) => entry / norm),
    vectors,
    cube,
  )
  const overlaps = multiply64(vectors, vectors, { ...cube, transposeA: true })
  const residual = largest(
    image.map((entry, index) => entry - ((values[index % size] as number) / norm) * (vectors[index] as number)),
  )
  return {
    residual,
    orthogonality: largest(overlaps.map((entry, index) => entry - (index % (size + 1) === 0 ? 1 : 0))),
  }
}

function expectValues(actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void {
  const sorted = Float64Array.from(expected).sort().reverse()
  const norm = largest(sorted)
  expect(actual.length).toBe(sorted.length)
  expect(largest(actual.map((value, index) => (value - (sorted[index] as number)) / (norm || 1)))).toBeLessThan(
    tolerance,
  )
}

function expectEigen(matrix: Float64Array, size: number, eigen: SymmetricEigen): void {
  const { residual, orthogonality } = faults(matrix, size, eigen)
  expect(residual).toBeLessThan(2e-14)
  expect(orthogonality).toBeLessThan(5e-14)
  expect([...eigen.values]).toEqual([...eigen.values].sort((a, b) => b - a))
}

describe.each(FAMILIES)('the eigenproblem, %s', (_, family) => {
  it.each(SIZES)('of size %i: residual, orthogonality, known values, the plain method', async (size) => {
    const { matrix, values } = family(size)
    const copy = matrix.slice()
    const eigen = await symmetricEigen(matrix, size)
    const alone = symmetricEigenvalues(matrix, size)
    expect(sameBytes(matrix, copy)).toBe(true)
    expectEigen(matrix, size, eigen)
    expectValues(alone, eigen.values, 2e-14)
    if (values !== undefined) expectValues(alone, values, 2e-14)
    // The plain method squares entries as they are.
    const norm = largest(matrix) || 1
    expectValues(
      alone.map((value) => value / norm),
      plainEigenvalues(
        matrix.map((entry) => entry / norm),
        size,
      ),
      2e-14,
    )
  })
})

describe('the eigenproblem on an executor', () => {
  let one: Executor
  let two: Executor
  beforeAll(async () => {
    one = await onThreads(1)
    two = await onThreads(2)
  })
  afterAll(async () => {
    await one.dispose()
    await two.dispose()
  })

  it.each(FAMILIES)('%s: residual and orthogonality', async (_, family) => {
    // Large enough that products are asked for.
    const size = 350
    const { matrix } = family(size)
    const eigen = await symmetricEigen(matrix, size, two)
    expectEigen(matrix, size, eigen)
    expectValues(await symmetricEigenvaluesOn(two, matrix, size), symmetricEigenvalues(matrix, size), 2e-14)
  })

  it.each([350, 600])('gives the same bytes each time and with one thread or two, size %i', async (size) => {
    const matrix = randomSymmetric(size)
    const first = await symmetricEigen(matrix, size, two)
    for (const executor of [two, one]) {
      const { values, vectors } = await symmetricEigen(matrix, size, executor)
      expect(sameBytes(values, first.values)).toBe(true)
      expect(sameBytes(vectors, first.vectors)).toBe(true)
    }
    expect(
      sameBytes(await symmetricEigenvaluesOn(one, matrix, size), await symmetricEigenvaluesOn(two, matrix, size)),
    ).toBe(true)
    expect(sameBytes((await symmetricEigen(matrix, size)).vectors, (await symmetricEigen(matrix, size)).vectors)).toBe(
      true,
    )
  })

  it('is asked for products: a wrong one shows', async () => {
    const matrix = randomSymmetric(350)
    const liar = {
      multiply64: async (a: Float64Array, b: Float64Array, size: Parameters<Executor['multiply64']>[2]) =>
        multiply64(a, b, size).fill(0),
    }
    const { residual, orthogonality } = faults(matrix, 350, await symmetricEigen(matrix, 350, liar))
    expect(Math.max(residual, orthogonality)).toBeGreaterThan(0.01)
  })
})

describe('scale', () => {
  // 1e-300, 1e150 and beyond; a power of two multiplies exactly.
  it.each([-996, -500, 498, 1000])(
    '2^%i times a matrix has that much larger eigenvalues and the same vectors, to the byte',
    async (exponent) => {
      const matrix = randomSymmetric(40)
      const { values, vectors } = await symmetricEigen(matrix, 40)
      const scaled = await symmetricEigen(
        matrix.map((entry) => entry * 2 ** exponent),
        40,
      )
      expect(scaled.values).toEqual(values.map((value) => value * 2 ** exponent))
      expect(scaled.vectors).toEqual(vectors)
      const alone = symmetricEigenvalues(
        matrix.map((entry) => entry * 2 ** exponent),
        40,
      )
      expect(alone).toEqual(symmetricEigenvalues(matrix, 40).map((value) => value * 2 ** exponent))
    },
  )

  it('numbers below the normal ones keep what digits they have', () => {
    // [[2, 1], [1, 2]] has 3 and 1; the unit is the smallest number.
    const unit = Number.MIN_VALUE * 2 ** 20
    expect([...symmetricEigenvalues(Float64Array.of(2 * unit, unit, unit, 2 * unit), 2)]).toEqual([3 * unit, unit])
  })
})

describe('what is refused', () => {
  it.each([NaN, Infinity, -Infinity])('%d, at any place', async (bad) => {
    for (const place of [0, 1, 2, 3]) {
      const matrix = Float64Array.of(1, 2, 2, 1).fill(bad, place, place + 1)
      const refusal = { code: 'run.notANumber', message: `entry ${place} of the matrix is ${bad}` }
      expect(() => symmetricEigenvalues(matrix, 2)).toThrow(expect.objectContaining(refusal))
      await expect(symmetricEigen(matrix, 2)).rejects.toMatchObject({ code: 'run.notANumber' })
    }
  })
  it('what is no square', async () => {
    for (const [length, size] of [
      [5, 2],
      [0, 0],
      [2.25, 1.5],
      [4, -2],
    ] as const) {
      expect(() => symmetricEigenvalues(new Float64Array(length), size)).toThrow(
        expect.objectContaining({ code: 'shape.mismatch' }),
      )
      await expect(symmetricEigen(new Float64Array(length), size)).rejects.toMatchObject({ code: 'shape.mismatch' })
    }
  })
  it('eigenvalues beyond the range of float64', () => {
    expect(() => symmetricEigenvalues(new Float64Array(4).fill(1.5e308), 2)).toThrow(
      expect.objectContaining({ code: 'run.notANumber' }),
    )
  })
})
