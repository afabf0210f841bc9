import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crossing, type AttackSpec, type ProbedModel, type RobustnessPass } from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import type { FrozenNetwork } from '../../../engine/networks/frozenNetwork.js'
import { baseline, type Baseline, type ProbeSubject } from '../../../engine/probes/robustness/baseline.js'
import { maskingChecks, type AttackCurve } from '../../../engine/probes/robustness/masking.js'
import { passOf, poolPasses } from '../../../engine/probes/robustness/series.js'
import { gridSizes } from '../../../engine/probes/robustness/sizes.js'
import { criticalBox, wilsonInterval } from '../../../engine/probes/robustness/statistics.js'
import { robustnessSweep, type SweepOptions, type SweepState } from '../../../engine/probes/robustness/sweep.js'
import { partialPass } from '../../../engine/probes/robustness/partialPass.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { expectClose, float32Of, float64Of, goldenFile, type GoldenArray } from '../../goldenFiles.js'
import { presentExecutors } from '../../presentExecutors.js'
import { arraySource, goldenNetwork, goldenSource, randomProblem } from './probeGoldens.js'

interface SweepFile {
  X: GoldenArray
  labels: GoldenArray
  kept_indices: GoldenArray
  eps: GoldenArray
  shlp: Record<string, unknown>
  results: {
    attack: string
    accuracy: GoldenArray
    crit_eps: GoldenArray
    crit_norm: GoldenArray
    median_crit_norm: number
  }[]
}
const golden = goldenFile<SweepFile>('attack_test')
const PAPER_PGD: AttackSpec = {
  kind: 'pgd',
  norm: 'linf',
  target: null,
  steps: 20,
  stepSize: 1e-2,
  stepSizeRatio: 1e-1,
  randomStart: false,
}
const FGSM: AttackSpec = { kind: 'fgsm', norm: 'linf', target: null }
const model: ProbedModel = { model: 'm', label: 'm', hash: 'h', imageNorm: 3 }

async function finish(options: SweepOptions): Promise<SweepState> {
  let state: SweepState | null = null
  for await (const next of robustnessSweep(options)) state = next
  if (state === null) throw new Error('the sweep yielded nothing')
  return state
}

/** The result of a state in progress is what the finished sweep found on the images that were attacked so far. */
function expectPrefix(
  base: Baseline,
  { epsilons, batchSize }: SweepOptions,
  paused: SweepState,
  whole: SweepState,
): void {
  const part = partialPass({ model, seed: 3, baseline: base, epsilons, state: paused, batchSize, criticalOnly: false })
  expect(part.epsilons).toEqual(epsilons.slice(0, part.epsilons.length))
  expect(part.epsilons.length).toBeGreaterThan(0)
  part.attacked.forEach((images, size) => {
    const fooled = whole.firstFooled.slice(0, images).filter((first) => first >= 0 && first <= size).length
    expect(part.neverFooledYet[size]).toBeCloseTo((images - fooled) / images, 14)
    expect((part.relativeAccuracy[size] ?? NaN) * images).toBeCloseTo(paused.resisted[size] ?? NaN, 9)
    expect(part.relativeAccuracy[size]).toBeGreaterThanOrEqual((part.neverFooledYet[size] ?? NaN) - 1e-12)
  })
}

