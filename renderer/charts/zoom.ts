/** A stretch of the x axis. */
export type Domain = readonly [from: number, to: number]

/** The stretch between two places in either order, inside the whole; null where it is too short to show anything. */
export function domainBetween(a: number, b: number, [first, last]: Domain): Domain | null {
  const [from, to] = [Math.max(first, Math.min(a, b)), Math.min(last, Math.max(a, b))]
  return to - from > (last - first) * 1e-6 ? [from, to] : null
}

/**
 * The stretch scaled about a place, kept inside the whole; null when it is the whole again.
 *
 * @param factor - below 1 comes nearer, above 1 goes away
 */
export function domainScaled(domain: Domain, [first, last]: Domain, about: number, factor: number): Domain | null {
  const length = (domain[1] - domain[0]) * factor
  if (length >= last - first) return null
  const share = (about - domain[0]) / (domain[1] - domain[0])
  const from = Math.min(last - length, Math.max(first, about - share * length))
  return [from, from + length]
}

/** Places of an ascending column that lie inside a stretch, ends included: from the first to before the second. */
export function placesInside(x: ArrayLike<number>, domain: Domain | null): [first: number, end: number] {
  if (domain === null) return [0, x.length]
  let first = 0
  while (first < x.length && (x[first] ?? 0) < domain[0]) first++
  let end = first
  while (end < x.length && (x[end] ?? 0) <= domain[1]) end++
  return [first, end]
}

/** Limits of a linear axis about some values, a little wider, with few digits. */
export function tightLimits(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  const margin = (high - low || Math.abs(high) || 1) * 0.08
  const step = 10 ** Math.floor(Math.log10(margin))
  const rounded = (value: number, round: (scaled: number) => number): number => Number((round(value / step) * step).toPrecision(12))
  return [rounded(low - margin, Math.floor), rounded(high + margin, Math.ceil)]
}
