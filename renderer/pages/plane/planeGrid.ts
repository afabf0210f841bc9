import type { PlaneResult } from '../../../contract/index.js'
import type { PlanePosition, PlaneView } from './planeView.js'

/** The points of a map: size x size, both ends of the window included; row 0 is the lowest ξ. */
export interface PlaneFrame {
  size: number
  window: PlaneView
}

/** The points of a result. */
export function frameOf({
  size,
  firstAxis,
  secondAxis,
}: Pick<PlaneResult, 'size' | 'firstAxis' | 'secondAxis'>): PlaneFrame {
  return {
    size,
    window: {
      first: [firstAxis[0] ?? 0, firstAxis[size - 1] ?? 1],
      second: [secondAxis[0] ?? 0, secondAxis[size - 1] ?? 1],
    },
  }
}

/** A place in units of points: column and row, not rounded. */
export function cellAt(
  { size, window: { first, second } }: PlaneFrame,
  [epsilon, xi]: PlanePosition,
): readonly [column: number, row: number] {
  return [
    ((epsilon - first[0]) / (first[1] - first[0])) * (size - 1),
    ((xi - second[0]) / (second[1] - second[0])) * (size - 1),
  ]
}

/** The place of a point, which need not be whole. */
export function placeOf(
  { size, window: { first, second } }: PlaneFrame,
  [column, row]: readonly [number, number],
): PlanePosition {
  return [
    first[0] + (column / (size - 1)) * (first[1] - first[0]),
    second[0] + (row / (size - 1)) * (second[1] - second[0]),
  ]
}

/** The number of the nearest point; null outside the window, whose margin is half a step. */
export function nearestPoint(frame: PlaneFrame, position: PlanePosition): number | null {
  const [column, row] = cellAt(frame, position).map(Math.round) as [number, number]
  return column < 0 || row < 0 || column >= frame.size || row >= frame.size ? null : row * frame.size + column
}

/**
 * A value between the points, by the four about it.
 *
 * @param values - size x size x stride
 * @param offset - which of the stride
 * @returns NaN outside the window
 */
export function interpolated(
  values: ArrayLike<number>,
  frame: PlaneFrame,
  position: PlanePosition,
  stride = 1,
  offset = 0,
): number {
  const { size } = frame
  const [x, y] = cellAt(frame, position)
  // Rounding may put the very edge a hair outside.
  if (x < -1e-9 || y < -1e-9 || x > size - 1 + 1e-9 || y > size - 1 + 1e-9) return NaN
  const [column, row] = [x, y].map((value) => Math.max(0, Math.min(size - 2, Math.floor(value)))) as [number, number]
  const [right, up] = [x - column, y - row]
  const at = (i: number, j: number): number => values[((row + j) * size + column + i) * stride + offset] ?? NaN
  return (at(0, 0) * (1 - right) + at(1, 0) * right) * (1 - up) + (at(0, 1) * (1 - right) + at(1, 1) * right) * up
}

/** Class probabilities at a place; null outside the window. */
export function probabilitiesAt(
  probabilities: Float32Array,
  frame: PlaneFrame,
  position: PlanePosition,
): Float64Array | null {
  const classes = probabilities.length / (frame.size * frame.size)
  const values = Float64Array.from({ length: classes }, (_, index) =>
    interpolated(probabilities, frame, position, classes, index),
  )
  return values.some(Number.isNaN) ? null : values
}

/** Numbers of the classes, the likeliest first. */
export const byProbability = (probabilities: ArrayLike<number>): number[] =>
  Array.from(probabilities, (_, index) => index).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))

/**
 * The nearest point of another class, to a step of the map.
 *
 * @param own - the class at the place
 * @returns null when the whole map is of this class
 */
export function nearestOther(
  labels: ArrayLike<number>,
  frame: PlaneFrame,
  position: PlanePosition,
  own: number,
): { class: number; distance: number; position: PlanePosition } | null {
  const { size } = frame
  let best = -1
  let least = Infinity
  const { first, second } = frame.window
  const [stepX, stepY] = [(first[1] - first[0]) / (size - 1), (second[1] - second[0]) / (size - 1)]
  for (let row = 0; row < size; row++) {
    const dy = second[0] + row * stepY - position[1]
    if (dy * dy >= least) continue
    for (let column = 0; column < size; column++) {
      const point = row * size + column
      if (labels[point] === own) continue
      const dx = first[0] + column * stepX - position[0]
      const square = dx * dx + dy * dy
      if (square < least) [least, best] = [square, point]
    }
  }
  return best < 0
    ? null
    : {
        class: labels[best] ?? 0,
        distance: Math.sqrt(least),
        position: placeOf(frame, [best % size, Math.floor(best / size)]),
      }
}
