import { describe, expect, it } from 'vitest'
import { convergenceVerdict } from '../../../engine/probes/weightConvergence.js'
import {
  fitMixture,
  hasSeparateTop,
  planPruning,
  separatedMixture,
  singleGaussian,
} from '../../../engine/probes/pruning/index.js'
import { randomStream } from '../../../engine/random/index.js'

const INPUTS = 8

interface Group {
  count: number
  mean: number
  deviation: number
}

/** ln variances drawn from Gaussian groups, in the order of the groups. */
function logVariances(groups: readonly Group[], seed: number): Float64Array {
  const random = randomStream(seed, 'planted groups')
  return Float64Array.from(
    groups.flatMap(({ count, mean, deviation }) => {
      const draws = new Float32Array(count)
      random.fillNormal(draws, deviation)
      return Array.from(draws, (draw) => mean + draw)
    }),
  )
}

/** Units whose unbiased variance is exp(z): entries ± s around 0. */
function unitsOf(values: Float64Array): Float32Array {
  const weights = new Float32Array(values.length * INPUTS)
  values.forEach((value, unit) => {
    const size = Math.sqrt((Math.exp(value) * (INPUTS - 1)) / INPUTS)
    for (let input = 0; input < INPUTS; input++) weights[unit * INPUTS + input] = input % 2 === 0 ? size : -size
  })
  return weights
}

const plan = (values: Float64Array, mode: 'corrected' | 'faithful' = 'corrected') =>
  planPruning({ weights: unitsOf(values), hiddenUnits: values.length, inputSize: INPUTS, mode, manualCutoff: null })

/** The demo layer as the review measured it: fields of two overlapping widths, and 18.6 % of noise. */
const DEMO = [
  { count: 240, mean: -7, deviation: 0.1 },
  { count: 79, mean: -7.4, deviation: 0.25 },
  { count: 74, mean: -6.2, deviation: 0.12 },
]

describe('corrected pruning', () => {
  it.each([1, 2, 3, 4, 5])('finds the noise that needs three components, seed %i', (seed) => {
    const values = logVariances(DEMO, seed)
    const { removed, removedCount, mixtures, notes } = plan(values)
    const accepted = mixtures.filter((mixture) => mixture.accepted)
    expect(accepted).toHaveLength(1)
    expect(accepted[0]?.components).toBeGreaterThanOrEqual(2)
    const missed = removed.slice(319).filter((flag) => flag === 0).length
    const wrong = removed.slice(0, 319).filter((flag) => flag === 1).length
    expect({ missed, wrong }).toEqual({
      missed: expect.toSatisfy((count: number) => count <= 2),
      wrong: expect.toSatisfy((count: number) => count <= 2),
    })
    expect(removedCount).toBe(74 - missed + wrong)
    expect(notes.join(' ')).not.toMatch(/Gaussian/)
  })

  it.each([
    [
      'a small group',
      [
        { count: 1900, mean: -7.3, deviation: 0.2 },
        { count: 60, mean: -6, deviation: 0.15 },
      ],
      60,
    ],
    [
      'a wide group',
      [
        { count: 300, mean: -8, deviation: 0.2 },
        { count: 100, mean: -5.5, deviation: 0.5 },
      ],
      100,
    ],
    [
      'half of the units',
      [
        { count: 200, mean: -7.5, deviation: 0.2 },
        { count: 200, mean: -6, deviation: 0.2 },
      ],
      200,
    ],
  ] as const)('finds %s', (_name, groups, expected) => {
    for (const seed of [1, 2, 3])
      expect(Math.abs(plan(logVariances(groups, seed)).removedCount - expected)).toBeLessThanOrEqual(
        Math.max(2, 0.05 * expected),
      )
  })

  it.each([
    ['one Gaussian', [{ count: 400, mean: -7, deviation: 0.3 }]],
    [
      'two widths around one mean',
      [
        { count: 300, mean: -7, deviation: 0.1 },
        { count: 100, mean: -7, deviation: 0.5 },
      ],
    ],
    [
      'two groups that overlap',
      [
        { count: 300, mean: -7, deviation: 0.3 },
        { count: 100, mean: -6.7, deviation: 0.3 },
      ],
    ],
    ['few units', [{ count: 5, mean: -7, deviation: 0.3 }]],
  ] as const)('removes nothing from %s, and says why', (_name, groups) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { removedCount, cutoff, notes } = plan(logVariances(groups, seed))
      expect({ removedCount, cutoff }).toEqual({ removedCount: 0, cutoff: null })
      expect(notes[0]).toMatch(/so no units are removed/)
    }
  })

  it('survives ties: equal variances are no group of infinite likelihood', () => {
    const values = Float64Array.from([
      ...logVariances([{ count: 200, mean: -7, deviation: 0.2 }], 1),
      ...Array.from({ length: 40 }, () => -7.1),
    ])
    const { mixtures } = plan(values)
    expect(
      mixtures.every(
        ({ logLikelihood, variances }) =>
          Number.isFinite(logLikelihood) && variances.every((variance) => variance >= 1e-6),
      ),
    ).toBe(true)
    expect(plan(Float64Array.from({ length: 30 }, () => -7)).removedCount).toBe(0)
    expect(plan(Float64Array.of(-7)).removedCount).toBe(0)
  })

  it('fits every number of components, whatever the one before gave, and never worse than from one start', () => {
    const values = logVariances(DEMO, 1)
    const mixtures = separatedMixture(values)
    expect(mixtures.map(({ components }) => components)).toEqual([1, 2, 3, 4])
    expect(mixtures[0]?.logLikelihood).toBeCloseTo(singleGaussian(values).logLikelihood, 8)
    const one = fitMixture(values, { weights: [0.5, 0.5], means: [-7.1, -8.5], variances: [0.1, 0.1] })
    expect(mixtures[1]?.logLikelihood).toBeGreaterThanOrEqual(one.logLikelihood - 1e-3)
    for (const { components, logLikelihood, bic } of mixtures)
      expect(bic).toBeCloseTo((3 * components - 1) * Math.log(393) - 2 * logLikelihood, 8)
  })

  it('gives the same plan twice, in any order of the units', () => {
    const values = logVariances(DEMO, 2)
    const reversed = values.slice().reverse()
    expect(plan(values)).toEqual(plan(values))
    expect(plan(reversed).removedCount).toBe(plan(values).removedCount)
  })

  it('knows a valley from a shoulder', () => {
    expect(hasSeparateTop({ weights: [0.8, 0.2], means: [-7, -6], variances: [0.01, 0.01] })).toBe(true)
    expect(hasSeparateTop({ weights: [0.8, 0.2], means: [-7, -6.8], variances: [0.04, 0.04] })).toBe(false)
    expect(hasSeparateTop({ weights: [0.2, 0.6, 0.2], means: [-7, -6.1, -6], variances: [0.01, 0.01, 0.01] })).toBe(
      false,
    )
    expect(hasSeparateTop({ weights: [1], means: [-7], variances: [0.04] })).toBe(false)
  })
})

