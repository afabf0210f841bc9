import type { PathItem, Segment } from '../scene.js'
import { dots } from './dots.js'
import { placeX, placeY, type Panel } from './panel.js'

/** Corners of the shapes by the dash of a model, around the middle, in halves of their size; the first is a round dot. */
const CORNERS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  [
    [0, -1.15],
    [1.05, 0.8],
    [-1.05, 0.8],
  ],
  [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
]

/** The outline of a shape around a place of the page; null for a round dot. */
export function shapeAt(shape: number, x: number, y: number, sizePt: number): Segment[] | null {
  const corners = CORNERS[shape] ?? []
  if (corners.length === 0) return null
  const half = sizePt / 2
  return [
    ...corners.map(([dx, dy], index): Segment => ({
      kind: index === 0 ? 'move' : 'line',
      x: x + dx * half,
      y: y + dy * half,
    })),
    { kind: 'close' },
  ]
}

/** A dot in data coordinates, in the shape of its model. */
export function symbol(
  panel: Panel,
  [x, y]: readonly [number, number],
  shape: number,
  sizePt: number,
  colour: string,
): PathItem {
  const place = { x: placeX(panel, x), y: placeY(panel, y) }
  const outline = Number.isFinite(place.x) && Number.isFinite(place.y) ? shapeAt(shape, place.x, place.y, sizePt) : null
  return outline === null
    ? dots(panel, [[x, y]], sizePt, { colour })
    : { kind: 'path', segments: outline, fill: { colour }, clip: panel.box }
}
