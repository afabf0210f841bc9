import { parseNumberText } from '../../contract/index.js'

/** The minus sign of print; a hyphen is shorter than a digit. */
export const MINUS = '−'
/** Narrow no-break space, in groups of thousands. */
export const NARROW = '\u202f'
/** No-break space, before units. */
export const SPACE = '\u00a0'

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
/** Numbers of four digits are read without a gap; "2000" is also how the paper prints them. */
const FIRST_GROUPED = 10_000
const LARGEST_PLAIN = 1e6
const SMALLEST_PLAIN = 1e-3

/** An exponent in raised figures: `−3` becomes `⁻³`. */
export function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)] ?? digit).join('')
  return exponent < 0 ? `⁻${digits}` : digits
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value < 0 ? `${MINUS}∞` : '∞'
}

/** Puts the real minus and the gaps of thousands into plain digits such as `-12345.67`. */
function typeset(digits: string): string {
  const [whole = '', fraction] = digits.replace('-', '').split('.')
  const grouped = Number(whole) >= FIRST_GROUPED ? whole.replace(/\B(?=(\d{3})+$)/g, NARROW) : whole
  const magnitude = fraction === undefined ? grouped : `${grouped}.${fraction}`
  // A rounded zero has no sign.
  return digits.startsWith('-') && /[1-9]/.test(digits) ? MINUS + magnitude : magnitude
}

/** A whole number: `60 000`, `2000`, `−3`. */
export function formatInteger(value: number): string {
  return Number.isFinite(value) ? typeset(Math.round(value).toFixed(0)) : notFinite(value)
}

/**
 * A number with fixed decimals: `−2.95`.
 *
 * @param decimals - digits after the point, 0 to 20
 */
export function formatFixed(value: number, decimals: number): string {
  return Number.isFinite(value) ? typeset(value.toFixed(decimals)) : notFinite(value)
}

/**
 * A number with a number of significant digits, as a power of ten where zeros would hide it: `0.912`, `5.00 × 10⁻⁴`.
 *
 * @param digits - significant digits, 1 to 21
 */
export function formatSignificant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return notFinite(value)
  if (value === 0) return '0'
  const [mantissa = '0', exponentText = '0'] = value.toExponential(digits - 1).split('e')
  const exponent = Number(exponentText)
  if (10 ** exponent >= LARGEST_PLAIN || 10 ** exponent < SMALLEST_PLAIN)
    return `${typeset(mantissa)}${NARROW}×${NARROW}10${superscript(exponent)}`
  return formatFixed(value, Math.max(0, digits - 1 - exponent))
}

/** A fraction as per cent: `0.173` becomes `17.3 %`. */
export function formatPercent(fraction: number, decimals = 1): string {
  return `${formatFixed(fraction * 100, decimals)}${SPACE}%`
}

/** A bound or a setting with all the digits it was given: `0.02`, `20 000`, `100 000`, `0.000001`, `1e−9` as `10⁻⁹`. */
export function formatExact(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value)
  const [mantissa = '', exponentText] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  const isPower = Math.abs(Number(mantissa)) === 1
  if (isPower && (exponent >= 7 || exponent <= -7)) return `${value < 0 ? MINUS : ''}10${superscript(exponent)}`
  if (value !== 0 && (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e15))
    return `${typeset(mantissa)}${NARROW}×${NARROW}10${superscript(exponent)}`
  return typeset(String(value))
}

/** A number as text for an input: no gaps, but a real minus. */
export function editableNumber(value: number): string {
  return String(value).replaceAll('-', MINUS)
}

/** The number that was typed into a field, by `parseNumberText`; null when it is none. */
export const parseNumber = (text: string): number | null => parseNumberText(text).value

/** What is wrong with a typed number, with what to write instead; empty when it is a number or the field is empty. */
export function numberFault(text: string): string {
  const reading = parseNumberText(text)
  return reading.fault === null || reading.fault === 'empty' ? '' : reading.message
}

/**
 * Steps a number by its last digit, as the arrow keys do: `0.02` up is `0.03`, `400` up is `401`, `8/255` up is 9/255.
 *
 * @param text - the number as typed
 * @param steps - how many, negative for down
 * @returns null when the text is not a number
 */
export function stepLastDigit(text: string, steps: number): number | null {
  const value = parseNumber(text)
  if (value === null) return null
  const [above = '', below] = text.split(/[/⁄∕]/)
  if (below !== undefined) return (stepLastDigit(above, steps) ?? NaN) / (parseNumber(below) ?? NaN)
  const [mantissa = '', exponentText = '0'] = text.replaceAll(MINUS, '-').toLowerCase().split('e')
  const exponent = Number(exponentText) - (mantissa.split('.')[1]?.trim().length ?? 0)
  return Number((value + steps * 10 ** exponent).toFixed(Math.min(100, Math.max(0, -exponent))))
}

/**
 * Round values from 0 to a limit, at most `most` steps apart by 1, 2, 2.5 or 5 times a power of ten.
 *
 * @param limit - > 0
 * @param whole - whether the steps are whole numbers
 */
export function roundTicks(limit: number, most: number, whole = false): number[] {
  const rough = limit / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step =
    [1, 2, 2.5, 5, 10]
      .map((factor) => factor * power)
      .find((size) => size >= rough * (1 - 1e-9) && (!whole || (size >= 1 && Number.isInteger(size)))) ??
    Math.max(1, Math.ceil(rough))
  return Array.from({ length: Math.floor(limit / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  )
}