describe.each(await presentExecutors())('sweeps on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())
  const subjectOf = ({ network, source }: Pick<ProbeSubject, 'network' | 'source'>): ProbeSubject => ({
    network,
    source,
    imageNorm: 3,
    executor,
  })
  const keep = (subject: ProbeSubject): Promise<Baseline> =>
    baseline(subject, { images: null, target: null, batchSize: 16 })

  it.each(golden.results)(
    '$attack: kept images, accuracies, critical sizes and norms of the original',
    async (each) => {
      const subject = subjectOf({
        network: goldenNetwork('SHLP', golden.shlp),
        source: goldenSource(golden.X, golden.labels),
      })
      const base = await keep(subject)
      expect([...base.keptIndices]).toEqual(golden.kept_indices.data)
      const epsilons = float64Of(golden.eps)
      const state = await finish({
        subject,
        baseline: base,
        attack: each.attack === 'FGSM' ? FGSM : PAPER_PGD,
        epsilons,
        seed: 0,
        batchSize: 8,
        criticalOnly: false,
        state: null,
      })
      const pass = passOf(model, 0, base, epsilons, state, false)
      expect([...pass.relativeAccuracy]).toEqual(each.accuracy.data)
      expect([...Float32Array.from(pass.criticalEpsilon)]).toEqual([...float32Of(each.crit_eps)])
      expectClose(pass.criticalNorm, float32Of(each.crit_norm), 1e-5)
      const series = poolPasses('m', [pass], { level: 0.95, resamples: 0, seed: 0 })
      expect(series.criticalNorm?.median).toBeCloseTo(each.median_crit_norm, 6)
      expect(series.neverFooled).toBe(each.crit_norm.data.filter((value) => value === null).length)
    },
  )

  const epsilons = gridSizes({ from: 1e-4, to: 0.2, count: 8, spacing: 'log' })
  const attacks: AttackSpec[] = [
    { kind: 'random' },
    FGSM,
    { kind: 'fgsm', norm: 2, target: null },
    { kind: 'fgsm', norm: 'linf', target: 'next' },
    { ...PAPER_PGD, steps: 5 },
    { ...PAPER_PGD, norm: 2, steps: 5, randomStart: true },
  ]
  it.each(attacks)(
    '$kind %#: batches, images left out and interruptions change nothing; the invariants of a sweep hold',
    async (attack) => {
      const subject = subjectOf(randomProblem('hybrid', 11, 4.5, 120))
      const base = await baseline(subject, {
        images: null,
        target: attack.kind === 'random' ? null : attack.target,
        batchSize: 16,
      })
      const options = {
        subject,
        baseline: base,
        attack,
        epsilons: attack.kind === 'random' ? epsilons.map((size) => 20 * size) : epsilons,
        seed: 3,
        batchSize: 20,
        criticalOnly: false,
        state: null,
      }
      const whole = await finish(options)
      expect(whole.firstFooled.some((size) => size >= 0)).toBe(true)

      const plain = await finish({ ...options, way: 'plain' })
      expect(plain).toEqual(whole)
      const other = await finish({ ...options, batchSize: 12 })
      expect(other.firstFooled).toEqual(whole.firstFooled)
      expect(other.resisted).toEqual(whole.resisted)
      const critical = await finish({ ...options, criticalOnly: true })
      expect(critical.firstFooled).toEqual(whole.firstFooled)
      expectClose(
        critical.criticalNorm.filter((value) => value > 0),
        whole.criticalNorm.filter((value) => value > 0),
        1e-6,
      )
      expect(critical.zeroGradients).toBe(whole.zeroGradients)

      let paused: SweepState | null = null
      let count = 0
      for await (const state of robustnessSweep(options)) {
        paused = structuredClone(state)
        if (++count === (attack.kind === 'fgsm' ? 1 : 11)) break
      }
      const resumed = await finish({ ...options, state: paused })
      expect(resumed).toEqual(whole)
      if (paused === null) throw new Error('the sweep was not paused')
      expectPrefix(base, options, paused, whole)

      const pass = passOf(model, 3, base, options.epsilons, whole, false)
      pass.neverFooledYet.forEach((share, index) => {
        expect(share).toBeLessThanOrEqual((pass.relativeAccuracy[index] as number) + 1e-12)
        if (index > 0) expect(share).toBeLessThanOrEqual(pass.neverFooledYet[index - 1] as number)
      })
      pass.criticalNorm.forEach((norm, place) => {
        expect(Number.isNaN(norm)).toBe(Number.isNaN(pass.criticalEpsilon[place]))
        if (!Number.isNaN(norm)) expect(norm).toBeGreaterThanOrEqual(0)
      })
      expect(pass.relativeAccuracy[0]).toBeGreaterThan(0.9)
    },
  )

  it('relative accuracy is 1 for ε -> 0, and the images kept are the first that are right', async () => {
    const subject = subjectOf(randomProblem('perceptron', 11, 1, 160))
    const all = await keep(subject)
    const few = await baseline(subject, { images: 7, target: null, batchSize: 16 })
    expect([...few.keptIndices]).toEqual([...all.keptIndices.subarray(0, 7)])
    expect(few.cleanAccuracy).toBe(all.cleanAccuracy)
    const state = await finish({
      subject,
      baseline: all,
      attack: PAPER_PGD,
      epsilons: Float64Array.of(0, 1e-9),
      seed: 0,
      batchSize: 64,
      criticalOnly: false,
      state: null,
    })
    expect([...state.resisted]).toEqual([all.keptIndices.length, all.keptIndices.length])
  })

  it('refuses: no image right, another input size, NaN in the model, sizes that do not rise', async () => {
    const { network, source } = randomProblem('perceptron', 11, 1, 20)
    const other: FrozenNetwork = {
      ...network,
      parameters: { ...network.parameters, bias: { data: Float32Array.of(1e6, 0, 0, 0), shape: [4] } },
    }
    const labels = new Uint8Array(20).fill(1)
    await expect(keep(subjectOf({ network: other, source: { ...source, labels } }))).rejects.toMatchObject({
      code: 'probe.noneCorrect',
    })
    await expect(
      keep(subjectOf({ network, source: arraySource(new Float32Array(12), [2, 2, 3], [0]) })),
    ).rejects.toMatchObject({ code: 'shape.mismatch', message: expect.stringContaining('48') })
    const broken: FrozenNetwork = {
      ...network,
      parameters: { ...network.parameters, bias: { data: Float32Array.of(NaN, 0, 0, 0), shape: [4] } },
    }
    await expect(keep(subjectOf({ network: broken, source }))).rejects.toMatchObject({ code: 'probe.notANumber' })
    const subject = subjectOf({ network, source })
    const base = await keep(subject)
    await expect(
      finish({
        subject,
        baseline: base,
        attack: FGSM,
        epsilons: Float64Array.of(0.1, 0.1),
        seed: 0,
        batchSize: 8,
        criticalOnly: false,
        state: null,
      }),
    ).rejects.toMatchObject({ code: 'probe.grid' })
    await expect(baseline(subject, { images: null, target: 9, batchSize: 8 })).rejects.toMatchObject({
      code: 'value.range',
    })
  })
})