describe('pruning by the norm as well', () => {
  const values = logVariances([{ count: 100, mean: -7, deviation: 0.1 }], 1)
  const weights = unitsOf(values)
  // Unit 3 gets a norm far from the others; the rest are compared with R of their own size.
  const norm = (unit: number): number =>
    Math.cbrt(weights.slice(unit * INPUTS, (unit + 1) * INPUTS).reduce((sum, value) => sum + Math.abs(value) ** 3, 0))
  const radius = norm(0)
  const rule = { lebesgueNorm: 3, radius, tolerance: 1e-7 }
  it('removes every unit that is off R and says for how many the variance alone was not enough', () => {
    const { removed, notes, offNorm } = planPruning({
      weights,
      hiddenUnits: 100,
      inputSize: INPUTS,
      mode: 'corrected',
      manualCutoff: null,
      offNorm: rule,
    })
    for (let unit = 0; unit < 100; unit++) expect(removed[unit]).toBe(Math.abs(norm(unit) - radius) <= 1e-7 ? 0 : 1)
    expect(offNorm).toBe(1e-7)
    expect(notes.join(' ')).toMatch(/99 of the removed units are below the cutoff/)
  })
  it('refuses a tolerance of 0', () => {
    expect(() =>
      planPruning({
        weights,
        hiddenUnits: 100,
        inputSize: INPUTS,
        mode: 'corrected',
        manualCutoff: null,
        offNorm: { ...rule, tolerance: 0 },
      }),
    ).toThrow(/norm tolerance above 0, got 0/)
  })
})

describe('verdict and pruning give the same advice', () => {
  const values = logVariances(DEMO, 1)
  const weights = unitsOf(values)
  const setting = { weights, hiddenUnits: values.length, inputSize: INPUTS, lebesgueNorm: 3, radius: 1 }
  const checks = { normTolerance: 0.01, unconvergedLimit: 0.1, meanLimit: -0.5, flatLogVariance: -9 }
  it('counts what pruning would remove', () => {
    const { removedCount } = plan(values)
    expect(convergenceVerdict({ ...setting, checks }).text).toContain(`removes ${removedCount} noisy units and leaves`)
  })
  it('does not advise pruning where it removes nothing', () => {
    const single = unitsOf(logVariances([{ count: 100, mean: -7, deviation: 0.2 }], 1))
    expect(convergenceVerdict({ ...setting, weights: single, hiddenUnits: 100, checks }).text).toMatch(
      /finds no separate group of noisy units/,
    )
  })
  it('judges what remains after pruning', () => {
    const { removed, removedCount } = plan(values)
    const verdict = convergenceVerdict({ ...setting, checks: { ...checks, normTolerance: 10 }, removed })
    expect(verdict).toMatchObject({
      passed: true,
      unconvergedUnits: 0,
      text: expect.stringContaining(`of ${values.length - removedCount} remaining units`),
    })
    const none = convergenceVerdict({ ...setting, checks, removed: removed.map(() => 1) })
    expect(none).toMatchObject({ passed: false, text: expect.stringMatching(/All units were removed/) })
  })
})
