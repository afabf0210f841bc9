import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATTACK_KINDS, attackOf, ATTACKS, attackSpec, type AttackSpec } from '../../../contract/index.js'
import { openBatchAttack, type AttackOutcome } from '../../../engine/attacks/attackBatch.js'
import type { AttackBatch } from '../../../engine/attacks/index.js'
import { pgdStep } from '../../../engine/attacks/pgdStep.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { specsOf } from '../../../engine/executor/tree.js'
import { multipliedOut, networkSizes, type FrozenNetwork } from '../../../engine/networks/frozenNetwork.js'
import { baseline } from '../../../engine/probes/robustness/baseline.js'
import { randomStream } from '../../../engine/random/index.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { expectClose, float32Of, goldenFile, type GoldenArray } from '../../goldenFiles.js'
import { presentExecutors } from '../../presentExecutors.js'
import { goldenNetwork, randomProblem } from '../probes/probeGoldens.js'
import { labelsOf, rowsOf, scalarOf } from '../training/networkGoldens.js'

interface AttackFile {
  x: GoldenArray
  shlp: Record<string, unknown>
  khmodel: Record<string, unknown>
  labels: Record<string, GoldenArray>
  cases: {
    attack: string
    model: string
    eps: number
    labels: string
    adversarial: GoldenArray
    num_it?: number
    dl?: number
    dl_deps?: number
    norm_p?: 'inf' | number
    noise?: GoldenArray
  }[]
}

const golden = goldenFile<AttackFile>('attacks')

const specOf = ({ attack, norm_p, num_it = 1, dl = 1, dl_deps = 1 }: AttackFile['cases'][number]): AttackSpec => {
  const aim = {
    norm: norm_p === undefined || norm_p === 'inf' ? 'linf' : norm_p,
    target: attack.includes('untargeted') ? null : 2,
  } as const
  return attack.startsWith('FGSM')
    ? { kind: 'fgsm', ...aim }
    : { kind: 'pgd', ...aim, steps: num_it, stepSize: dl, stepSizeRatio: dl_deps, randomStart: false }
}

/** Settings that give small problems something to do; of the paper's otherwise. */
const SMALL: Record<string, readonly unknown[]> = {
  norm: ['linf', 1, 2, 3],
  target: [null, 'next', 2, 'leastLikely'],
  steps: [8],
  stepSize: [1],
  stepSizeRatio: [0.3],
}

/** Every attack of the contract with every combination of these settings, and switches both on and off. */
const MEMBERS: readonly (readonly [string, AttackSpec])[] = ATTACKS.flatMap(({ first }) =>
  Object.entries(first).reduce<Record<string, unknown>[]>(
    (specs, [key, value]) =>
      specs.flatMap((spec) =>
        (SMALL[key] ?? (typeof value === 'boolean' ? [false, true] : [value])).map((choice) => ({
          ...spec,
          [key]: choice,
        })),
      ),
    [{}],
  ),
).map(
  (spec) =>
    [
      Object.entries(spec)
        .map(([key, value]) => (key === 'kind' ? String(value) : `${key} ${String(value)}`))
        .join(', '),
      attackSpec.parse(spec),
    ] as const,
)

describe('the family of attacks', () => {
  it('has a member for every kind', () => {
    expect(new Set(MEMBERS.map(([, { kind }]) => kind))).toEqual(new Set(ATTACK_KINDS))
  })
})

