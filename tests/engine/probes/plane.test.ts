import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillBatch } from '../../../engine/datasets/lpUnit.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { specsOf } from '../../../engine/executor/tree.js'
import type { FrozenNetwork } from '../../../engine/networks/frozenNetwork.js'
import { NETWORKS, forward, type NetworkOptions, type NetworkParameters } from '../../../engine/networks/index.js'
import { axisOf, openPlane, planeGrid } from '../../../engine/probes/plane/decisionPlane.js'
import { layPlane, pixelScale, pointImage, toPixels, type Plane } from '../../../engine/probes/plane/geometry.js'
import { orthonormalise } from '../../../engine/probes/plane/orthonormal.js'
import { classShares, nearestBoundary, regionAgreement } from '../../../engine/probes/plane/regions.js'
import {
  add,
  grad,
  matMul,
  slice,
  softmax,
  square,
  sum,
  transpose,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '../../../engine/tf.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { expectClose, float32Of, goldenFile, type GoldenArray } from '../../goldenFiles.js'
import { presentExecutors } from '../../presentExecutors.js'
import { arraySource, goldenNetwork, randomProblem } from './probeGoldens.js'

type PlaneFile = Record<'x_i' | 'u' | 'v' | 'u_hat' | 'v_hat' | 'eps' | 'xis', GoldenArray> &
  Record<'shlp' | 'khmodel' | 'shlp_batch_norm', Record<string, unknown>> & {
    results: { model: string; jacobian_norm: GoldenArray; class_labels: GoldenArray; max_softmax: GoldenArray }[]
  }
const golden = goldenFile<PlaneFile>('decision_plane')
const goldenPlane = (): Promise<Plane> =>
  layPlane(
    { kind: 'directions', image: 0, u: float32Of(golden.u), v: float32Of(golden.v) },
    { source: arraySource(float32Of(golden.x_i), [4, 4, 3], [0]), imageNorm: 3 },
    null,
  )
const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((total, value, index) => total + value * (b[index] as number), 0)

/** ‖∂a/∂x‖_F by automatic differentiation, one backward pass per unit. */
function automaticNorms(
  { parameters, images }: { parameters: NetworkParameters; images: Tensor2D },
  { network, units }: { network: NetworkOptions; units: number },
): { squares: Tensor } {
  const latentUnit =
    (unit: number) =>
    (x: Tensor): Scalar => {
      const hidden = matMul(x as Tensor2D, transpose(NETWORKS[network.kind].hiddenJacobian(parameters, network)))
      return sum(slice(NETWORKS[network.kind].latent(hidden as Tensor2D, network), [0, unit], [-1, 1]))
    }
  return {
    squares: Array.from({ length: units }, (_, unit) => sum(square(grad(latentUnit(unit))(images)), 1)).reduce(
      (total, each) => add(total, each),
    ),
  }
}

describe('orthonormal directions', () => {
  it('are those of the original', async () => {
    const { u, v, origin } = await goldenPlane()
    expectClose(u, float32Of(golden.u_hat), 1e-6)
    expectClose(v, float32Of(golden.v_hat), 1e-6)
    expectClose(origin, float32Of(golden.x_i), 0)
    expect(Math.abs(dot(u, v))).toBeLessThan(1e-7)
    expect(dot(u, u)).toBeCloseTo(1, 6)
  })
  it('are refused on a line and at length 0', () => {
    const line = Float32Array.from({ length: 48 }, (_, index) => index - 7)
    expect(() =>
      orthonormalise(
        line,
        line.map((value) => -3 * value),
      ),
    ).toThrow(expect.objectContaining({ code: 'probe.anchors' }))
    expect(() => orthonormalise(line, new Float32Array(48))).toThrow(expect.objectContaining({ code: 'probe.anchors' }))
    expect(() => orthonormalise(line, new Float32Array(5))).toThrow(expect.objectContaining({ code: 'shape.mismatch' }))
  })
})

describe('laying a plane', () => {
  const { source } = randomProblem('perceptron', 2, 1)
  const images = { source, imageNorm: 3 }
  it('through three images puts them at their places', async () => {
    const plane = await layPlane({ kind: 'images', images: [3, 5, 8] }, images, null)
    expect(plane.anchors.map(({ name, image }) => `${name}${image}`)).toEqual(['A3', 'B5', 'C8'])
    for (const { image, position } of plane.anchors) {
      const expected = new Float32Array(48)
      source.read(image, expected, 0)
      expectClose(pointImage(plane, position), expected, 1e-6)
    }
    expect(plane.anchors[1]?.position[1]).toBeCloseTo(0, 6)
  })
  it('refuses the same image twice, and images that are not there', async () => {
    await expect(layPlane({ kind: 'images', images: [3, 3, 8] }, images, null)).rejects.toMatchObject({
      code: 'probe.anchors',
    })
    await expect(layPlane({ kind: 'images', images: [3, 5, 48] }, images, null)).rejects.toMatchObject({
      code: 'value.range',
    })
  })
  it('at random depends on the seed alone', async () => {
    const [a, b, c] = [
      await layPlane({ kind: 'random', image: 1, seed: 4 }, images, null),
      await layPlane({ kind: 'random', image: 2, seed: 4 }, images, null),
      await layPlane({ kind: 'random', image: 1, seed: 5 }, images, null),
    ]
    expect(a.u).toEqual(b.u)
    expect(a.u).not.toEqual(c.u)
  })
  it('gives back the pixels of the image at its own point', async () => {
    const bytes = Float32Array.from({ length: 48 }, (_, index) => (index * 37) % 256)
    const normalised = { ...arraySource(bytes, [4, 4, 3], [0]), normalised: true }
    const batch = new Float32Array(48)
    fillBatch(normalised, Int32Array.of(0), 3, batch)
    expect([...toPixels(batch, pixelScale({ source: normalised, imageNorm: 3 }, 0), true)]).toEqual([...bytes])
  })
})

describe('agreement of regions', () => {
  it('of a worked example', () => {
    // Class 0: 1 shared of 3, class 1: 1 of 3, class 2 in neither.
    const { agreement, intersectionOverUnion, meanIntersectionOverUnion } = regionAgreement(
      [0, 0, 1, 1],
      [0, 1, 1, 0],
      3,
    )
    expect(agreement).toBe(0.5)
    expect([...intersectionOverUnion]).toEqual([1 / 3, 1 / 3, NaN])
    expect(meanIntersectionOverUnion).toBeCloseTo(1 / 3, 12)
    expect([...classShares([0, 0, 1, 3], 4)]).toEqual([0.5, 0.25, 0, 0.25])
    expect(() => regionAgreement([0], [0, 1], 2)).toThrow(expect.objectContaining({ code: 'shape.mismatch' }))
  })
})

describe.each(await presentExecutors())('planes on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  it.each([
    ['SHLP', 'shlp'],
    ['KHModel', 'khmodel'],
    ['SHLP with batch norm', 'shlp_batch_norm'],
  ] as const)('%s: Jacobian norms, classes and confidence of the original', async (model, key) => {
    const expected = golden.results.find((each) => each.model === model)
    const network = goldenNetwork(model, golden[key])
    const grid = await planeGrid(
      openPlane(network, await goldenPlane(), executor, 'corrected'),
      Float64Array.from(float32Of(golden.eps)),
      Float64Array.from(float32Of(golden.xis)),
    )
    expectClose(grid.jacobianNorm, float32Of(expected?.jacobian_norm as GoldenArray), 1e-5)
    expectClose(grid.confidence, float32Of(expected?.max_softmax as GoldenArray), 2e-3)
    const labels = expected?.class_labels.data ?? []
    const wrong = [...grid.labels].flatMap((label, point) => (label === labels[point] ? [] : [point]))
    for (const point of wrong) {
      const sorted = [...grid.probabilities.subarray(point * 10, (point + 1) * 10)].sort((a, b) => b - a)
      expect((sorted[0] as number) - (sorted[1] as number)).toBeLessThan(1e-4)
    }
    expect(grid.labels.length).toBe(441)
  })

  it.each([
    ['perceptron', 1],
    ['perceptron', 2.5],
    ['hybrid', 4.5],
    ['tanhPerceptron', 1],
    ['tanhPerceptron', 3],
  ] as const)(
    '%s, n = %d: closed form equals automatic differentiation; logits equal a forward pass',
    async (kind, exponent) => {
      const { network, source } = randomProblem(kind, 5, exponent)
      const plane = await layPlane({ kind: 'random', image: 1, seed: 9 }, { source, imageNorm: 3 }, null)
      const axis = axisOf([-2, 2], 5)
      const grid = await planeGrid(openPlane(network, plane, executor, 'corrected'), axis, axis)
      const images = Float32Array.from(
        Array.from({ length: 25 }, (_, point) => [
          ...pointImage(plane, [axis[point % 5] as number, axis[Math.floor(point / 5)] as number]),
        ]).flat(),
      )
      const input = { parameters: network.parameters, images: { data: images, shape: [25, 48] } }
      const automatic = await executor.compile(
        automaticNorms,
        specsOf<{ parameters: NetworkParameters; images: Tensor2D }>(input),
        { network: network.options, units: 20 },
      )
      const { squares } = await automatic.run(input)
      expectClose(grid.jacobianNorm, Float32Array.from(squares.data, Math.sqrt), 2e-5)
      const passOf = (
        { parameters, images: x }: { parameters: NetworkParameters; images: Tensor2D },
        options: NetworkOptions,
      ): { probabilities: Tensor } => ({ probabilities: softmax(forward(parameters, x, {}, false, options).logits) })
      const pass = await executor.compile(
        passOf,
        specsOf<{ parameters: NetworkParameters; images: Tensor2D }>(input),
        network.options,
      )
      expectClose(grid.probabilities, (await pass.run(input)).probabilities.data, 1e-4)
    },
  )

  it('faithful takes the rectified power for tanh too, and nothing else differs', async () => {
    const { network, source } = randomProblem('tanhPerceptron', 5, 1)
    const plane = await layPlane({ kind: 'random', image: 1, seed: 9 }, { source, imageNorm: 3 }, null)
    const axis = axisOf([-2, 2], 5)
    const rectified: FrozenNetwork = { ...network, options: { ...network.options, kind: 'perceptron' } }
    const [faithful, corrected, other] = [
      await planeGrid(openPlane(network, plane, executor, 'faithful'), axis, axis),
      await planeGrid(openPlane(network, plane, executor, 'corrected'), axis, axis),
      await planeGrid(openPlane(rectified, plane, executor, 'faithful'), axis, axis),
    ]
    expectClose(faithful.jacobianNorm, other.jacobianNorm, 1e-6)
    expect(faithful.labels).toEqual(corrected.labels)
    expect(faithful.jacobianNorm).not.toEqual(corrected.jacobianNorm)
  })

  it('an adversarial direction leads out of the class of its image', async () => {
    const { network, source } = randomProblem('perceptron', 5, 1)
    const spec = {
      kind: 'adversarial',
      image: 4,
      model: 'm',
      attack: { kind: 'fgsm', norm: 2, target: null },
      epsilon: 0.1,
      seed: 1,
    } as const
    const own = await planeGrid(
      openPlane(
        network,
        await layPlane({ kind: 'random', image: 4, seed: 1 }, { source, imageNorm: 3 }, null),
        executor,
        'corrected',
      ),
      axisOf([0, 1], 2),
      axisOf([0, 1], 2),
    )
    const labelled = { ...source, labels: new Uint8Array(source.count).fill(own.labels[0] as number) }
    const plane = await layPlane(spec, { source: labelled, imageNorm: 3 }, { network, executor })
    const open = openPlane(network, plane, executor, 'corrected')
    const outwards = await planeGrid(open, axisOf([0, 2], 41), axisOf([0, 1], 2))
    expect(outwards.labels[0]).toBe(own.labels[0])
    expect(outwards.labels.subarray(0, 41).some((label) => label !== own.labels[0])).toBe(true)
    const boundary = await nearestBoundary(open, [0, 0], 3)
    expect(boundary).not.toBeNull()
    // The way along û is one of the ways out.
    const along = (outwards.labels.subarray(0, 41).findIndex((label) => label !== own.labels[0]) * 2) / 40
    expect(boundary?.distance).toBeLessThanOrEqual(along + 1e-3)
    const beyond = await open.evaluate({
      first: Float32Array.of((boundary?.position[0] ?? 0) * 1.0001),
      second: Float32Array.of((boundary?.position[1] ?? 0) * 1.0001),
    })
    const classThere = beyond.probabilities.indexOf(Math.max(...beyond.probabilities))
    expect(classThere).toBe(boundary?.class)
    expect(await nearestBoundary(open, [0, 0], 1e-6)).toBeNull()
  })

  it('refuses planes of other images, and NaN', async () => {
    const { network, source } = randomProblem('perceptron', 5, 1)
    const plane = await layPlane({ kind: 'random', image: 1, seed: 9 }, { source, imageNorm: 3 }, null)
    expect(() => openPlane(network, { ...plane, origin: new Float32Array(12) }, executor, 'corrected')).toThrow(
      expect.objectContaining({ code: 'shape.mismatch' }),
    )
    const broken: FrozenNetwork = {
      ...network,
      parameters: { ...network.parameters, bias: { data: Float32Array.of(NaN, 0, 0, 0), shape: [4] } },
    }
    await expect(
      planeGrid(openPlane(broken, plane, executor, 'corrected'), axisOf([0, 1], 2), axisOf([0, 1], 2)),
    ).rejects.toMatchObject({ code: 'probe.notANumber' })
  })
})
