import type { Box, PathItem } from '../scene.js'
import { commonBox } from './bounds.js'

/** Ink that reaches into a box by less than this does not count. */
const SLACK_PT = 0.3

/** Whether the piece of a line from a to b meets a box (Liang and Barsky's clipping). */
function meets([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number], box: Box): boolean {
  let [from, to] = [0, 1]
  for (const [start, step, low, high] of [
    [ax, bx - ax, box.x, box.x + box.width],
    [ay, by - ay, box.y, box.y + box.height],
  ] as const) {
    if (step === 0) {
      if (start < low || start > high) return false
      continue
    }
    const [near, far] = [(low - start) / step, (high - start) / step].sort((a, b) => a - b) as [number, number]
    from = Math.max(from, near)
    to = Math.min(to, far)
    if (from > to) return false
  }
  return true
}

/** Corners of a path's pieces, curves as their chords. */
function pieces({ segments }: PathItem): (readonly [readonly [number, number], readonly [number, number]])[] {
  let start: readonly [number, number] = [0, 0]
  let before: readonly [number, number] = [0, 0]
  return segments.flatMap((segment) => {
    const point: readonly [number, number] = segment.kind === 'close' ? start : [segment.x, segment.y]
    const piece = [before, point] as const
    before = point
    if (segment.kind !== 'move') return [piece]
    start = point
    return []
  })
}

const isInside = (path: PathItem, x: number, y: number): boolean =>
  pieces(path).reduce((inside, [[ax, ay], [bx, by]]) => {
    const crosses = ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)
    return crosses ? !inside : inside
  }, false)

/** Whether the ink of a path lies in a box. */
export function inks(path: PathItem, box: Box): boolean {
  const seen = path.clip === undefined ? box : commonBox(box, path.clip)
  if (seen === null) return false
  if (path.stroke !== undefined && path.stroke.colour !== '#ffffff') {
    const room = Math.max(0, path.stroke.widthPt / 2 - SLACK_PT)
    const wide: Box = {
      x: seen.x - room,
      y: seen.y - room,
      width: seen.width + 2 * room,
      height: seen.height + 2 * room,
    }
    if (pieces(path).some(([a, b]) => meets(a, b, wide))) return true
  }
  return (
    path.fill !== undefined &&
    path.fill.colour !== '#ffffff' &&
    isInside(path, seen.x + seen.width / 2, seen.y + seen.height / 2)
  )
}
