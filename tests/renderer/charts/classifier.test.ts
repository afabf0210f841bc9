import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../../contract/index.js'
import { confusionSummary } from '../../../renderer/charts/confusion.js'
import { smoothedCurve } from '../../../renderer/charts/smoothing.js'
import { shownSpectralTerm, targetLaw } from '../../../renderer/charts/targetLaw.js'
import { logLimits, smallLogTicks } from '../../../renderer/charts/ticks.js'
import { domainBetween, domainScaled, placesInside, tightLimits, wholeNumbers } from '../../../renderer/charts/zoom.js'
import { mistakesOf } from '../../../renderer/pages/run/classifier/mistakes.js'
import { lossCurves, valueAtEpoch } from '../../../renderer/pages/run/classifier/lossSeries.js'
import { addRecords, columnsOf } from '../../../renderer/run/metricColumns.js'
import { classifierSpecOf } from '../fakeLab.js'
import { lookDash } from '../../../renderer/looks/lookStyle.js'

describe('smoothing', () => {
  it('is a moving mean whose envelope holds every value', () => {
    expect(smoothedCurve([0, 3, 6, 9], 3)).toEqual({ mean: [1.5, 3, 6, 7.5], low: [0, 0, 3, 6], high: [3, 6, 9, 9] })
    expect(smoothedCurve([1, NaN, 3], 3).mean).toEqual([1, 2, 3])
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(1, 5, 21),
        (values, width) => {
          const { mean, low, high } = smoothedCurve(values, width)
          values.forEach((value, place) => {
            expect(low[place]).toBeLessThanOrEqual(value)
            expect(high[place]).toBeGreaterThanOrEqual(value)
            expect(mean[place]).toBeGreaterThanOrEqual((low[place] ?? NaN) - 1e-6)
            expect(mean[place]).toBeLessThanOrEqual((high[place] ?? NaN) + 1e-6)
            if (width === 1) expect((mean[place] ?? NaN) - value).toBe(0)
          })
        },
      ),
    )
  })
})

describe('zoom', () => {
  it('takes a stretch in either direction, inside the whole', () => {
    expect(domainBetween(8, 3, [0, 10])).toEqual([3, 8])
    expect(domainBetween(-5, 30, [0, 10])).toEqual([0, 10])
    expect(domainBetween(4, 4, [0, 10])).toBeNull()
  })
  it('comes nearer about a place and keeps inside', () => {
    expect(domainScaled([0, 100], [0, 100], 25, 0.5)).toEqual([12.5, 62.5])
    expect(domainScaled([50, 100], [0, 100], 100, 0.5)).toEqual([75, 100])
    expect(domainScaled([40, 60], [0, 100], 50, 20)).toBeNull()
  })
  it('finds the samples inside, ends included', () => {
    expect([placesInside([1, 2, 3, 4], [2, 3]), placesInside([1, 2, 3], null), placesInside([1, 2], [5, 6])]).toEqual([
      [1, 3],
      [0, 3],
      [2, 2],
    ])
  })
  it('is to whole epochs', () => {
    expect([
      wholeNumbers([7.7, 25.7], [0, 30]),
      wholeNumbers([3.2, 3.4], [0, 30]),
      wholeNumbers([29.5, 30], [0, 30]),
    ]).toEqual([
      [7, 26],
      [3, 4],
      [29, 30],
    ])
  })
  it('ends its values at round numbers', () => {
    expect(tightLimits([0.512, 0.538])).toEqual([0.51, 0.54])
    expect(tightLimits([-2, 7])).toEqual([-5, 10])
    // A spread of that many values overflows the stack.
    const many = Array.from({ length: 400_000 }, (_, place) => (place % 2 === 0 ? 0.512 : 0.538))
    expect(tightLimits(many)).toEqual([0.51, 0.54])
    expect(logLimits(many)).toEqual(logLimits([0.512, 0.538]))
    const [low, high] = tightLimits([3, 3])
    expect(low).toBeLessThanOrEqual(3)
    expect(high).toBeGreaterThan(3)
  })
})

describe('log axes of less than a decade', () => {
  it('end at 1, 2 or 5 and label them', () => {
    expect(logLimits([2.1, 2.4])).toEqual([2, 5])
    expect(logLimits([0.9, 3])).toEqual([0.5, 5])
    expect(logLimits([0.01, 3])).toEqual([0.01, 10])
    expect(logLimits([-1])).toEqual([0.1, 1])
    expect(smallLogTicks(0.5, 5)).toEqual([0.5, 1, 2, 5])
  })
})

