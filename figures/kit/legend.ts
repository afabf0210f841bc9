import { lineWidthPt, type Box, type SceneItem, type Stroke, type TextMeasure } from '../scene.js'
import type { FigureStyle } from '../style.js'
import { line, text } from './panel.js'

/** One line of a legend: a stroke shown as a short line, or as a dot. */
export interface LegendEntry {
  label: string
  stroke: Stroke
  mark: 'line' | 'dot'
}

export type Corner = 'upper right' | 'upper left' | 'lower left' | 'lower right'

const LINE_HEIGHT = 1.2
const HANDLE_GAP = 0.5
const MARGIN = 0.3

/** A legend at a place of its own. */
export interface Legend {
  widthPt: number
  heightPt: number
  /** @param corner - its upper left corner */
  draw(corner: { x: number; y: number }): SceneItem[]
}

/**
 * A legend without frame.
 *
 * @param handle - length of the short lines, in sizes of the text
 */
export function createLegend(entries: readonly LegendEntry[], handle: number, style: FigureStyle, measure: TextMeasure): Legend {
  const size = style.legendSizePt
  const handlePt = handle * size
  const labelX = handlePt + HANDLE_GAP * size
  const capital = measure.capHeight(style.fonts.text) * size
  return {
    widthPt: labelX + Math.max(...entries.map(({ label }) => lineWidthPt(text(label, size, { x: 0, y: 0 }, style).runs, measure))),
    heightPt: LINE_HEIGHT * size * entries.length,
    draw: ({ x, y }) => entries.flatMap(({ label, stroke, mark }, index) => {
      const baseline = y + (LINE_HEIGHT * (index + 0.5)) * size + capital / 2
      const middle = baseline - capital / 2
      const [from, to] = mark === 'line' ? [x, x + handlePt] : [x + handlePt / 2, x + handlePt / 2]
      return [line([[from, middle], [to, middle]], stroke), text(label, size, { x: x + labelX, y: baseline }, style)]
    }),
  }
}

/** Where a legend stands in a corner of a box. */
export function inCorner(legend: Legend, box: Box, corner: Corner, style: FigureStyle): { x: number; y: number } {
  const margin = MARGIN * style.legendSizePt
  return {
    x: corner.endsWith('left') ? box.x + margin : box.x + box.width - margin - legend.widthPt,
    y: corner.startsWith('upper') ? box.y + margin : box.y + box.height - margin - legend.heightPt,
  }
}

/**
 * The first corner in which a legend hides none of the points, or the one in which it hides fewest.
 *
 * @param corners - in order of preference, at least one
 * @param points - of everything that is drawn in the box, in points
 */
export function freeCorner(legend: Legend, box: Box, corners: readonly [Corner, ...Corner[]], points: readonly (readonly [number, number])[], style: FigureStyle): Corner {
  let best = { corner: corners[0], hidden: Infinity }
  for (const corner of corners) {
    const { x, y } = inCorner(legend, box, corner, style)
    const hidden = points.filter(([px, py]) => px >= x && px <= x + legend.widthPt && py >= y && py <= y + legend.heightPt).length
    if (hidden < best.hidden) best = { corner, hidden }
  }
  return best.corner
}
