import type { Box, TextItem, TextMeasure } from '../scene.js'

/** The box of a line of text on the page, from the baseline to the height of capitals; for lines turned by quarter turns. */
function boxOf({ x, y, anchor, turn, runs }: TextItem, measure: TextMeasure): Box {
  const width = runs.reduce((sum, run) => sum + measure.widthPt(run), 0)
  const start = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
  const top = Math.max(...runs.map((run) => (run.risePt ?? 0) + run.sizePt * measure.capHeight(run.font)))
  const bottom = Math.min(0, ...runs.map((run) => run.risePt ?? 0))
  // Anticlockwise: to the right becomes upwards, upwards becomes to the left.
  return turn === 90 ? { x: x - top, y: y - start - width, width: top - bottom, height: width } : { x: x + start, y: y - top, width, height: top - bottom }
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** Pairs of lines of text that lie on each other. */
export function overlappingTexts(texts: readonly TextItem[], measure: TextMeasure): (readonly [TextItem, TextItem])[] {
  const boxes = texts.map((item) => boxOf(item, measure))
  return texts.flatMap((item, index) => texts.slice(index + 1).flatMap((other, after) => {
    const [a, b] = [boxes[index], boxes[index + 1 + after]]
    return a !== undefined && b !== undefined && overlap(a, b) ? [[item, other] as const] : []
  }))
}