describe('the target of a spectral penalty', () => {
  const eigenvalues = Float64Array.of(8, 4, 2, 1)
  it('as the original is n^−α, at its own scale', () => {
    expect(
      targetLaw({ kind: 'spectral', strength: 1, estimator: 'faithful', exponent: 2, firstIndex: 1 }, eigenvalues)
        ?.points,
    ).toEqual([
      [2, 1 / 4],
      [3, 1 / 9],
      [4, 1 / 16],
    ])
  })
  it('corrected begins at the measured eigenvalue of its first index', () => {
    // β = λ_1 (1 + 1)^1 = 4 · 2: targets 8/2, 8/3, 8/4.
    expect(
      targetLaw({ kind: 'spectral', strength: 1, estimator: 'corrected', exponent: 1, firstIndex: 1 }, eigenvalues)
        ?.points,
    ).toEqual([
      [2, 4],
      [3, 8 / 3],
      [4, 2],
    ])
  })
  it('is not there beyond the spectrum or without an anchor', () => {
    const term = { kind: 'spectral', strength: 1, estimator: 'corrected', exponent: 1, firstIndex: 4 } as const
    expect([targetLaw(term, eigenvalues), targetLaw({ ...term, firstIndex: 1 }, [1, 0])]).toEqual([null, null])
  })
  it('is that of the term which acts, else of one that is recorded', () => {
    const [recorded, acting] = [
      { kind: 'spectral', strength: 0, estimator: 'faithful', exponent: 1, firstIndex: 0 },
      { kind: 'spectral', strength: 2, estimator: 'faithful', exponent: 3, firstIndex: 0 },
    ] as const
    expect([shownSpectralTerm([recorded, acting]), shownSpectralTerm([recorded]), shownSpectralTerm([])]).toEqual([
      acting,
      recorded,
      null,
    ])
  })
})

describe('a confusion matrix', () => {
  it('is summed by rows and columns, and its worst confusion is named', () => {
    const summary = confusionSummary([5, 1, 0, 2, 3, 0, 0, 4, 0], 3)
    expect(summary).toMatchObject({
      images: 15,
      correct: 8,
      truths: [6, 5, 4],
      predictions: [7, 8, 0],
      worst: { truth: 2, prediction: 1, count: 4 },
    })
    expect(summary.recalls).toEqual([5 / 6, 3 / 5, 0])
  })
  it('without images or mistakes says so', () => {
    expect(confusionSummary([0, 0, 0, 0], 2)).toMatchObject({ images: 0, worst: null })
    expect(confusionSummary([0, 0, 0, 0], 2).recalls[0]).toBeNaN()
    expect(confusionSummary([2, 0, 0, 1], 2).worst).toBeNull()
  })
})

describe('what a classifier’s page reads', () => {
  it('mistakes, the surest first', () => {
    expect(mistakesOf(Float32Array.of(7, 1, 2, 0.5, 9, 3, 4, 0.75))).toEqual([
      { image: 9, truth: 3, prediction: 4, probability: 0.75 },
      { image: 7, truth: 1, prediction: 2, probability: 0.5 },
    ])
  })
  it('one curve for the loss and for each of its parts, weighted or not', () => {
    const spec = classifierSpecOf()
    expect(lossCurves(spec, true).map(({ metric }) => metric)).toEqual([
      'loss',
      'crossEntropy',
      'weightedPenalty1',
      'weightedPenalty2',
      'weightedPenalty3',
    ])
    expect(lossCurves(spec, false).map(({ metric, name }) => [metric, name])).toEqual([
      ['loss', 'loss'],
      ['crossEntropy', 'cross entropy'],
      ['penalty1', 'Lp'],
      ['penalty2', 'Jacobian'],
      ['penalty3', 'spectral'],
    ])
    for (const { metric } of lossCurves(spec, true)) expect(Object.keys(METRICS)).toContain(metric)
    // The loss runs just above the cross entropy, whose dashes let it be seen.
    const [whole, entropy] = lossCurves(spec, true)
    expect([lookDash(whole!.slot), Array.isArray(lookDash(entropy!.slot))]).toEqual(['solid', true])
  })
  it('without penalties the loss is the cross entropy; two of a kind are distinguished', () => {
    const [first] = classifierSpecOf().regularisers
    if (first === undefined) throw new Error('a penalty was expected')
    expect(lossCurves(classifierSpecOf({ regularisers: [] }), true).map(({ metric }) => metric)).toEqual([
      'crossEntropy',
    ])
    expect(lossCurves(classifierSpecOf({ regularisers: [first, first] }), false).map(({ name }) => name)).toEqual([
      'loss',
      'cross entropy',
      'Lp 1',
      'Lp 2',
    ])
  })
  it('the value at an epoch, or the last', () => {
    const column = { epoch: [1, 2, 4], value: [9, 8, 7] }
    expect([valueAtEpoch(column, null), valueAtEpoch(column, 2), valueAtEpoch(column, 3)]).toEqual([7, 8, null])
  })
  it('a resumed run as one joined curve', () => {
    const columns = columnsOf({
      loss: { epoch: Float64Array.of(1, 2, 3), step: Float64Array.of(1, 2, 3), value: Float64Array.of(9, 8, 7) },
    })
    addRecords(
      columns,
      [2, 3, 4].map((epoch) => ({ epoch, step: epoch, name: 'loss' as const, value: 10 * epoch, wall: 0 })),
    )
    expect(columns.get('loss')).toEqual({ epoch: [1, 2, 3, 4], value: [9, 20, 30, 40] })
  })
})