describe('grids of sizes', () => {
  it('are those of the original', () => {
    const file = goldenFile<Record<'eps_random' | 'eps_fgsm' | 'eps_pgd', GoldenArray>>('grids_and_schedules')
    for (const [name, to] of [
      ['eps_random', 10 ** Math.log(2.5)],
      ['eps_fgsm', 10 ** -1.5],
      ['eps_pgd', 10 ** -1.5],
    ] as const) {
      const expected = float64Of(file[name])
      const sizes = gridSizes({ from: 1e-6, to, count: 400, spacing: 'log' })
      sizes.forEach((size, index) => expect(size / (expected[index] as number)).toBeCloseTo(1, 12))
      expect(sizes.length).toBe(expected.length)
    }
    expect([...gridSizes({ from: 0, to: 1, count: 5, spacing: 'lin' })]).toEqual([0, 0.25, 0.5, 0.75, 1])
  })
  it.each([
    { from: 1, to: 1, count: 3, spacing: 'lin' },
    { from: 0, to: 1, count: 3, spacing: 'log' },
    { from: 2, to: 1, count: 2, spacing: 'log' },
  ] as const)('refuse $from to $to, $spacing', (grid) => {
    expect(() => gridSizes(grid)).toThrow(expect.objectContaining({ code: 'probe.grid' }))
  })
})

