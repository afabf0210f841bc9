import type { Box, PathItem, Segment, Stroke } from '../scene.js'
import type { GridShape } from './raster.js'

type Point = readonly [x: number, y: number]

/** A line of equal value; a closed one ends where it began. */
export interface ContourLine {
  points: Point[]
  closed: boolean
}

/** Levels that lie evenly between the smallest and the largest value, neither included: min + i (max - min) / (count + 1). */
export function evenLevels(values: ArrayLike<number>, count: number): number[] {
  let low = Infinity
  let high = -Infinity
  for (let index = 0; index < values.length; index++) {
    low = Math.min(low, values[index] ?? Infinity)
    high = Math.max(high, values[index] ?? -Infinity)
  }
  return high > low ? Array.from({ length: count }, (_, index) => low + ((index + 1) * (high - low)) / (count + 1)) : []
}

/** Sides of a cell: bottom, right, top, left. For each of the 16 patterns of corners above the level, the pairs of sides that a line joins; in saddles the line cuts off the low corners unless the middle is low too. */
const BOTTOM = 0
const RIGHT = 1
const TOP = 2
const LEFT = 3
const NONE = -1
const JOINS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[LEFT, BOTTOM]],
  [[BOTTOM, RIGHT]],
  [[LEFT, RIGHT]],
  [[RIGHT, TOP]],
  [
    [LEFT, TOP],
    [BOTTOM, RIGHT],
  ],
  [[BOTTOM, TOP]],
  [[LEFT, TOP]],
  [[TOP, LEFT]],
  [[BOTTOM, TOP]],
  [
    [LEFT, BOTTOM],
    [RIGHT, TOP],
  ],
  [[RIGHT, TOP]],
  [[LEFT, RIGHT]],
  [[BOTTOM, RIGHT]],
  [[LEFT, BOTTOM]],
  [],
]
const LOW_SADDLES: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  5: [
    [LEFT, BOTTOM],
    [RIGHT, TOP],
  ],
  10: [
    [LEFT, TOP],
    [BOTTOM, RIGHT],
  ],
}

/**
 * Lines of equal value by marching squares, joined into the longest pieces.
 *
 * @param values - rows x columns at the points of a grid, row 0 first; all finite
 * @param level - values equal to it count as above
 * @returns lines in grid coordinates, x from 0 to columns - 1, y from 0 to rows - 1
 *
 * Source: W. E. Lorensen, H. E. Cline, Marching Cubes (1987), in two dimensions; saddles are decided by the mean of the cell.
 */
export function contourLines(values: ArrayLike<number>, { columns, rows }: GridShape, level: number): ContourLine[] {
  const value = (x: number, y: number): number => values[y * columns + x] ?? NaN
  // Every side of a cell has a number: horizontal ones first, then vertical ones. A line crosses a side at most once.
  const sideOf = (x: number, y: number, side: number): number => {
    if (side === BOTTOM) return y * columns + x
    if (side === TOP) return (y + 1) * columns + x
    return rows * columns + y * columns + (side === LEFT ? x : x + 1)
  }
  const pointOn = (side: number): Point => {
    const vertical = side >= rows * columns
    const start = vertical ? side - rows * columns : side
    const [x, y] = [start % columns, Math.floor(start / columns)]
    const from = value(x, y)
    const share = (level - from) / (value(vertical ? x : x + 1, vertical ? y + 1 : y) - from)
    return vertical ? [x, y + share] : [x + share, y]
  }

  // At most two neighbours for each side, one in either cell beside it.
  const links = new Int32Array(4 * rows * columns).fill(NONE)
  const crossed: number[] = []
  const link = (from: number, to: number): void => {
    if (links[2 * from] !== NONE) return void (links[2 * from + 1] = to)
    links[2 * from] = to
    crossed.push(from)
  }
  const join = (a: number, b: number): void => {
    link(a, b)
    link(b, a)
  }
  for (let y = 0; y < rows - 1; y++) {
    for (let x = 0; x < columns - 1; x++) {
      const [a, b, c, d] = [value(x, y), value(x + 1, y), value(x + 1, y + 1), value(x, y + 1)]
      const pattern = (a >= level ? 1 : 0) + (b >= level ? 2 : 0) + (c >= level ? 4 : 0) + (d >= level ? 8 : 0)
      if (pattern === 0 || pattern === 15) continue
      const middleIsLow = (a + b + c + d) / 4 < level
      for (const [from, to] of (middleIsLow ? LOW_SADDLES[pattern] : undefined) ?? JOINS[pattern] ?? [])
        join(sideOf(x, y, from), sideOf(x, y, to))
    }
  }

  const done = new Uint8Array(2 * rows * columns)
  const isEnd = (side: number): boolean => links[2 * side + 1] === NONE
  const unfinished = (side: number): boolean => side !== NONE && done[side] === 0
  const follow = (start: number): ContourLine => {
    const points: Point[] = [pointOn(start)]
    done[start] = 1
    let here = start
    for (;;) {
      const [first = NONE, second = NONE] = [links[2 * here], links[2 * here + 1]]
      const next = unfinished(first) ? first : second
      if (!unfinished(next)) break
      done[next] = 1
      points.push(pointOn(next))
      here = next
    }
    return { points, closed: points.length > 2 && !isEnd(start) }
  }
  // Lines that end at the edge are begun at an end, so that they come out whole; what is left are rings.
  return [...crossed.filter(isEnd), ...crossed].flatMap((side) => (unfinished(side) ? [follow(side)] : []))
}

/** Contour lines of a map that fills a box cell by cell: its values are at the centres of the cells, row 0 at the bottom. */
export function contourPath(
  box: Box,
  shape: GridShape,
  values: ArrayLike<number>,
  levels: readonly number[],
  stroke: Stroke,
): PathItem {
  const place = ([x, y]: Point): { x: number; y: number } => ({
    x: box.x + ((x + 0.5) / shape.columns) * box.width,
    y: box.y + box.height - ((y + 0.5) / shape.rows) * box.height,
  })
  const segments = levels
    .flatMap((level) => contourLines(values, shape, level))
    .flatMap(({ points, closed }): Segment[] => [
      ...points.map((point, index): Segment => ({ kind: index === 0 ? 'move' : 'line', ...place(point) })),
      ...(closed ? [{ kind: 'close' } as const] : []),
    ])
  return { kind: 'path', segments, stroke, clip: box }
}
