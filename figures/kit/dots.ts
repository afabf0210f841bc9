import type { Paint, PathItem, Segment } from '../scene.js'
import { placeX, placeY, type Panel } from './panel.js'

/** Dots of one curve that lie closer than this cover each other in any print, so only the first is drawn. */
const SAME_PLACE_PT = 0.1

/**
 * Round dots of one colour, drawn as points of a round pen: one path, so that dots of a translucent colour that overlap do not darken each other.
 *
 * @param points - in data coordinates; those that the scale cannot show are left out
 * @param diameterPt - of a dot
 */
export function dots(
  panel: Panel,
  points: readonly (readonly [number, number])[],
  diameterPt: number,
  paint: Paint,
): PathItem {
  const segments: Segment[] = []
  let last = { x: Infinity, y: Infinity }
  for (const [x, y] of points) {
    const place = { x: placeX(panel, x), y: placeY(panel, y) }
    if (!Number.isFinite(place.x) || !Number.isFinite(place.y)) continue
    if (Math.hypot(place.x - last.x, place.y - last.y) < SAME_PLACE_PT) continue
    segments.push({ kind: 'move', ...place }, { kind: 'line', ...place })
    last = place
  }
  return { kind: 'path', segments, stroke: { ...paint, widthPt: diameterPt, cap: 'round' }, clip: panel.box }
}
