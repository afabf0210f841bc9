import { describe, expect, it } from 'vitest'
import {
  classifierSpec,
  describeRegulariser,
  fieldMeta,
  penaltyPlace,
  REGULARISERS,
  regulariserFaults,
  regularisersCost,
  regulariserOf,
  regulariserSpec,
  regulariserWarnings,
  type NetworkKind,
  type RegulariserSpec,
} from '../../../contract/index.js'
import { REGULARISER_CODE } from '../../../engine/regularisers/index.js'

const SIZES = { units: 100, inputSize: 30, images: 40, testImages: 20, batchSize: 10, epochs: 2 }
const spectral = (estimator: 'faithful' | 'corrected', changes: object = {}): RegulariserSpec =>
  regulariserSpec.parse({ kind: 'spectral', strength: 1, estimator, exponent: 1, firstIndex: 0, ...changes })
const jacobian = (estimator: 'exact' | 'corrected', strength = 1): RegulariserSpec => ({
  kind: 'jacobian',
  strength,
  estimator,
  projections: 3,
})
const millions = (...specs: RegulariserSpec[]): number => regularisersCost(specs, SIZES).operations / 1e6

describe.each(REGULARISERS.map((regulariser) => [regulariser.kind, regulariser] as const))(
  'the definition of %s',
  (kind, regulariser) => {
    it('has first settings that its schema takes, and no others', () => {
      expect(regulariserSpec.parse(regulariser.first)).toEqual(regulariser.first)
      expect(Object.keys(regulariser.first).sort()).toEqual(
        ['kind', 'strength', ...Object.keys(regulariser.settings)].sort(),
      )
      expect(() => regulariserSpec.parse({ ...regulariser.first, another: 1 })).toThrow('another')
    })
    it('labels every setting, and has words of its own', () => {
      for (const [key, schema] of Object.entries(regulariser.settings))
        expect(fieldMeta(schema), `${kind}.${key}`).toMatchObject({
          label: expect.any(String),
          help: expect.stringMatching(/\.$/),
        })
      for (const word of ['label', 'short', 'paper', 'summary'] as const)
        expect(REGULARISERS.filter((other) => other[word] === regulariser[word])).toHaveLength(1)
    })
    it('agrees with its code on what it prepares and needs', () => {
      const code = REGULARISER_CODE[kind]
      expect('prepare' in code).toBe(regulariser.preparesEpoch)
      expect(code.needsHidden && !regulariser.needsHiddenLayer).toBe(false)
    })
    it('costs nothing negative, and twice as much for twice the epochs', () => {
      const [once, twice] = [SIZES, { ...SIZES, epochs: 4 }].map((sizes) =>
        regularisersCost([regulariser.first], sizes),
      )
      expect([once?.operations ?? -1, once?.normals ?? -1].every((value) => value >= 0)).toBe(true)
      expect(twice).toEqual({ operations: 2 * (once?.operations ?? NaN), normals: 2 * (once?.normals ?? NaN) })
    })
  },
)

