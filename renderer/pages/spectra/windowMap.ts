import type { WindowMap } from '../../../contract/index.js'
import { formatFixed } from '../../format/index.js'

/** Shade of the flattest and of the steepest exponent, per cent of the trace colour. */
const PALEST = 8
const DARKEST = 92

/** The exponent of a start and an end, by their places in the map; NaN where too few ranks are left. */
export const slopeAt = ({ slopes, ends }: WindowMap, start: number, end: number): number =>
  slopes[start * ends.length + end] ?? NaN

/**
 * The exponents that the shades of a map reach from and to: quantiles 2 % and 98 %, since windows of three or four ranks at the edges
 * would take all shades for themselves.
 */
export function slopeRange({ slopes }: WindowMap): readonly [low: number, high: number] {
  const sorted = slopes.filter(Number.isFinite).sort()
  if (sorted.length === 0) return [-1, 0]
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const [low, high] = [at(0.02), at(0.98)]
  return high - low > 1e-9 ? [low, high] : [low - 0.5, low + 0.5]
}

/** The shade of an exponent: the steeper, the darker. */
export function shadeOf(slope: number, [low, high]: readonly [number, number]): string | undefined {
  if (!Number.isFinite(slope)) return undefined
  const share = Math.max(0, Math.min(1, (slope - low) / (high - low)))
  return `color-mix(in oklab, var(--trace) ${Math.round(DARKEST - (DARKEST - PALEST) * share)}%, var(--pane))`
}

const STEPS = [1, 2, 5] as const

/** Round exponents inside a range, three to six of them, with their place in it from 0 to 1. */
export function roundedTicks([low, high]: readonly [number, number]): { value: number; share: number; text: string }[] {
  const rough = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((factor) => factor * power >= rough) ?? 10) * power
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step).map(
    (value) => ({ value, share: (value - low) / (high - low), text: formatFixed(value, decimals) }),
  )
}
