import { describe, expect, it } from 'vitest'
import {
  classifierRateOf,
  fieldMeta,
  RATE_SCHEDULES,
  rateSchedule,
  rateScheduleOf,
  rateWarnings,
  type ClassifierRate,
} from '../../contract/index.js'

const EPOCHS = 300
const ratesOf = (schedule: ClassifierRate): number[] =>
  Array.from({ length: EPOCHS }, (_, index) => classifierRateOf(schedule, index + 1))

describe.each(RATE_SCHEDULES.map(({ kind }) => [kind] as const))('the rate schedule %s', (kind) => {
  const { first, settings, changes } = rateScheduleOf(kind)
  it('has first settings that its schema takes, and no others', () => {
    expect(rateSchedule.parse(first)).toEqual(first)
    expect(Object.keys(first).sort()).toEqual(['kind', 'learningRate', ...Object.keys(settings)].sort())
    expect(() => rateSchedule.parse({ ...first, another: 1 })).toThrow('another')
  })
  it('has words of its own, and labels every setting', () => {
    for (const word of ['label', 'summary', 'note'] as const)
      expect(RATE_SCHEDULES.filter((other) => other[word] === rateScheduleOf(kind)[word])).toHaveLength(1)
    for (const schema of Object.values(settings))
      expect(fieldMeta(schema as never)).toMatchObject({ help: expect.stringMatching(/\.$/) })
  })
  it('begins at its first rate, is never negative, and changes only where it says so', () => {
    const rates = ratesOf(first)
    expect(rates[0]).toBe(first.learningRate)
    expect(rates.every((rate) => Number.isFinite(rate) && rate >= 0)).toBe(true)
    expect(new Set(rates).size > 1).toBe(changes)
  })
  it('says nothing of a run in which all of it is used', () => {
    expect(rateWarnings(first, EPOCHS, String)).toEqual([])
  })
})
