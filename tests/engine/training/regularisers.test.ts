import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RegulariserSpec } from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { specsOf, type HostArray, type HostTree } from '../../../engine/executor/tree.js'
import { hiddenOf, type NetworkOptions, type NetworkParameters } from '../../../engine/networks/index.js'
import { randomStream } from '../../../engine/random/index.js'
import {
  drawTerm,
  prepareTerm,
  regulariserTerm,
  type HostInputs,
  type TermInputs,
} from '../../../engine/regularisers/index.js'
import { grads, type Scalar, type Tensor, type Tensor2D } from '../../../engine/tf.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { expectClose, float32Of, goldenFile, unitsByInputs, type GoldenArray } from '../../goldenFiles.js'
import { presentExecutors } from '../../presentExecutors.js'
import { hostOf, networkOf, rowsOf, weightsOf } from './networkGoldens.js'

interface SpectralFile {
  cases: {
    alpha: number
    tau: number
    batch_size: number
    x: GoldenArray
    W: GoldenArray
    approx_lambda: GoldenArray
    value: number
    grad_W: GoldenArray
  }[]
}
type TermInput = { weights: Tensor2D; images: Tensor2D; inputs: TermInputs }
type TermOptions = { network: NetworkOptions; regulariser: RegulariserSpec }

/** Value and slope of a term on the perceptron's first layer. */
const termOf = (
  { weights, images, inputs }: TermInput,
  { network, regulariser }: TermOptions,
): { value: Tensor; gradient: Tensor } => {
  const of = (matrix: Tensor): Scalar => {
    const parameters: NetworkParameters = { weights: matrix }
    return regulariserTerm(
      { parameters, network, batch: images.shape[0], hidden: hiddenOf({ parameters, images }, network).hidden, inputs },
      regulariser,
    )
  }
  return { value: of(weights), gradient: grads(of as (...args: Tensor[]) => Tensor)([weights])[0] as Tensor }
}

const network = networkOf('SHLP', 1)
const normal = (shape: readonly number[], purpose: string, spread = 1): HostArray => {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
  randomStream(5, purpose).fillNormal(data, spread)
  return { data, shape }
}
/** hidden = x Wᵀ in float64, B x H. */
function hiddenRows(
  { data: x, shape: [batch = 0, inputs = 0] }: HostArray,
  { data: w, shape: [units = 0] }: HostArray,
): Float64Array {
  const hidden = new Float64Array(batch * units)
  for (let b = 0; b < batch; b++)
    for (let u = 0; u < units; u++)
      for (let i = 0; i < inputs; i++)
        hidden[b * units + u] =
          (hidden[b * units + u] as number) + (x[b * inputs + i] as number) * (w[u * inputs + i] as number)
  return hidden
}

