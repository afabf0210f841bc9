import type { PathItem, Segment } from '../scene.js'
import { placeX, placeY, type Panel } from './panel.js'

/** Handles of the four Bézier curves that come closest to a circle. */
const HANDLE = 0.5522847498

/** A small circle around a point in data coordinates: where a published value lies. */
export function ring(
  panel: Panel,
  [x, y]: readonly [number, number],
  diameterPt: number,
  colour: string,
  widthPt: number,
): PathItem {
  const [cx, cy, r] = [placeX(panel, x), placeY(panel, y), diameterPt / 2]
  const h = HANDLE * r
  const segments: Segment[] = [
    { kind: 'move', x: cx + r, y: cy },
    { kind: 'curve', x1: cx + r, y1: cy + h, x2: cx + h, y2: cy + r, x: cx, y: cy + r },
    { kind: 'curve', x1: cx - h, y1: cy + r, x2: cx - r, y2: cy + h, x: cx - r, y: cy },
    { kind: 'curve', x1: cx - r, y1: cy - h, x2: cx - h, y2: cy - r, x: cx, y: cy - r },
    { kind: 'curve', x1: cx + h, y1: cy - r, x2: cx + r, y2: cy - h, x: cx + r, y: cy },
    { kind: 'close' },
  ]
  return { kind: 'path', segments, stroke: { colour, widthPt }, clip: panel.box }
}
