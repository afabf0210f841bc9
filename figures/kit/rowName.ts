import type { Box, TextItem } from '../scene.js'
import type { FigureStyle } from '../style.js'
import type { createGrid } from './grid.js'
import { text } from './panel.js'

/** Room for the name of a row, as a share of the distance to the next one; a single row may reach over its panel. */
const NAME_ROOM = 0.96
const SINGLE_ROOM = 1.4

/**
 * Room for the name of a row of a grid whose panels lie in every other row.
 *
 * @param rows - number of rows of panels
 */
export function rowNameRoom(cell: ReturnType<typeof createGrid>, rows: number): number {
  const first = cell([1, 1], [1, 1])
  return rows < 2 ? SINGLE_ROOM * first.height : NAME_ROOM * (cell([3, 3], [1, 1]).y - first.y)
}

/** The name of a row of panels, turned by 90 degrees, centred beside the row, its baseline at the figure coordinate `x` (0 to 1). */
export function rowName(markup: string, x: number, row: Box, widthPt: number, style: FigureStyle): TextItem {
  return text(markup, style.fontSizePt, { x: x * widthPt, y: row.y + row.height / 2, anchor: 'middle', turn: 90 }, style)
}
