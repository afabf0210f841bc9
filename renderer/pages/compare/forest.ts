import { extentOf } from '../../../contract/index.js'
import type { Difference } from '../../../contract/compare/comparison.js'

/** The axis of the differences of one measure, with room about the outermost interval; zero is always on it. */
export function forestDomain(differences: readonly Difference[]): [low: number, high: number] {
  const ends = differences.flatMap(({ mean, halfWidth, pairs }) => [
    ...(mean === null ? [] : [mean - (halfWidth ?? 0), mean + (halfWidth ?? 0)]),
    ...pairs.map(({ difference }) => difference),
  ])
  const finite = [0, ...ends].filter(Number.isFinite)
  const [low, high] = extentOf(finite)
  if (low === high) return [-1, 1]
  const room = 0.08 * (high - low)
  return [low - room, high + room]
}

/** Where a value lies on an axis, as a share of its width. */
export const shareOf = (value: number, [low, high]: readonly [number, number]): number => (value - low) / (high - low)
