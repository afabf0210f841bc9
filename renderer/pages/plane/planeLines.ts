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
    for (let each = 0; each < classes; each++)
      if (each !== label) other = Math.max(other, probabilities[point * classes + each] ?? 0)
    result[point] = (probabilities[point * classes + label] ?? 0) - other
  }
  return result
}

/** The edges of the class regions, in units of points; an edge between two regions is found once. */
export function boundaryLines(
  { labels, probabilities, classShares }: Pick<PlaneMap, 'labels' | 'probabilities' | 'classShares'>,
  size: number,
): ContourLine[] {
  const classes = classShares.length
  const present = Array.from(classShares, (share, label) => ({ share, label })).filter(({ share }) => share > 0)
  if (present.length < 2 || labels.length === 0) return []
  // Of two regions one edge is enough; of more, each needs its own, since three may meet.
  return (present.length === 2 ? present.slice(0, 1) : present).flatMap(({ label }) =>
    contourLines(lead(probabilities, classes, label), { columns: size, rows: size }, 0),
  )
}

/** Round values between the smallest and the largest, about six. */
export const isolineLevels = ([low, high]: readonly [number, number]): number[] =>
  roundValues([low, high], 6).filter((level) => level > low && level < high)

/** Lines of equal value, in units of points. */
export const levelLines = (values: ArrayLike<number>, size: number, levels: readonly number[]): LevelLines[] =>
  levels.map((level) => ({ level, lines: contourLines(values, { columns: size, rows: size }, level) }))

/**
 * A map with the roughness of single points taken out: the mean of the points in a square about each.
 *
 * @param reach - points to each side
 */
export function smoothed(values: Float32Array, size: number, reach: number): Float32Array {
  const pass = (source: Float32Array, along: number, across: number): Float32Array => {
    const target = new Float32Array(source.length)
    for (let line = 0; line < size; line++) {
      for (let place = 0; place < size; place++) {
        const [from, to] = [Math.max(0, place - reach), Math.min(size - 1, place + reach)]
        let sum = 0
        for (let each = from; each <= to; each++) sum += source[line * across + each * along] ?? 0
        target[line * across + place * along] = sum / (to - from + 1)
      }
    }
    return target
  }
  return pass(pass(values, 1, size), size, 1)
}

/** The norm of a network of rectified units jumps from facet to facet; its isolines are those of the map smoothed over this share of its side. */
const ISOLINE_SMOOTHING = 1 / 60
/** Rings and pieces of isolines shorter than this share of the side say nothing of the whole. */
const SHORTEST_ISOLINE = 1 / 5

/** Everything that is drawn over a map. */
export interface MapLines {
  boundaries: ContourLine[]
  confidence: LevelLines[]
  jacobian: LevelLines[]
}

function isolines({ jacobianNorm, jacobianRange }: PlaneMap, size: number): LevelLines[] {
  const lines = levelLines(
    smoothed(jacobianNorm, size, Math.round(size * ISOLINE_SMOOTHING)),
    size,
    isolineLevels(jacobianRange),
  )
  return lines.map(({ level, lines: each }) => ({
    level,
    lines: each.filter(({ points }) => points.length > size * SHORTEST_ISOLINE),
  }))
}

const known = new WeakMap<PlaneMap, MapLines>()

/** The lines of a map; found once for each. */
export function linesOf(map: PlaneMap, size: number): MapLines {
  const old = known.get(map)
  if (old !== undefined) return old
  const lines = {
    boundaries: boundaryLines(map, size),
    confidence: levelLines(map.confidence, size, CONFIDENCE_LEVELS),
    jacobian: isolines(map, size),
  }
  known.set(map, lines)
  return lines
}
