import { lineWidthPt, type Box, type ImageItem, type PathItem, type Scene, type SceneItem, type TextItem, type TextMeasure } from '../scene.js'

/** Inks that come closer than this do not count: letters have room of their own. */
const SLACK_PT = 0.3

/** The box of a line of text on the page, from the baseline to the height of capitals; for lines turned by quarter turns. */
export function boxOf({ x, y, anchor, turn, runs }: TextItem, measure: TextMeasure): Box {
  const width = lineWidthPt(runs, measure)
  const start = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
  const top = Math.max(...runs.map((run) => (run.risePt ?? 0) + run.sizePt * measure.capHeight(run.font)))
  const bottom = Math.min(0, ...runs.map((run) => run.risePt ?? 0))
  // Anticlockwise: to the right becomes upwards, upwards becomes to the left.
  return turn === 90 ? { x: x - top, y: y - start - width, width: top - bottom, height: width } : { x: x + start, y: y - top, width, height: top - bottom }
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** The part of a box inside another; null when there is none. */
function common(a: Box, b: Box): Box | null {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)]
  const [width, height] = [Math.min(a.x + a.width, b.x + b.width) - x, Math.min(a.y + a.height, b.y + b.height) - y]
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Whether the piece of a line from a to b meets a box (Liang and Barsky's clipping). */
function meets([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number], box: Box): boolean {
  let [from, to] = [0, 1]
  for (const [start, step, low, high] of [[ax, bx - ax, box.x, box.x + box.width], [ay, by - ay, box.y, box.y + box.height]] as const) {
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

const isInside = (path: PathItem, x: number, y: number): boolean => pieces(path).reduce((inside, [[ax, ay], [bx, by]]) => {
  const crosses = ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)
  return crosses ? !inside : inside
}, false)

/** Whether the ink of a path lies in a box. */
function inks(path: PathItem, box: Box): boolean {
  const seen = path.clip === undefined ? box : common(box, path.clip)
  if (seen === null) return false
  if (path.stroke !== undefined && path.stroke.colour !== '#ffffff') {
    const room = Math.max(0, path.stroke.widthPt / 2 - SLACK_PT)
    const wide: Box = { x: seen.x - room, y: seen.y - room, width: seen.width + 2 * room, height: seen.height + 2 * room }
    if (pieces(path).some(([a, b]) => meets(a, b, wide))) return true
  }
  return path.fill !== undefined && path.fill.colour !== '#ffffff' && isInside(path, seen.x + seen.width / 2, seen.y + seen.height / 2)
}

/** What lies on a label, or under it. */
export type Overlap = { text: TextItem; other: SceneItem }

/**
 * Labels that lie on each other, on a picture, or on the ink of a curve, a dot or a bar.
 *
 * @param scene - in points
 * @param measure - widths of text in the real fonts
 */
export function overlaps(scene: Scene, measure: TextMeasure): { texts: Overlap[]; images: Overlap[]; paths: Overlap[] } {
  const texts = scene.items.filter((item) => item.kind === 'text').map((item) => {
    const { x, y, width, height } = boxOf(item, measure)
    return { item, box: { x: x + SLACK_PT, y: y + SLACK_PT, width: width - 2 * SLACK_PT, height: height - 2 * SLACK_PT } }
  })
  const images = scene.items.filter((item): item is ImageItem => item.kind === 'image')
  const paths = scene.items.filter((item): item is PathItem => item.kind === 'path')
  const first = <Item extends SceneItem>(items: readonly Item[], hits: (item: Item, box: Box) => boolean): Overlap[] => texts.flatMap(({ item, box }) => {
    const other = items.find((candidate) => hits(candidate, box))
    return other === undefined ? [] : [{ text: item, other }]
  })
  return {
    texts: texts.flatMap(({ item, box }, index) => texts.slice(index + 1).flatMap((next) => (overlap(box, next.box) ? [{ text: item, other: next.item }] : []))),
    images: first(images, (image, box) => overlap(image.box, box)),
    paths: first(paths, inks),
  }
}
