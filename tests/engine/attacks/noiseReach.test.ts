import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBatchAttack } from '../../../engine/attacks/attackBatch.js'
import type { AttackBatch, AttackTools } from '../../../engine/attacks/index.js'
import { openCertifiedNoise } from '../../../engine/attacks/certifiedNoise.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { multipliedOut, networkSizes, type FrozenNetwork } from '../../../engine/networks/frozenNetwork.js'
import { baseline, readImages } from '../../../engine/probes/robustness/baseline.js'
import { gridSizes } from '../../../engine/probes/robustness/sizes.js'
import { robustnessSweep, type SweepOptions, type SweepState } from '../../../engine/probes/robustness/sweep.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { presentExecutors } from '../../presentExecutors.js'
import { randomProblem } from '../probes/probeGoldens.js'

const EPSILONS = gridSizes({ from: 1e-5, to: 10, count: 61, spacing: 'log' })

function withBatchNorm(network: FrozenNetwork): FrozenNetwork {
  const units = networkSizes(network).units
  const each = (value: (unit: number) => number): { data: Float32Array; shape: number[] } => ({
    data: Float32Array.from({ length: units }, (_, unit) => value(unit)),
    shape: [units],
  })
  return {
    options: { ...network.options, batchNorm: true },
    parameters: {
      ...network.parameters,
      scale: each((unit) => 0.5 + 0.1 * unit),
      shift: each((unit) => 0.2 - 0.02 * unit),
    },
    running: { mean: each((unit) => 0.05 * unit), variance: each((unit) => 0.3 + 0.05 * unit) },
  }
}

/** A single rectified unit and two classes: x Gᵀ = 2 x, logits h and 0.5. */
const oneUnit: FrozenNetwork = {
  options: { kind: 'perceptron', activationExponent: 1, batchNorm: false, lebesgueNorm: 2 },
  running: {},
  parameters: {
    weights: { data: Float32Array.of(2), shape: [1, 1] },
    dense: { data: Float32Array.of(1, 0), shape: [2, 1] },
    bias: { data: Float32Array.of(0, 0.5), shape: [2] },
  },
}

const NETWORKS = [
  ['perceptron', 1],
  ['perceptron', 1.5],
  ['perceptron', 2],
  ['hybrid', 4.5],
  ['tanhPerceptron', 1],
] as const
const CASES = NETWORKS.flatMap(([kind, power]) =>
  [false, true].map(
    (batchNorm) => [`${kind}, power ${power}${batchNorm ? ', batch norm' : ''}`, kind, power, batchNorm] as const,
  ),
)

