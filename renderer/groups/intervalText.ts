import { SPACE, formatFixed } from '../format/index.js'
import type { SeedInterval } from './seedStatistics.js'

/** Decimals that a half width deserves: its second significant digit, at most `most`. */
const decimalsFor = (halfWidth: number, most: number): number =>
  halfWidth > 0 ? Math.max(0, Math.min(most, 1 - Math.floor(Math.log10(halfWidth)))) : most

/** A mean of fractions with its interval in per cent: `54.2 ± 0.6 %`; without an interval the mean alone. */
export function percentInterval({
  mean,
  halfWidth,
}: Pick<SeedInterval, 'mean' | 'halfWidth'> & Partial<SeedInterval>): string {
  if (halfWidth === null) return `${formatFixed(100 * mean, 1)}${SPACE}%`
  const decimals = decimalsFor(100 * halfWidth, 2)
  return `${formatFixed(100 * mean, decimals)} ± ${formatFixed(100 * halfWidth, decimals)}${SPACE}%`
}

/** A mean with its interval: `−1.53 ± 0.02`. */
export function numberInterval({ mean, halfWidth }: Pick<SeedInterval, 'mean' | 'halfWidth'>): string {
  if (halfWidth === null) return formatFixed(mean, 2)
  const decimals = decimalsFor(halfWidth, 4)
  return `${formatFixed(mean, decimals)} ± ${formatFixed(halfWidth, decimals)}`
}