describe.each(await presentExecutors())('attacks on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  const tools = (network: FrozenNetwork, targeted: boolean): Parameters<typeof openBatchAttack>[2] => {
    const multiplied = multipliedOut(network)
    const { inputs } = networkSizes(multiplied)
    return { executor, network: multiplied, inputs, entries: inputs, targeted, seed: 7 }
  }

  it.each(
    golden.cases
      .filter(({ noise }) => noise === undefined)
      .map((each, index) => [`${index}: ${each.attack}, ${each.model}, ε = ${each.eps}`, each] as const),
  )('golden %s', async (_, each) => {
    const network = goldenNetwork(each.model, each.model === 'KHModel' ? golden.khmodel : golden.shlp)
    const { data, shape } = rowsOf(golden.x)
    const count = shape[0] ?? 0
    const batch: AttackBatch = {
      images: data as Float32Array,
      labels: labelsOf(golden.labels[each.labels] as GoldenArray).data as Int32Array,
      numbers: Int32Array.from({ length: count }, (_value, index) => index),
      count,
    }
    const spec = specOf(each)
    const attack = await openBatchAttack(batch, spec, tools(network, !each.attack.includes('untargeted')))
    const outcome = await attack.attack({ epsilon: each.eps, index: 0 })
    const adversarial = Float32Array.from(
      Array.from({ length: count }, (_value, index) => [...outcome.image(index)]).flat(),
    )
    expectClose(adversarial, float32Of(each.adversarial), 1e-5)
  })

  it('golden random perturbation: x + ε z, not clamped', () => {
    const [each] = golden.cases.filter(({ noise }) => noise !== undefined)
    const noise = float32Of(each?.noise as GoldenArray)
    const expected = float32Of(golden.x).map((value, index) =>
      Math.fround(value + Math.fround(Math.fround(each?.eps ?? NaN) * (noise[index] as number))),
    )
    expectClose(expected, float32Of(each?.adversarial as GoldenArray), 1e-6)
    expect(attackOf('random').clamps).toBe(false)
  })

  describe.each(MEMBERS)('%s', (_, spec) => {
    const targeted = spec.kind !== 'random' && spec.target !== null
    const { network, source } = randomProblem('perceptron', 3, 1)
    const subject = (): Parameters<typeof baseline>[0] => ({ network, source, imageNorm: 3, executor })
    const outcomeAt = async (epsilon: number, seed = 7): Promise<{ batch: AttackBatch; outcome: AttackOutcome }> => {
      const base = await baseline(subject(), {
        images: null,
        target: spec.kind === 'random' ? null : spec.target,
        batchSize: 48,
      })
      const images = new Float32Array(base.keptIndices.length * 48)
      base.keptIndices.forEach((image, place) => source.read(image, images, place * 48))
      const batch = { images, labels: base.attackLabels, numbers: base.keptIndices, count: base.keptIndices.length }
      const attack = await openBatchAttack(batch, spec, { ...tools(network, targeted), seed })
      return { batch, outcome: await attack.attack({ epsilon, index: 4 }) }
    }
    const lengthOf = (values: Float64Array, norm: 'linf' | number): number =>
      norm === 'linf'
        ? Math.max(...values.map(Math.abs))
        : values.reduce((sum, value) => sum + Math.abs(value) ** norm, 0) ** (1 / norm)

    it('stays inside its ball and in the range of pixels, and its classes are those of its images', async () => {
      const epsilon = 0.02
      const { batch, outcome } = await outcomeAt(epsilon)
      expect(batch.count).toBeGreaterThan(4)
      for (let image = 0; image < batch.count; image++) {
        const adversarial = outcome.image(image)
        const difference = Float64Array.from(
          adversarial,
          (value, entry) => value - (batch.images[image * 48 + entry] as number),
        )
        expect(outcome.norm(image)).toBeCloseTo(lengthOf(difference, 2), 6)
        if (spec.kind === 'random') continue
        expect(lengthOf(difference, spec.norm)).toBeLessThanOrEqual(epsilon * (1 + 1e-5))
        expect(adversarial.every((value) => value >= 0 && value <= 1)).toBe(true)
        // Away from the clamp a step in the maximum norm goes all the way.
        if (spec.kind === 'fgsm' && spec.norm === 'linf')
          difference.forEach((value, entry) => {
            const start = batch.images[image * 48 + entry] as number
            if (start > epsilon && value !== 0) expect(Math.abs(value)).toBeCloseTo(epsilon, 6)
          })
      }
    })

    it('changes nothing at ε = 0, and gives the same bits for the same seed', async () => {
      const { batch, outcome } = await outcomeAt(0)
      expect([...outcome.fooled].reduce((sum, value) => sum + value, 0)).toBe(0)
      expectClose(outcome.image(0), batch.images.subarray(0, 48), 0)
      const [a, b] = [await outcomeAt(0.05), await outcomeAt(0.05)]
      expect(
        Buffer.from(a.outcome.logits.buffer, a.outcome.logits.byteOffset, a.outcome.logits.byteLength).equals(
          Buffer.from(b.outcome.logits.buffer, b.outcome.logits.byteOffset, b.outcome.logits.byteLength),
        ),
      ).toBe(true)
      const other = await outcomeAt(0.05, 8)
      const draws = spec.kind === 'random' || (spec.kind === 'pgd' && spec.randomStart)
      expect(a.outcome.logits.some((value, index) => value !== other.outcome.logits[index])).toBe(draws)
    })

    it('moves no entry of an image outside [0, 1] by itself, and stays in the ball there too', async () => {
      const random = randomStream(11, 'noise images')
      const images = Float32Array.from({ length: 6 * 48 }, () => random.normal())
      const batch = {
        images,
        labels: Int32Array.of(0, 1, 2, 3, 0, 1),
        numbers: Int32Array.of(0, 1, 2, 3, 4, 5),
        count: 6,
      }
      for (const epsilon of [0, 0.001, 0.3]) {
        const attack = await openBatchAttack(batch, spec, tools(network, targeted))
        const outcome = await attack.attack({ epsilon, index: 1 })
        for (let image = 0; image < batch.count; image++) {
          const difference = Float64Array.from(
            outcome.image(image),
            (value, entry) => value - (images[image * 48 + entry] as number),
          )
          if (epsilon === 0) expect(lengthOf(difference, 'linf')).toBeLessThan(1e-6)
          if (spec.kind !== 'random')
            expect(lengthOf(difference, spec.norm)).toBeLessThanOrEqual(epsilon * (1 + 1e-4) + 1e-5)
        }
      }
    })

    it('reaches its aim with a large size', async () => {
      const { batch, outcome } = await outcomeAt(
        spec.kind === 'random' ? 3 : spec.norm === 'linf' ? 0.3 : spec.norm === 1 ? 9 : 2,
      )
      for (let image = 0; image < batch.count; image++)
        expect(outcome.fooled[image] === 1).toBe((outcome.classes[image] === batch.labels[image]) === targeted)
      const share = outcome.fooled.reduce((sum, value) => sum + value, 0) / batch.count
      // A single step may overshoot its target; noise has none.
      expect(share).toBeGreaterThan(spec.kind === 'pgd' ? 0.6 : targeted ? 0.2 : 0.4)
    })
  })

  it('a gradient of zero moves nothing, in every norm', async () => {
    const { network, source } = randomProblem('perceptron', 3, 1)
    const dead: FrozenNetwork = {
      ...network,
      parameters: { ...network.parameters, weights: { data: new Float32Array(20 * 48), shape: [20, 48] } },
    }
    const images = new Float32Array(48)
    source.read(0, images, 0)
    const input = {
      parameters: dead.parameters,
      running: {},
      images: { data: images, shape: [1, 48] },
      origin: { data: images, shape: [1, 48] },
      labels: { data: Int32Array.of(1), shape: [1] },
      stepSize: scalarOf(1),
      epsilon: scalarOf(1),
    }
    for (const norm of ['linf', 1, 2, 3] as const) {
      const program = await executor.compile(pgdStep, specsOf<Parameters<typeof pgdStep>[0]>(input), {
        network: dead.options,
        norm,
      })
      const { images: moved, size } = await program.run(input)
      expect(size.data[0]).toBe(0)
      expectClose(moved.data, images, 0)
    }
  })

  it('refuses gradients that are not finite, with the number of the image', async () => {
    const { network, source } = randomProblem('tanhPerceptron', 3, 1)
    const weights = (network.parameters['weights'] as { data: Float32Array }).data.slice().fill(NaN, 0, 3)
    const broken: FrozenNetwork = {
      ...network,
      parameters: { ...network.parameters, weights: { data: weights, shape: [20, 48] } },
    }
    const images = new Float32Array(48)
    source.read(5, images, 0)
    const batch: AttackBatch = { images, labels: Int32Array.of(1), numbers: Int32Array.of(5), count: 1 }
    await expect(
      openBatchAttack(batch, { kind: 'fgsm', norm: 'linf', target: null }, tools(broken, false)),
    ).rejects.toMatchObject({ code: 'probe.notANumber', message: expect.stringContaining('image 5') })
  })
})