describe.each(await presentExecutors())('noise that certainly does nothing, %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())
  const toolsOf = (network: FrozenNetwork, seed = 0): AttackTools => {
    const { inputs } = networkSizes(network)
    return { executor, network: multipliedOut(network), inputs, entries: inputs, targeted: false, seed }
  }

  it('one unit by hand: 10 standard deviations of the hidden activation reach the decision', async () => {
    // h = 2, margin 1.5 less its rounding, deviation of h is 2 ε: certified while 20 ε < 1.5.
    const reach = await openCertifiedNoise(toolsOf(oneUnit))
    const batch: AttackBatch = {
      images: Float32Array.of(1),
      labels: Int32Array.of(0),
      numbers: Int32Array.of(0),
      count: 1,
    }
    expect([
      ...((await reach?.certified(batch, Float64Array.of(0.01, 0.05, 0.07, 0.0749, 0.0751, 0.1))) ?? []),
    ]).toEqual([4])
    // A dead unit, h = -2, margin 0.5 of the other class, wakes up where 20 ε reaches 2, and from there on may have moved by 20 ε.
    const dead: AttackBatch = { ...batch, images: Float32Array.of(-1), labels: Int32Array.of(1) }
    expect([...((await reach?.certified(dead, Float64Array.of(0.05, 0.0999, 0.1001))) ?? [])]).toEqual([2])
    // A label that the network does not give has no certified size.
    expect([
      ...((await reach?.certified({ ...batch, labels: Int32Array.of(1) }, Float64Array.of(1e-6))) ?? []),
    ]).toEqual([0])
  })

  // h = 2, s = 2 ε, other logit 0.5: certified while f(2) - 0.5 > bias + 10 s b, with the slope b at the steepest of 2 - 20 ε … 2 + 20 ε.
  it.each([
    // b = 2 (2 + 20 ε), bias s² = E (2 + s ξ)² - 4: 3.5 > 4 ε² + 40 ε (2 + 20 ε) up to 0.03288.
    ['perceptron', 2, 0.0328, 0.033],
    // b = 1.5 √(2 + 20 ε), bias √(2/π) s b: 2.3284 > 21.5958 ε b up to 0.04257.
    ['perceptron', 1.5, 0.0425, 0.0427],
    // b = 1 - tanh²(2 - 20 ε), bias s²/2 · 4/(3√3): 0.46403 > 1.5396 ε² + 20 ε b up to 0.05182.
    ['tanhPerceptron', 1, 0.0517, 0.052],
  ] as const)('one unit by hand: %s with power %f', async (kind, activationExponent, below, above) => {
    const reach = await openCertifiedNoise(
      toolsOf({ ...oneUnit, options: { ...oneUnit.options, kind, activationExponent } }),
    )
    const batch: AttackBatch = {
      images: Float32Array.of(1),
      labels: Int32Array.of(0),
      numbers: Int32Array.of(0),
      count: 1,
    }
    expect([...((await reach?.certified(batch, Float64Array.of(1e-3, below, above))) ?? [])]).toEqual([2])
  })

  it('is not known for networks without a hidden layer, nor for powers below 1 or of tanh', async () => {
    for (const [kind, power] of [
      ['perceptron', 0.5],
      ['tanhPerceptron', 2],
    ] as const)
      expect(await openCertifiedNoise(toolsOf(randomProblem(kind, 1, power).network))).toBeNull()
    const { network } = randomProblem('perceptron', 1, 1)
    expect(
      await openCertifiedNoise({
        executor,
        inputs: 48,
        network: { ...network, options: { ...network.options, kind: 'identity' } },
      }),
    ).toBeNull()
  })

  describe.each(CASES)('%s', (_, kind, power, batchNorm) => {
    const problem = randomProblem(kind, 5, power, 120)
    const network = batchNorm ? withBatchNorm(problem.network) : problem.network
    const subject = () => ({ network, source: problem.source, imageNorm: 3, executor })

    it('certified sizes fool no image with a hundred seeds, and are some', async () => {
      const base = await baseline(subject(), { images: null, target: null, batchSize: 64 })
      const batch: AttackBatch = {
        images: readImages(subject(), base.keptIndices),
        labels: base.attackLabels,
        numbers: base.keptIndices,
        count: base.keptIndices.length,
      }
      const certified =
        (await (await openCertifiedNoise(toolsOf(network)))?.certified(batch, EPSILONS)) ?? new Int32Array(0)
      expect(certified.filter((sizes) => sizes > 0).length).toBeGreaterThan(batch.count / 2)
      const last = Math.max(...certified)
      for (let seed = 0; seed < 100; seed++) {
        const attack = await openBatchAttack(batch, { kind: 'random' }, toolsOf(network, seed))
        const index = seed % last
        const { fooled } = await attack.attack({ epsilon: EPSILONS[index] as number, index })
        fooled.forEach((value, image) => {
          if (index < (certified[image] as number)) expect(value).toBe(0)
        })
      }
    })

    it('a sweep that skips them finds what the plain one finds, whole and for critical sizes alone', async () => {
      const base = await baseline(subject(), { images: null, target: null, batchSize: 64 })
      const finish = async (change: Partial<SweepOptions>): Promise<SweepState | null> => {
        let last: SweepState | null = null
        for await (const state of robustnessSweep({
          subject: subject(),
          baseline: base,
          attack: { kind: 'random' },
          epsilons: EPSILONS,
          seed: 2,
          batchSize: 16,
          criticalOnly: false,
          state: null,
          ...change,
        }))
          last = state
        return last
      }
      const whole = await finish({})
      expect(whole?.firstFooled.some((size) => size >= 0)).toBe(true)
      expect(whole).toEqual(await finish({ way: 'plain' }))
      expect(await finish({ criticalOnly: true })).toEqual(await finish({ criticalOnly: true, way: 'plain' }))
    })
  })
})
