import { extentOf } from '../../contract/index.js'
import { MINUS, formatExact, superscript } from '../format/index.js'

/** A power of ten as an axis shows it: `10⁻³`; `1` stays `10⁰`. */
export const powerLabel = (value: number): string => {
  const exponent = Math.round(Math.log10(value))
  return Math.abs(Math.log10(value) - exponent) < 1e-6 ? `10${superscript(exponent)}` : ''
}

/** A number of a linear axis, with a real minus and no needless digits. */
export const plainLabel = (value: number): string => {
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size >= 1e5 || size < 1e-3
    ? value
        .toExponential()
        .replace(/e([+-])(\d+)/, (_, sign: string, digits: string) => ` × 10${superscript(Number(`${sign}${digits}`))}`)
        .replace('-', MINUS)
        .replace(/^1 × /, '')
    : formatExact(Number(value.toPrecision(10)))
}

const STEPS = [1, 2, 5] as const

/** Values 1, 2 and 5 times powers of ten from one limit to another, both included: ticks of a log axis of less than a decade or so. */
export function smallLogTicks(low: number, high: number): number[] {
  const ticks: number[] = []
  for (let exponent = Math.floor(Math.log10(low) + 1e-9); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    for (const step of STEPS) {
      const value = Number(`${step}e${exponent}`)
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) ticks.push(value)
    }
  }
  return ticks
}

/** Limits of a log axis about values: whole decades, or 1, 2 or 5 times a power of ten where they span less than one decade. */
export function logLimits(values: Iterable<number>): [number, number] {
  const positive = [...values].filter((value) => value > 0 && Number.isFinite(value))
  if (positive.length === 0) return [0.1, 1]
  const [low, high] = extentOf(positive)
  if (high / low >= 10) return decadeLimits(positive)
  const ticks = smallLogTicks(low / 10, high * 10)
  return [
    ticks.findLast((tick) => tick <= low * (1 - 1e-9)) ?? low,
    ticks.find((tick) => tick >= high * (1 + 1e-9)) ?? high,
  ]
}

/** Whole decades around values: limits of a log axis; at least one decade. */
export function decadeLimits(values: Iterable<number>): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low === Infinity) return [0.1, 1]
  const first = Math.floor(Math.log10(low) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9))
  return [Number(`1e${first}`), Number(`1e${last}`)]
}
