import { describe, expect, it } from 'vitest'
import type { RegulariserSpec } from '../../contract/index.js'
import { spectralSeconds } from '../../lab/spectralWork.js'

const WORK = { units: 100, inputSize: 30, images: 40, batchSize: 10, epochs: 2 }
const RATE = 1e6
const spectral = (estimator: 'faithful' | 'corrected'): RegulariserSpec => ({ kind: 'spectral', strength: 1, estimator, exponent: 1, firstIndex: 0 })
const seconds = (...regularisers: RegulariserSpec[]): number => spectralSeconds({ regularisers }, WORK, RATE)

describe('what spectral penalties cost', () => {
  it('is nothing without one', () => {
    expect(seconds()).toBe(0)
    expect(seconds({ kind: 'lebesgue', strength: 1, lebesgueNorm: 2 })).toBe(0)
  })
  it('is an eigenproblem an epoch, the covariance of a batch, and projections', () => {
    // 35e6 for the eigenproblem, 10 (2·30·100 + 4·100²) = 0.46e6 for the last batch, 40·6·100² = 2.4e6 for the steps; two epochs.
    expect(seconds(spectral('faithful'))).toBeCloseTo(2 * (35 + 0.46 + 2.4), 10)
  })
  it('takes the covariance of all images when corrected', () => {
    // 40 (6000 + 40 000) = 1.84e6.
    expect(seconds(spectral('corrected'))).toBeCloseTo(2 * (35 + 1.84 + 2.4), 10)
    expect(seconds(spectral('corrected'), spectral('faithful'))).toBeCloseTo(seconds(spectral('corrected')) + seconds(spectral('faithful')), 10)
  })
  it('takes about two seconds an epoch for 2000 units at the rate of two quiet cores', () => {
    const epoch = spectralSeconds({ regularisers: [spectral('faithful')] }, { units: 2000, inputSize: 3072, images: 1000, batchSize: 1000, epochs: 1 }, 1.5e11)
    expect(epoch).toBeGreaterThan(1.8)
    expect(epoch).toBeLessThan(2.5)
  })
})