describe.each(await presentExecutors())('penalties on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  async function run(
    weights: HostArray,
    images: HostArray,
    inputs: HostInputs,
    regulariser: RegulariserSpec,
  ): Promise<{ value: number; gradient: Float32Array }> {
    const input = { weights, images, inputs } as unknown as HostTree<TermInput>
    const program = await executor.compile(termOf, specsOf<TermInput>(input), { network, regulariser })
    const { value, gradient } = await program.run(input)
    return { value: value.data[0] ?? NaN, gradient: gradient.data as Float32Array }
  }
  /** The view of an epoch whose batches are these images, in the order given. */
  const viewOf = (batches: readonly HostArray[], weights: HostArray): Parameters<typeof prepareTerm>[1] => ({
    batches: batches.length,
    images: batches.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0),
    hiddenUnits: weights.shape[0] ?? 0,
    executor,
    hidden: async (batch) => Float32Array.from(hiddenRows(batches[batch] as HostArray, weights)),
    inputMean: () =>
      [...(batches[0]?.data ?? [])].reduce((sum, value) => sum + value, 0) / (batches[0]?.data.length ?? 1),
  })

  it.each(
    goldenFile<SpectralFile>('spectral_regulariser').cases.map((golden) => [golden.alpha, golden.tau, golden] as const),
  )('spectral penalty of the original, exponent %d from index %i', async (exponent, firstIndex, golden) => {
    const weights = weightsOf(golden.W)
    const batches = [rowsOf(golden.x, 0, golden.batch_size), rowsOf(golden.x, golden.batch_size, 2 * golden.batch_size)]
    const regulariser: RegulariserSpec = { kind: 'spectral', strength: 1, estimator: 'faithful', exponent, firstIndex }
    const { value, gradient } = await run(
      weights,
      batches[0] as HostArray,
      await prepareTerm(regulariser, viewOf(batches, weights)),
      regulariser,
    )
    expect(Math.abs(value / golden.value - 1)).toBeLessThan(2e-3)
    expectClose(gradient, unitsByInputs(golden.grad_W), 5e-3)
    expect(hostOf(golden.approx_lambda).data).toHaveLength(8)
  })

  it('the corrected spectral penalty is the sum of the paper, eigenvalue by eigenvalue', async () => {
    const [weights, images] = [normal([6, 9], 'weights', 0.3), normal([24, 9], 'images')]
    const regulariser: RegulariserSpec = {
      kind: 'spectral',
      strength: 1,
      estimator: 'corrected',
      exponent: 1.3,
      firstIndex: 1,
    }
    const inputs = await prepareTerm(regulariser, viewOf([images], weights))
    // The only batch is the whole set, so its covariance is diagonal in the basis: λ are its eigenvalues.
    const hidden = hiddenRows(images, weights)
    const basis = inputs['basis']?.data ?? []
    const means = Array.from(
      { length: 6 },
      (_, u) =>
        Array.from({ length: 24 }, (_, b) => hidden[b * 6 + u] ?? NaN).reduce((sum, value) => sum + value, 0) / 24,
    )
    const lambda = Array.from(
      { length: 6 },
      (_, n) =>
        Array.from(
          { length: 24 },
          (_, b) =>
            Array.from(
              { length: 6 },
              (_, u) => ((hidden[b * 6 + u] ?? NaN) - (means[u] ?? NaN)) * (basis[u * 6 + n] ?? NaN),
            ).reduce((sum, value) => sum + value, 0) ** 2,
        ).reduce((sum, value) => sum + value, 0) / 23,
    )
    expect(lambda).toEqual([...lambda].sort((a, b) => b - a))
    const expected =
      lambda.slice(2).reduce((sum, value, index) => {
        const delta = value / ((lambda[1] as number) * (2 / (index + 3)) ** 1.3) - 1
        return sum + delta ** 2 + Math.max(delta, 0)
      }, 0) / 6
    expect((await run(weights, images, inputs, regulariser)).value / expected).toBeCloseTo(1, 4)
  })

  it('the corrected spectral penalty is zero on its own ideal, and dead units take no part', async () => {
    // Hidden units that are independent cosines with the variances of the law; the last two are dead.
    const units = 8
    const batch = 64
    const images: HostArray = {
      data: Float32Array.from(
        { length: batch * units },
        (_, at) => Math.SQRT2 * Math.cos((2 * Math.PI * ((at % units) + 1) * Math.floor(at / units)) / batch),
      ),
      shape: [batch, units],
    }
    const weights: HostArray = {
      data: Float32Array.from({ length: units * units }, (_, at) =>
        at % (units + 1) === 0 && at / (units + 1) < 6 ? (at / (units + 1) + 1) ** -0.75 : 0,
      ),
      shape: [units, units],
    }
    const regulariser: RegulariserSpec = {
      kind: 'spectral',
      strength: 1,
      estimator: 'corrected',
      exponent: 1.5,
      firstIndex: 0,
    }
    const { value, gradient } = await run(
      weights,
      images,
      await prepareTerm(regulariser, viewOf([images], weights)),
      regulariser,
    )
    expect(value).toBeLessThan(1e-6)
    expect(gradient.every(Number.isFinite)).toBe(true)
  })

  it('the closed form of the Jacobian is the mean of its projections, and the original’s the third of it that its normalisation leaves', async () => {
    const [weights, images] = [normal([6, 9], 'weights'), normal([8, 9], 'images')]
    const of = (estimator: 'exact' | 'corrected' | 'faithful', projections: number): RegulariserSpec => ({
      kind: 'jacobian',
      strength: 1,
      estimator,
      projections,
    })
    const exact = (await run(weights, images, {}, of('exact', 1))).value
    expect(exact / (weights.data as Float32Array).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
    const means = { corrected: 0, faithful: 0 }
    const rounds = 400
    for (let round = 0; round < rounds; round++) {
      const draws = drawTerm(of('corrected', 3), { batch: 8, hiddenUnits: 6 }, randomStream(1, 'projections', round))
      for (const estimator of ['corrected', 'faithful'] as const)
        means[estimator] += (await run(weights, images, draws, of(estimator, 3))).value / rounds
    }
    expect(means.corrected / exact).toBeCloseTo(1, 1)
    expect(means.faithful / exact).toBeCloseTo((1 + 2 / 8) / 3, 1)
  })

  it.each([
    ['lebesgue', { kind: 'lebesgue', strength: 1, lebesgueNorm: 2.5 }],
    ['jacobian, exact', { kind: 'jacobian', strength: 1, estimator: 'exact', projections: 1 }],
    ['jacobian, corrected', { kind: 'jacobian', strength: 1, estimator: 'corrected', projections: 2 }],
    ['jacobian, faithful', { kind: 'jacobian', strength: 1, estimator: 'faithful', projections: 2 }],
    ['spectral, faithful', { kind: 'spectral', strength: 1, estimator: 'faithful', exponent: 0.5, firstIndex: 1 }],
    ['spectral, corrected', { kind: 'spectral', strength: 1, estimator: 'corrected', exponent: 1, firstIndex: 1 }],
  ] as [string, RegulariserSpec][])(
    '%s: the gradient is the slope that differences measure',
    async (_, regulariser) => {
      const [weights, images] = [normal([5, 7], 'weights', 0.5), normal([12, 7], 'images')]
      const other = normal([12, 7], 'other images')
      const inputs = {
        ...(await prepareTerm(regulariser, viewOf([other, images], weights))),
        ...drawTerm(regulariser, { batch: 12, hiddenUnits: 5 }, randomStream(2, 'draws')),
      }
      const { gradient } = await run(weights, images, inputs, regulariser)
      const direction = normal([5, 7], 'direction').data
      // A float32 value carries seven digits: the step balances rounding against curvature.
      const step = 3e-3
      const moved = async (sign: number): Promise<number> =>
        (
          await run(
            {
              ...weights,
              data: Float32Array.from(weights.data, (value, at) => value + sign * step * (direction[at] as number)),
            },
            images,
            inputs,
            regulariser,
          )
        ).value
      const measured = ((await moved(1)) - (await moved(-1))) / (2 * step)
      const slope = gradient.reduce((sum, value, at) => sum + value * (direction[at] as number), 0)
      // The corrected spectral term holds its anchor, whose slope differences see.
      if (regulariser.kind === 'spectral' && regulariser.estimator === 'corrected')
        return expect(Number.isFinite(slope)).toBe(true)
      expect(Math.abs(measured - slope)).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)))
    },
  )

  it('every penalty is a finite number above zero, and draws nothing that it does not use', async () => {
    const [weights, images] = [normal([5, 7], 'weights'), normal([12, 7], 'images')]
    expect(
      drawTerm({ kind: 'lebesgue', strength: 1, lebesgueNorm: 2 }, { batch: 4, hiddenUnits: 5 }, randomStream(1, 'x')),
    ).toEqual({})
    expect(
      drawTerm(
        { kind: 'jacobian', strength: 1, estimator: 'exact', projections: 4 },
        { batch: 4, hiddenUnits: 5 },
        randomStream(1, 'x'),
      ),
    ).toEqual({})
    for (const lebesgueNorm of [0.5, 1, 2, 3])
      expect(
        (await run(weights, images, {}, { kind: 'lebesgue', strength: 1, lebesgueNorm })).value /
          float32Of({
            shape: [35],
            dtype: 'float32',
            data: [...weights.data].map((value) => Math.abs(value) ** lebesgueNorm),
          }).reduce((sum, value) => sum + value, 0),
      ).toBeCloseTo(1, 4)
  })
})
