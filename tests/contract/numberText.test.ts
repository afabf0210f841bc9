import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { parseNumberText } from '../../contract/index.js'

describe('numbers as people write them', () => {
  test.each([
    ['8/255', 8 / 255],
    ['1/3', 1 / 3],
    ['1 / 3', 1 / 3],
    ['1⁄2', 0.5],
    ['-1/4', -0.25],
    ['2.5/10', 0.25],
    ['1e-3/2', 5e-4],
    ['.5', 0.5],
    ['5.', 5],
    ['+1', 1],
    ['+.5', 0.5],
    ['−0.5', -0.5],
    ['2e-3', 0.002],
    ['2E−3', 0.002],
    ['1e+2', 100],
    ['10^-3', 1e-3],
    ['10⁵', 1e5],
    ['-10^2', -100],
    ['3 × 10⁻⁴', 3e-4],
    ['3*10^-4', 3e-4],
    ['3*10**2', 300],
    ['10 000', 10_000],
    ['60 000', 60_000],
    ['1_000', 1000],
    ["1'000", 1000],
    [' 7 ', 7],
    ['0', 0],
  ])('%s is %d', (text, value) => expect(parseNumberText(text)).toEqual({ value, fault: null }))

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['0,5', 'decimalComma'],
    ['1,000', 'decimalComma'],
    [',5', 'decimalComma'],
    ['1,5e-3', 'decimalComma'],
    ['1/0', 'divisionByZero'],
    ['1e999', 'tooLarge'],
    ['1/1e-400', 'divisionByZero'],
    ['one', 'notANumber'],
    ['1/2/3', 'notANumber'],
    ['8/', 'notANumber'],
    ['/255', 'notANumber'],
    ['0x10', 'notANumber'],
    ['1 2 x', 'notANumber'],
    ['NaN', 'notANumber'],
    ['Infinity', 'notANumber'],
    ['--1', 'notANumber'],
    ['1,2,3', 'notANumber'],
    ['e5', 'notANumber'],
    ['.', 'notANumber'],
    ['1.2.3', 'notANumber'],
    ['١٢', 'notANumber'],
    ['1__', 'notANumber'],
  ])('%j is refused as %s', (text, fault) => expect(parseNumberText(text)).toMatchObject({ value: null, fault }))

  test('a decimal comma is explained with what to write', () => {
    expect(parseNumberText('0,03')).toMatchObject({
      message: '“0,03” contains a decimal comma. Write 0.03 with a point.',
    })
    expect(parseNumberText(',5')).toMatchObject({ message: '“,5” contains a decimal comma. Write 0.5 with a point.' })
    expect(parseNumberText('1,000')).toMatchObject({
      message: '“1,000” contains a comma. Write 1.000 for a decimal fraction, or 1000 for thousands.',
    })
  })

  test('every finite number is read back from its own text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // A text knows no -0.
        expect(parseNumberText(String(value)).value).toBe(value + 0)
      }),
    )
  })

  test('every fraction of whole numbers is their quotient', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (above, below) => {
        expect(parseNumberText(`${above}/${below}`).value).toBe(above / below)
      }),
    )
  })
})
