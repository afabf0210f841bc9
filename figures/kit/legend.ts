import { largestOf } from '../../contract/index.js'
import { lineWidthPt, type Box, type PathItem, type SceneItem, type Stroke, type TextMeasure } from '../scene.js'
import type { FigureStyle } from '../style.js'
import { inks } from './inks.js'
import { line, text } from './panel.js'
import { shapeAt } from './symbol.js'

/** One line of a legend: a stroke shown as a short line, or as a dot. */
export interface LegendEntry {
  label: string
  stroke: Stroke
  mark: 'line' | 'dot'
  /** Shape of a dot, as `symbol` draws it; absent: round. */
  shape?: number
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
export function createLegend(
  entries: readonly LegendEntry[],
  handle: number,
  style: FigureStyle,
  measure: TextMeasure,
): Legend {
  const size = style.legendSizePt
  const handlePt = handle * size
  const labelX = handlePt + HANDLE_GAP * size
  const capital = measure.capHeight(style.fonts.text) * size
  return {
    widthPt:
      labelX +
      largestOf(entries.map(({ label }) => lineWidthPt(text(label, size, { x: 0, y: 0 }, style).runs, measure))),
    heightPt: LINE_HEIGHT * size * entries.length,
    draw: ({ x, y }) =>
      entries.flatMap(({ label, stroke, mark, shape = 0 }, index) => {
        const baseline = y + LINE_HEIGHT * (index + 0.5) * size + capital / 2
        const middle = baseline - capital / 2
        const [from, to] = mark === 'line' ? [x, x + handlePt] : [x + handlePt / 2, x + handlePt / 2]
        const outline = mark === 'line' ? null : shapeAt(shape, from, middle, stroke.widthPt)
        const sign: PathItem =
          outline === null
            ? line(
                [
                  [from, middle],
                  [to, middle],
                ],
                stroke,
              )
            : { kind: 'path', segments: outline, fill: { colour: stroke.colour } }
        return [sign, text(label, size, { x: x + labelX, y: baseline }, style)]
      }),
  }
}

/** Position of a legend in a corner of a box. */
export function inCorner(legend: Legend, box: Box, corner: Corner, style: FigureStyle): { x: number; y: number } {
  const margin = MARGIN * style.legendSizePt
  return {
    x: corner.endsWith('left') ? box.x + margin : box.x + box.width - margin - legend.widthPt,
    y: corner.startsWith('upper') ? box.y + margin : box.y + box.height - margin - legend.heightPt,
  }
}

/** Whether a legend in a corner fits into a box and leaves all curves visible. */
export function isFree(
  legend: Legend,
  box: Box,
  corner: Corner,
  curves: readonly PathItem[],
  style: FigureStyle,
): boolean {
  const { x, y } = inCorner(legend, box, corner, style)
  const own: Box = { x, y, width: legend.widthPt, height: legend.heightPt }
  const fits = x >= box.x && y >= box.y && x + own.width <= box.x + box.width && y + own.height <= box.y + box.height
  return fits && !curves.some((path) => inks(path, own))
}

/**
 * The first corner in which a legend fits and hides nothing.
 *
 * @param corners - in order of preference
 * @param curves - everything that is drawn in the box
 * @returns null where there is none: the legend then belongs outside
 */
export const freeCorner = (
  legend: Legend,
  box: Box,
  corners: readonly Corner[],
  curves: readonly PathItem[],
  style: FigureStyle,
): Corner | null => corners.find((corner) => isFree(legend, box, corner, curves, style)) ?? null

/** Room between two entries side by side, in sizes of the text. */
const ENTRY_GAP = 1.2

/**
 * A legend with its entries side by side, in as many lines as the width needs, each line centred.
 *
 * @param widthPt - of the lines
 */
export function createWideLegend(
  entries: readonly LegendEntry[],
  handle: number,
  widthPt: number,
  style: FigureStyle,
  measure: TextMeasure,
): Legend {
  const gap = ENTRY_GAP * style.legendSizePt
  const single = entries.map((entry) => createLegend([entry], handle, style, measure))
  const lines: { legends: Legend[]; width: number }[] = []
  for (const legend of single) {
    const line = lines.at(-1)
    if (line !== undefined && line.width + gap + legend.widthPt <= widthPt) {
      line.legends.push(legend)
      line.width += gap + legend.widthPt
    } else lines.push({ legends: [legend], width: legend.widthPt })
  }
  const height = LINE_HEIGHT * style.legendSizePt
  return {
    widthPt,
    heightPt: height * lines.length,
    draw: ({ x, y }) =>
      lines.flatMap(({ legends, width }, row) => {
        let place = x + (widthPt - width) / 2
        return legends.flatMap((legend) => {
          const items = legend.draw({ x: place, y: y + row * height })
          place += legend.widthPt + gap
          return items
        })
      }),
  }
}
