import { lineWidthPt, type Box, type PathItem, type SceneItem, type TextItem, type TextMeasure } from '../scene.js'

/** Depth of letters such as `p` below the baseline, as a share of the size. */
const DESCENT = 0.22

/**
 * The box of a line of text on the page, for lines turned by quarter turns.
 *
 * @param descent - depth below the baseline as a share of the size; 0 ends at the baseline
 */
export function textBox({ x, y, anchor, turn, runs }: TextItem, measure: TextMeasure, descent = 0): Box {
  const width = lineWidthPt(runs, measure)
  const start = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
  const top = runs.reduce(
    (most, run) => Math.max(most, (run.risePt ?? 0) + run.sizePt * measure.capHeight(run.font)),
    0,
  )
  const bottom = runs.reduce((least, run) => Math.min(least, (run.risePt ?? 0) - descent * run.sizePt), 0)
  // Anticlockwise: to the right becomes upwards, upwards becomes to the left.
  return turn === 90
    ? { x: x - top, y: y - start - width, width: top - bottom, height: width }
    : { x: x + start, y: y - top, width, height: top - bottom }
}

/** The part of a box inside another; null when there is none. */
export function commonBox(a: Box, b: Box): Box | null {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)]
  const [width, height] = [Math.min(a.x + a.width, b.x + b.width) - x, Math.min(a.y + a.height, b.y + b.height) - y]
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

function pathBox({ segments, stroke, clip }: PathItem): Box | null {
  const half = (stroke?.widthPt ?? 0) / 2
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const segment of segments) {
    if (segment.kind === 'close') continue
    left = Math.min(left, segment.x - half)
    right = Math.max(right, segment.x + half)
    top = Math.min(top, segment.y - half)
    bottom = Math.max(bottom, segment.y + half)
  }
  if (right < left) return null
  const box = { x: left, y: top, width: right - left, height: bottom - top }
  return clip === undefined ? box : commonBox(box, clip)
}

/** The box around the ink of items, descenders included; null when there is none. */
export function inkBox(items: readonly SceneItem[], measure: TextMeasure): Box | null {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const item of items) {
    const box =
      item.kind === 'text' ? textBox(item, measure, DESCENT) : item.kind === 'image' ? item.box : pathBox(item)
    if (box === null) continue
    left = Math.min(left, box.x)
    right = Math.max(right, box.x + box.width)
    top = Math.min(top, box.y)
    bottom = Math.max(bottom, box.y + box.height)
  }
  return right < left ? null : { x: left, y: top, width: right - left, height: bottom - top }
}
