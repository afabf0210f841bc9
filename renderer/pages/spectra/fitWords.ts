import { BEND_LIMIT, type Interval } from '../../../contract/index.js'
import { formatFixed } from '../../format/index.js'
import type { ShownFit } from './useFits.js'

/** Whether a fit is curved. */
export const bends = ({ curvature }: Pick<ShownFit, 'curvature'>): boolean =>
  curvature !== null && Math.abs(curvature) > BEND_LIMIT

/** One digit of the error decides how many a slope has. */
const decimalsOf = (standardError: number): number => (standardError < 0.01 ? 3 : 2)

export const slopeText = ({ slope, standardError }: Pick<ShownFit, 'slope' | 'standardError'>): string =>
  formatFixed(slope, decimalsOf(standardError))
export const errorText = ({ standardError }: Pick<ShownFit, 'standardError'>): string =>
  formatFixed(standardError, decimalsOf(standardError))
/** An interval wider than this needs two decimals only. */
const WIDE = 0.02

export function intervalText(interval: Interval | null): string {
  if (interval === null) return '–'
  const decimals = interval.upper - interval.lower > WIDE ? 2 : 3
  return `${formatFixed(interval.lower, decimals)} to ${formatFixed(interval.upper, decimals)}`
}
