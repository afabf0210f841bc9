import type { PlaneMap } from '../../../contract/index.js'
import { contourLines, type ContourLine } from '../../../figures/kit/contours.js'
import { roundValues } from './roundValues.js'

/** Lines of one value. */
export interface LevelLines {
  level: number
  lines: ContourLine[]
}

/** Levels of confidence that are drawn. */
export const CONFIDENCE_LEVELS = [0.3, 0.5, 0.7, 0.9] as const

/** By how much the softmax of a class exceeds that of the next best one, at every point: 0 on the edge of its region. */
export function lead(probabilities: Float32Array, classes: number, label: number): Float32Array {
  const result = new Float32Array(probabilities.length / classes)
  for (let point = 0; point < result.length; point++) {
    let other = -Infinity
    for (let each = 0; each < classes; each++) if (each !== label) other = Math.max(other, probabilities[point * classes + each] ?? 0)
    result[point] = (probabilities[point * classes + label] ?? 0) - other
  }
  return result
}

/** The edges of the class regions, in units of points; an edge between two regions is found once. */
export function boundaryLines({ labels, probabilities, classShares }: Pick<PlaneMap, 'labels' | 'probabilities' | 'classShares'>, size: number): ContourLine[] {
  const classes = classShares.length
  const present = Array.from(classShares, (share, label) => ({ share, label })).filter(({ share }) => share > 0)
  if (present.length < 2 || labels.length === 0) return []
  // Of two regions one edge is enough; of more, each needs its own, since three may meet.
  return (present.length === 2 ? present.slice(0, 1) : present).flatMap(({ label }) => contourLines(lead(probabilities, classes, label), { columns: size, rows: size }, 0))
}

/** Round values between the smallest and the largest, about six. */
export const isolineLevels = ([low, high]: readonly [number, number]): number[] => roundValues([low, high], 6).filter((level) => level > low && level < high)

/** Lines of equal value, in units of points. */
export const levelLines = (values: ArrayLike<number>, size: number, levels: readonly number[]): LevelLines[] => levels.map((level) => ({ level, lines: contourLines(values, { columns: size, rows: size }, level) }))

/** Everything that is drawn over a map. */
export interface MapLines {
  boundaries: ContourLine[]
  confidence: LevelLines[]
  jacobian: LevelLines[]
}

const known = new WeakMap<PlaneMap, MapLines>()

/** The lines of a map; found once for each. */
export function linesOf(map: PlaneMap, size: number): MapLines {
  const old = known.get(map)
  if (old !== undefined) return old
  const lines = { boundaries: boundaryLines(map, size), confidence: levelLines(map.confidence, size, CONFIDENCE_LEVELS), jacobian: levelLines(map.jacobianNorm, size, isolineLevels(map.jacobianRange)) }
  known.set(map, lines)
  return lines
}