describe('statistics of a sweep', () => {
  it('Wilson intervals of a worked example', () => {
    // 8 of 10 at 95 %: centre (0.8 + 1.9208/10) / 1.38415, half width 1.96 sqrt(0.016 + 0.009604) / 1.38415.
    const { lower, upper } = wilsonInterval(0.8, 10, 0.95)
    expect(lower).toBeCloseTo(0.4902, 3)
    expect(upper).toBeCloseTo(0.9433, 3)
    expect(wilsonInterval(1, 5, 0.95).upper).toBe(1)
  })
  it('boxes: quartiles by interpolation, whiskers within 1.5 interquartile ranges, NaN left out', () => {
    const box = criticalBox(Float64Array.of(1, 2, NaN, 3, 4, 100), 0, 0.95, 0)
    expect(box).toMatchObject({
      firstQuartile: 2,
      median: 3,
      thirdQuartile: 4,
      lowerWhisker: 1,
      upperWhisker: 4,
      medianInterval: null,
    })
    expect(criticalBox(Float64Array.of(NaN), 10, 0.95, 0)).toBeNull()
  })
  it('bootstrap intervals hold the median, are seeded, and narrow with more images', () => {
    const values = (count: number): Float64Array =>
      Float64Array.from({ length: count }, (_, index) => ((index * 7919) % count) / count)
    const few = criticalBox(values(50), 400, 0.95, 1)
    const many = criticalBox(values(5000), 400, 0.95, 1)
    const width = (box: typeof few): number => (box?.medianInterval?.upper ?? NaN) - (box?.medianInterval?.lower ?? NaN)
    expect(few?.medianInterval?.lower).toBeLessThan(few?.median ?? NaN)
    expect(few?.medianInterval?.upper).toBeGreaterThan(few?.median ?? NaN)
    // The spread of a median falls with the root of the count: about ten times here.
    expect(width(few) / width(many)).toBeGreaterThan(5)
    expect(criticalBox(values(50), 400, 0.95, 1)).toEqual(few)
  })
  it('crossings between sizes, linearly in ln ε', () => {
    expect(crossing(Float64Array.of(0.01, 0.1), Float64Array.of(0.75, 0.25), 0.5)).toBeCloseTo(Math.sqrt(0.001), 12)
    expect(crossing(Float64Array.of(0.01, 0.1), Float64Array.of(0.9, 0.8), 0.5)).toBeNull()
  })
  it('pools passes image by image', () => {
    const pass = (hash: string, kept: number, accuracy: number, norms: number[]): RobustnessPass => ({
      model: { model: hash, label: 'BP', hash, imageNorm: 3 },
      seed: 1,
      images: 10,
      cleanAccuracy: kept / 10,
      keptIndices: new Int32Array(kept),
      labels: new Uint8Array(kept),
      epsilons: Float64Array.of(0.1),
      relativeAccuracy: Float64Array.of(accuracy),
      neverFooledYet: Float64Array.of(accuracy),
      criticalEpsilon: Float64Array.from(norms),
      criticalNorm: Float64Array.from(norms),
      zeroGradients: 0,
    })
    const series = poolPasses('BP', [pass('a', 2, 0.5, [1, NaN]), pass('b', 4, 0.25, [2, 3, 4, NaN])], {
      level: 0.95,
      resamples: 0,
      seed: 0,
    })
    expect(series.relativeAccuracy[0]).toBeCloseTo((1 + 1) / 6, 12)
    expect(series).toMatchObject({
      keptImages: 6,
      neverFooled: 2,
      cleanAccuracy: expect.closeTo(0.3, 12) as number,
      criticalNorm: { median: 2.5 },
    })
    expect(series.absoluteAccuracy[0]).toBeCloseTo((0.2 * 0.5 + 0.4 * 0.25) / 2, 12)
    expect(series.medianSpread).toBeCloseTo(Math.sqrt(2), 12)
  })
})

describe('signs of masked gradients', () => {
  const curve = (attack: AttackSpec, accuracies: number[], zeroGradients = 0): AttackCurve => ({
    sweep: null,
    attack,
    epsilons: Float64Array.of(0.001, 0.01, 0.1),
    relativeAccuracy: Float64Array.from(accuracies),
    keptImages: 100,
    zeroGradients: attack.kind === 'random' ? null : zeroGradients,
  })
  const healthy = [
    curve({ kind: 'random' }, [1, 1, 0.9]),
    curve(FGSM, [0.9, 0.4, 0.05]),
    curve(PAPER_PGD, [0.9, 0.3, 0]),
    curve({ ...PAPER_PGD, steps: 40 }, [0.9, 0.29, 0]),
  ]
  const failed = (curves: AttackCurve[]): string[] =>
    maskingChecks(curves, FGSM)
      .filter(({ passed }) => passed === false)
      .map(({ check }) => check)

  it('finds none where stronger attacks fool more', () => {
    expect(maskingChecks(healthy, FGSM).map(({ passed }) => passed)).toEqual([true, true, true, true, true])
  })
  it('finds each', () => {
    expect(failed([curve({ kind: 'random' }, [1, 0.2, 0.1]), healthy[1] as AttackCurve])).toEqual([
      'randomBeatsFgsm',
      'allFooled',
    ])
    expect(failed([curve(FGSM, [0.5, 0.1, 0]), curve(PAPER_PGD, [0.9, 0.3, 0])])).toEqual(['fgsmBeatsPgd'])
    expect(failed([curve(PAPER_PGD, [0.9, 0.3, 0]), curve({ ...PAPER_PGD, steps: 40 }, [0.95, 0.3, 0])])).toEqual([
      'moreStepsWeaker',
    ])
    expect(failed([curve(FGSM, [0.9, 0.4, 0], 3)])).toEqual(['zeroGradients'])
  })
  it('says what was not tried, and compares attacks in the same ball alone', () => {
    expect(
      maskingChecks([curve(FGSM, [0.9, 0.4, 0]), curve({ ...PAPER_PGD, norm: 2 }, [1, 1, 1])], FGSM).find(
        ({ check }) => check === 'fgsmBeatsPgd',
      )?.passed,
    ).toBeNull()
    // PGD-L2 that fools all does not make an L∞ sweep pass, and each check names what it compared.
    const mixed = maskingChecks(
      [
        { ...curve(FGSM, [1, 0.9, 0.8]), sweep: 'a-1' },
        { ...curve({ ...PAPER_PGD, norm: 2 }, [0.5, 0.1, 0]), sweep: 'a-2' },
      ],
      FGSM,
    ).find(({ check }) => check === 'allFooled')
    expect(mixed).toMatchObject({
      passed: false,
      text: '80.0 % of the images withstand FGSM in L∞ (a-1) at ε = 0.100.',
    })
    const named = maskingChecks(
      [
        { ...curve(FGSM, [0.5, 0.1, 0]), sweep: 'a-1' },
        { ...curve(PAPER_PGD, [0.9, 0.3, 0]), sweep: 'a-3' },
      ],
      PAPER_PGD,
    ).find(({ check }) => check === 'fgsmBeatsPgd')
    expect(named?.text).toBe(
      'Up to 40.0 % more images withstand PGD of 20 steps in L∞ (a-3) than FGSM in L∞ (a-1) (90.0 % against 50.0 % at ε = 0.00100).',
    )
    // Steps that cannot reach a size say nothing of gradients there.
    const short: AttackSpec = { ...PAPER_PGD, steps: 10, stepSize: 0.001 }
    expect(failed([curve(FGSM, [0.9, 0.4, 0]), curve(short, [0.9, 0.4, 0.9])])).toEqual([])
    expect(maskingChecks([], FGSM).every(({ passed }) => passed === null)).toBe(true)
  })
})

