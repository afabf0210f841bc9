import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor } from '../../../engine/executor/executor.js'
import { spectralNormBound } from '../../../engine/linalg/spectralNorm.js'
import { symmetricEigenvalues } from '../../../engine/linalg/symmetricEigen.js'
import { randomStream } from '../../../engine/random/index.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { presentExecutors } from '../../presentExecutors.js'

/** The largest singular value by the eigenvalues of M Mᵀ. */
function largestSingularValue(data: Float32Array, rows: number, columns: number): number {
  const gram = Float64Array.from({ length: rows * rows }, (_, at) => {
    const [i, j] = [Math.floor(at / rows), at % rows]
    let sum = 0
    for (let k = 0; k < columns; k++) sum += (data[i * columns + k] as number) * (data[j * columns + k] as number)
    return sum
  })
  return Math.sqrt(symmetricEigenvalues(gram, rows)[0] as number)
}

const [ROWS, COLUMNS] = [40, 70]
const normals = (seed: number): Float32Array => {
  const data = new Float32Array(ROWS * COLUMNS)
  randomStream(seed, 'spectral norm test').fillNormal(data, 1)
  return data
}
const CASES: readonly (readonly [string, Float32Array])[] = [
  ['independent entries', normals(1)],
  ['entries of size 1e-6', normals(2).map((value) => 1e-6 * value)],
  ['entries with a common mean, one large singular value', normals(3).map((value) => value + 3)],
  ['one row alone', normals(4).map((value, at) => (at < COLUMNS ? value : 0))],
  [
    'equal singular values',
    Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => (Math.floor(at / COLUMNS) === at % COLUMNS ? 2 : 0)),
  ],
]

describe.each(await presentExecutors())('the bound on a spectral norm, %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  it.each(CASES)('%s: not below it, and at most a sixth above', async (_, data) => {
    const bound = await spectralNormBound(executor, { data, shape: [ROWS, COLUMNS] })
    const truth = largestSingularValue(data, ROWS, COLUMNS)
    expect(bound).toBeGreaterThanOrEqual(truth)
    expect(bound).toBeLessThan((7 / 6) * truth)
  })
  it('of zeros is 0', async () => {
    expect(await spectralNormBound(executor, { data: new Float32Array(12), shape: [3, 4] })).toBe(0)
  })
})
