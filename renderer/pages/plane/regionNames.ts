import { nearestPoint, type PlaneFrame } from './planeGrid.js'
import { toPlane, type PlanePosition, type PlaneView, type PlotBox } from './planeView.js'

/** Position of a class name. */
export interface RegionName {
  label: number
  position: PlanePosition
}

/** A name is wider than high, so a cell of this lattice is too. */
const COLUMNS = 42
const ROWS = 64
/** Room about a name, cells. */
const ROOM = 4
/** Room about an anchor's disc. */
const DISC = 4

/**
 * Places the names of the classes on screen, each where its region is widest and not covered by a disc.
 *
 * @param labels - class of every point of the map
 * @param discs - places of the anchors
 */
export function regionNames(
  labels: ArrayLike<number>,
  frame: PlaneFrame,
  view: PlaneView,
  discs: readonly PlanePosition[],
): RegionName[] {
  const unit: PlotBox = { left: 0, top: 0, width: COLUMNS, height: ROWS }
  const placeAt = (cell: number): PlanePosition =>
    toPlane(view, unit, [(cell % COLUMNS) + 0.5, Math.floor(cell / COLUMNS) + 0.5])
  const classAt = Int16Array.from({ length: COLUMNS * ROWS }, (_, cell) => {
    const point = nearestPoint(frame, placeAt(cell))
    return point === null ? -1 : (labels[point] ?? -1)
  })
  for (const [epsilon, xi] of discs) {
    const column = ((epsilon - view.first[0]) / (view.first[1] - view.first[0])) * COLUMNS
    const row = (1 - (xi - view.second[0]) / (view.second[1] - view.second[0])) * ROWS
    for (let cell = 0; cell < classAt.length; cell++)
      if (
        Math.abs((cell % COLUMNS) + 0.5 - column) < DISC * 0.6 &&
        Math.abs(Math.floor(cell / COLUMNS) + 0.5 - row) < DISC * 0.6
      )
        classAt[cell] = -1
  }
  const depth = depths(classAt)
  const best = new Map<number, number>()
  depth.forEach((value, cell) => {
    const label = classAt[cell] ?? -1
    if (label >= 0 && value >= ROOM && value > (depth[best.get(label) ?? -1] ?? 0)) best.set(label, cell)
  })
  return Array.from(best, ([label, cell]) => ({ label, position: placeAt(cell) }))
}

/** Steps from every cell to the nearest cell of another class or the edge, diagonals counted as one. */
function depths(classAt: Int16Array): Uint8Array {
  const depth = new Uint8Array(classAt.length)
  const around = (cell: number, steps: readonly (readonly [number, number])[]): number => {
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)]
    return Math.min(
      ...steps.map(([x, y]) => {
        const inside = column + x >= 0 && column + x < COLUMNS && row + y >= 0 && row + y < ROWS
        const other = cell + y * COLUMNS + x
        return inside && classAt[other] === classAt[cell] ? (depth[other] ?? 0) : 0
      }),
    )
  }
  const before = [
    [-1, 0],
    [-1, -1],
    [0, -1],
    [1, -1],
  ] as const
  const after = [
    [1, 0],
    [1, 1],
    [0, 1],
    [-1, 1],
  ] as const
  for (let cell = 0; cell < depth.length; cell++) depth[cell] = 1 + around(cell, before)
  for (let cell = depth.length - 1; cell >= 0; cell--) depth[cell] = Math.min(depth[cell] ?? 0, 1 + around(cell, after))
  return depth
}