describe('what penalties cost', () => {
  it('is nothing without one', () => {
    expect([millions(), millions({ kind: 'lebesgue', strength: 1, lebesgueNorm: 2 })]).toEqual([0, 0])
  })
  it('spectral: an eigenproblem an epoch, the covariance of a batch, and projections', () => {
    // 35e6 for the eigenproblem, 10 (2·30·100 + 4·100²) = 0.46e6 for the last batch, 40·6·100² = 2.4e6 for the steps; two epochs.
    expect(millions(spectral('faithful'))).toBeCloseTo(2 * (35 + 0.46 + 2.4), 10)
  })
  it('spectral, corrected: the covariance of all images', () => {
    // 40 (6000 + 40 000) = 1.84e6.
    expect(millions(spectral('corrected'))).toBeCloseTo(2 * (35 + 1.84 + 2.4), 10)
    expect(millions(spectral('corrected'), spectral('faithful'))).toBeCloseTo(
      millions(spectral('corrected')) + millions(spectral('faithful')),
      10,
    )
  })
  it('spectral: about two seconds an epoch for 2000 units at the rate of two quiet cores', () => {
    const seconds =
      regularisersCost([spectral('faithful')], {
        units: 2000,
        inputSize: 3072,
        images: 1000,
        testImages: 0,
        batchSize: 1000,
        epochs: 1,
      }).operations / 1.5e11
    expect(seconds).toBeGreaterThan(1.8)
    expect(seconds).toBeLessThan(2.5)
  })
  it('jacobian: two products a step, and with projections their draws and those of the test images', () => {
    // Products of 2·100·30 operations an image: two for each of 80 trained images; projections add 3 for each of 40 tested ones.
    expect(millions(jacobian('exact'))).toBeCloseTo((2 * 100 * 30 * 2 * 80) / 1e6, 12)
    expect(millions(jacobian('corrected'))).toBeCloseTo((2 * 100 * 30 * (2 * 80 + 3 * 40)) / 1e6, 12)
    expect(
      [jacobian('exact'), jacobian('corrected'), jacobian('corrected', 0)].map(
        (spec) => regularisersCost([spec], SIZES).normals,
      ),
    ).toEqual([0, 100 * 3 * (40 + 80), 100 * 3 * 40])
  })
})

describe('where a penalty fits', () => {
  const place = (model: object, batchSize = 100): ReturnType<typeof penaltyPlace> =>
    penaltyPlace({ model: model as { kind: NetworkKind }, schedule: { batchSize } })
  it('penalties of the hidden layer need one', () => {
    for (const { first, needsHiddenLayer } of REGULARISERS)
      expect(regulariserFaults(first, place({ kind: 'identity' })).some(({ key }) => key === 'kind')).toBe(
        needsHiddenLayer,
      )
  })
  it('a spectrum needs two images and ranks to fit', () => {
    expect(
      regulariserFaults(spectral('corrected'), place({ kind: 'perceptron', hiddenUnits: 12 }, 1)).map(({ key }) => key),
    ).toEqual(['batchSize'])
    expect(
      regulariserFaults(spectral('corrected', { firstIndex: 11 }), place({ kind: 'perceptron', hiddenUnits: 12 })),
    ).toEqual([{ key: 'firstIndex', text: 'There are only 12 eigenvalues. Use 10 or less.' }])
    expect(regulariserFaults(spectral('corrected', { firstIndex: 11 }), place({ kind: 'hybrid' }))).toEqual([])
  })
  it('warns where nothing is trained, and where rounding dominates', () => {
    expect(regulariserWarnings(jacobian('exact'), place({ kind: 'hybrid' }), String).map(({ key }) => key)).toEqual([
      'strength',
    ])
    expect(
      regulariserWarnings(
        spectral('corrected', { exponent: 3 }),
        place({ kind: 'perceptron', hiddenUnits: 1000 }, 500),
        String,
      ),
    ).toEqual([
      {
        key: 'exponent',
        text: 'The last of 1000 targets lies 9 decades below the first; rounding error dominates there.',
      },
      { key: 'kind', text: 'A batch of 500 images has at most 499 of 1000 non-zero eigenvalues.' },
    ])
  })
  it('is described with the numbers that matter', () => {
    expect(
      [jacobian('exact'), jacobian('corrected'), spectral('faithful')].map((spec) => describeRegulariser(spec, String)),
    ).toEqual(['', ', 3 projections', ', exponent 1 from 0 as in the original'])
    expect(regulariserOf('lebesgue').describe({ kind: 'lebesgue', strength: 1, lebesgueNorm: 1 }, String)).toBe(
      ', p = 1',
    )
  })
  it('is refused by the specification at its place', () => {
    expect(classifierSpec.shape.regularisers.element).toBe(regulariserSpec)
  })
})
