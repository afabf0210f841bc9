import type { Box, TextItem } from '../scene.js'
import type { FigureStyle } from '../style.js'
import { text } from './panel.js'

/** The name of a row of panels, turned by 90 degrees, centred beside the row, its baseline at the figure coordinate `x` (0 to 1). */
export function rowName(markup: string, x: number, row: Box, widthPt: number, style: FigureStyle): TextItem {
  return text(markup, style.fontSizePt, { x: x * widthPt, y: row.y + row.height / 2, anchor: 'middle', turn: 90 }, style)
}
