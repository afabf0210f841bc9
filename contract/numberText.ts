/** Why a text is not a number. */
export type NumberFault = 'empty' | 'decimalComma' | 'divisionByZero' | 'tooLarge' | 'notANumber'

/** A number read from text, or the reason why there is none, with a message that says what to write instead. */
export type NumberReading =
  | { readonly value: number; readonly fault: null }
  | { readonly value: null; readonly fault: NumberFault; readonly message: string }

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i

const refused = (fault: NumberFault, message: string): NumberReading => ({ value: null, fault, message })

/** Typographic signs as plain ones: real minus, raised exponents, fraction slash, spaces and underscores between digits. */
function plainText(text: string): string {
  const exponent = (run: string): string =>
    `^${[...run].map((sign) => (sign === '⁻' ? '-' : RAISED.indexOf(sign))).join('')}`
  return text
    .normalize('NFC')
    .trim()
    .replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, exponent)
    .replaceAll('−', '-')
    .replace(/[⁄∕]/g, '/')
    .replace(/(\d)[\s_\u202f\u00a0']+(?=\d)/g, '$1')
    .replace(/\s+/g, '')
    .replace(/[×*]10(\^|\*\*)/, 'e')
    .replace(/^([+-]?)10(\^|\*\*)/, '$11e')
}

function commaMessage(text: string, plain: string): string {
  const point = plain.replace(',', '.')
  return /,\d{3}$/.test(plain)
    ? `“${text}” contains a comma. Write ${point} for a decimal fraction, or ${plain.replace(',', '')} for thousands.`
    : `“${text}” contains a decimal comma. Write ${point.replace(/^([+-]?)\./, '$10.')} with a point.`
}

/**
 * Reads a number as people write it: `8/255`, `1/3`, `.5`, `+1`, `2e-3`, `10^-3`, `3 × 10⁻⁴`, `10 000`, `1_000`, `−0.5`.
 *
 * @param text - what was typed or given to an option; a fraction is one number over another
 * @returns the finite number, or the fault and a message with the offending text
 */
export function parseNumberText(text: string): NumberReading {
  const shown = text.trim()
  const plain = plainText(text)
  if (plain === '') return refused('empty', 'A number is missing.')
  const parts = plain.split('/')
  if (
    parts.length <= 2 &&
    parts.some((part) => COMMA.test(part)) &&
    parts.every((part) => COMMA.test(part) || DECIMAL.test(part))
  ) {
    return refused('decimalComma', commaMessage(shown, plain))
  }
  if (parts.length > 2 || !parts.every((part) => DECIMAL.test(part))) {
    return refused('notANumber', `“${shown}” is not a number.`)
  }
  const [numerator = NaN, denominator = 1] = parts.map(Number)
  if (denominator === 0) return refused('divisionByZero', `“${shown}” divides by zero.`)
  const value = numerator / denominator
  return Number.isFinite(value) ? { value, fault: null } : refused('tooLarge', `“${shown}” is too large for a number.`)
}
