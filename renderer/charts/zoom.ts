import { extentOf } from '../../contract/index.js'

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

/** The stretch widened to whole numbers, where the whole axis counts something. */
export const wholeNumbers = ([from, to]: Domain, [first, last]: Domain): Domain => [
  Math.max(first, Math.floor(from)),
  Math.min(last, Math.max(Math.floor(from) + 1, Math.ceil(to))),
]

/** Places of an ascending column that lie inside a stretch, ends included: from the first to before the second. */
export function placesInside(x: ArrayLike<number>, domain: Domain | null): [first: number, end: number] {
  if (domain === null) return [0, x.length]
  let first = 0
  while (first < x.length && (x[first] ?? 0) < domain[0]) first++
  let end = first
  while (end < x.length && (x[end] ?? 0) <= domain[1]) end++
  return [first, end]
}

/** Limits of a linear axis about some values: multiples of 1, 2 or 5 times a power of ten, with about four steps between them. */
export function tightLimits(values: readonly number[]): [number, number] {
  const [low, high] = extentOf(values)
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1]
  const rough = (high - low || Math.abs(high) || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const rounded = (steps: number): number => Number((steps * step).toPrecision(12))
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
  return [rounded(first), rounded(last > first ? last : first + 1)]
}
