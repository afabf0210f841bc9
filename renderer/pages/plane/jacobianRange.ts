/** The range of Jacobian norms that a map shows. */
export interface ShownRange {
  range: readonly [low: number, high: number]
  /** Whether norms above the range are cut off. */
  clipped: boolean
}

/** Norms above this percentile are shown in the lightest colour, so that a corner of the plane does not use up the scale. */
export const JACOBIAN_PERCENTILE = 98
const MUCH_BEYOND = 1.5

/**
 * The range for the colours of a map: up to the largest norm, or up to a percentile where the largest is much beyond it.
 *
 * @param norms - Jacobian norms of the points, at least one
 */
export function jacobianRangeOf(norms: ArrayLike<number>): ShownRange {
  const sorted = Float64Array.from(norms).filter(Number.isFinite).sort()
  const [low, high] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0]
  const clip = sorted[Math.max(0, Math.ceil((JACOBIAN_PERCENTILE / 100) * sorted.length) - 1)] ?? high
  const clipped = high - low > MUCH_BEYOND * (clip - low) && clip > low
  return { range: [low, clipped ? clip : high], clipped }
}