describe('a pass in progress', () => {
  const epsilons = Float64Array.of(0.1, 0.2, 0.4)
  const base = {
    images: 10,
    cleanAccuracy: 0.5,
    keptIndices: Int32Array.of(0, 2, 4, 6, 8),
    labels: new Uint8Array(5),
    attackLabels: new Uint8Array(5),
  } as unknown as Baseline
  const of = (state: Partial<SweepState>, criticalOnly = false) =>
    partialPass({
      model,
      seed: 0,
      baseline: base,
      epsilons,
      batchSize: 3,
      criticalOnly,
      state: {
        imagesDone: 0,
        sizesDone: 0,
        resisted: Int32Array.of(0, 0, 0),
        firstFooled: new Int32Array(5).fill(-1),
        criticalNorm: new Float64Array(5),
        zeroGradients: null,
        ...state,
      },
    })
  it('has no size before the first is done, and then the sizes done on the first batch', () => {
    expect([...of({}).epsilons]).toEqual([])
    // Three of five images were attacked with the first two sizes: one fell to the first, one to the second.
    const part = of({ sizesDone: 2, resisted: Int32Array.of(2, 1, 0), firstFooled: Int32Array.of(0, 1, -1, -1, -1) })
    expect([[...part.epsilons], [...part.attacked], part.keptImages]).toEqual([[0.1, 0.2], [3, 3], 5])
    expect([...part.relativeAccuracy]).toEqual([2 / 3, 1 / 3])
    expect(part.neverFooledYet[1]).toBeCloseTo(1 / 3, 15)
  })
  it('counts every size over the images that it was tried on', () => {
    // The first batch of three is done; of the second, of two images, the first size, which fooled one of them.
    const part = of({
      imagesDone: 3,
      sizesDone: 1,
      resisted: Int32Array.of(3, 1, 1),
      firstFooled: Int32Array.of(0, 1, -1, 0, -1),
    })
    expect([...part.attacked]).toEqual([5, 3, 3])
    expect([...part.relativeAccuracy]).toEqual([3 / 5, 1 / 3, 1 / 3])
    // Fooled by the first size: images 0 and 3 of five; by the first two: 0 and 1 of the first three.
    ;[3 / 5, 1 / 3, 1 / 3].forEach((share, size) => expect(part.neverFooledYet[size]).toBeCloseTo(share, 15))
    expect([...of({ imagesDone: 3, sizesDone: 1 }, true).relativeAccuracy]).toEqual([NaN, NaN, NaN])
  })
})
