import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  editableNumber,
  formatBytes,
  formatDay,
  formatDuration,
  formatElapsed,
  formatEnd,
  formatExact,
  formatFixed,
  formatInteger,
  formatPercent,
  formatShare,
  formatSignificant,
  parseNumber,
  roundTicks,
  stepLastDigit,
} from '../../../renderer/format/index.js'

const GAP = '\u202f'
const SPACE = '\u00a0'

describe('numbers as print sets them', () => {
  it('group thousands from five digits on, with a narrow space', () => {
    expect(formatInteger(2000)).toBe('2000')
    expect(formatInteger(60_000)).toBe(`60${GAP}000`)
    expect(formatInteger(1_234_567)).toBe(`1${GAP}234${GAP}567`)
  })
  it('have a real minus, and a rounded zero has none', () => {
    expect(formatFixed(-2.951, 2)).toBe('−2.95')
    expect(formatFixed(-0.001, 2)).toBe('0.00')
    expect(formatInteger(-12_345)).toBe(`−12${GAP}345`)
  })
  it('keep significant digits, as a power of ten where zeros would hide them', () => {
    expect(formatSignificant(0.9116)).toBe('0.912')
    expect(formatSignificant(0.0033)).toBe('0.00330')
    expect(formatSignificant(0.0005)).toBe(`5.00${GAP}×${GAP}10⁻⁴`)
    expect(formatSignificant(0.00099999, 2)).toBe('0.0010')
    expect(formatSignificant(1234.5)).toBe('1235')
    expect(formatSignificant(2.5e7, 2)).toBe(`2.5${GAP}×${GAP}10⁷`)
    expect(formatSignificant(-3.1e-8, 2)).toBe(`−3.1${GAP}×${GAP}10⁻⁸`)
    expect(formatSignificant(0)).toBe('0')
  })
  it('say what is not a number', () => {
    expect([formatInteger(NaN), formatSignificant(Infinity), formatFixed(-Infinity, 1)]).toEqual(['NaN', '∞', '−∞'])
  })
  it('show bounds with the digits they were given', () => {
    expect([0.02, 20_000, 1e5, 1e6, 1e7, 1e-6, 1e-9, -0.5, 0xffffffff, 0.4].map(formatExact)).toEqual([
      '0.02',
      `20${GAP}000`,
      `100${GAP}000`,
      `1${GAP}000${GAP}000`,
      '10⁷',
      '0.000001',
      '10⁻⁹',
      '−0.5',
      `4${GAP}294${GAP}967${GAP}295`,
      '0.4',
    ])
  })
  it('turn fractions into per cent and bytes into decimal units', () => {
    expect(formatPercent(0.173)).toBe(`17.3${SPACE}%`)
    expect(formatBytes(66e6)).toBe(`66${SPACE}MB`)
    expect(formatBytes(4.91e6)).toBe(`4.9${SPACE}MB`)
    expect(formatBytes(999)).toBe(`999${SPACE}B`)
    expect(formatShare(1.4e9, 16e9)).toBe(`1.4 of 16${SPACE}GB`)
  })
  it('put ticks at round values', () => {
    expect(roundTicks(120, 5, true)).toEqual([0, 25, 50, 75, 100])
    expect(roundTicks(0.02, 2)).toEqual([0, 0.01, 0.02])
    expect(roundTicks(3, 5, true)).toEqual([0, 1, 2, 3])
  })
})

describe('numbers as people type them', () => {
  it.each([
    ['−0.5', -0.5],
    ['1e-9', 1e-9],
    ['1e−9', 1e-9],
    ['20 000', 20_000],
    [`20${GAP}000`, 20_000],
    ['10⁵', 1e5],
    ['10^-4', 1e-4],
    ['3 × 10^-4', 3e-4],
    ['.5', 0.5],
    ['2.', 2],
    ['+3', 3],
    ['8/255', 8 / 255],
    ['1/3', 1 / 3],
  ])('%s is read', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })
  it.each(['', ' ', 'abc', '1,5', '0x10', '1e', '--1', '1.2.3', 'Infinity', '1e999'])('%j is no number', (text) => {
    expect(parseNumber(text)).toBeNull()
  })
  it('survive a round through the field, whatever they are', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(editableNumber(value))).toBe(value === 0 ? 0 : value)
      }),
    )
  })
  it('step by their last digit', () => {
    expect(stepLastDigit('0.02', 1)).toBe(0.03)
    expect(stepLastDigit('400', -10)).toBe(390)
    expect(stepLastDigit('−0.5', 1)).toBe(-0.4)
    expect(stepLastDigit('1e-9', 1)).toBe(2e-9)
    expect(stepLastDigit('8/255', 1)).toBe(9 / 255)
    expect(stepLastDigit('x', 1)).toBeNull()
    expect(stepLastDigit('1/3/4', 1)).toBeNull()
  })
})

describe('times', () => {
  const now = new Date(2026, 10, 24, 14, 0)
  it('last as long as one cares', () => {
    expect(
      [0.4, 4, 59.4, 59.6, 41 * 60, 59.6 * 60, 3 * 3600 + 55 * 60, 52 * 3600]
        .map(formatDuration)
        .map((text) => text.replaceAll(SPACE, ' ')),
    ).toEqual(['0.4 s', '4 s', '59 s', '1 min', '41 min', '1 h 00', '3 h 55', '2 d 4 h'])
    expect(formatElapsed(351).replaceAll(SPACE, ' ')).toBe('5 min 51 s')
  })
  it('name the day', () => {
    expect(formatDay(new Date(2026, 10, 24, 11, 20), now)).toBe('today 11:20')
    expect(formatDay(new Date(2026, 10, 23, 9, 2), now)).toBe('yesterday 09:02')
    expect(formatDay(new Date(2026, 10, 21, 9, 2), now)).toBe('Sat 21 Nov')
    expect(formatDay(new Date(2025, 10, 21), now)).toBe('21 Nov 2025')
  })
  it('end today or on another day', () => {
    expect(formatEnd(52 * 60, now)).toBe('14:52')
    expect(formatEnd(86_400, now)).toBe('Wed 25 Nov, 14:00')
  })
})
