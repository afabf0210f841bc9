import type { TextItem } from '../scene.js'
import type { FigureStyle } from '../style.js'
import type { Cell } from './layout.js'
import { text } from './panel.js'

/** Room for the name of a row, as a share of the distance to the next one; a single row may reach over its panel. */
const NAME_ROOM = 0.96
const SINGLE_ROOM = 1.4

/**
 * Room for the name of a row of panels: it neither meets the next one nor leaves the page above the first row.
 *
 * @param rows - number of rows of panels
 */
export function rowNameRoom(cell: Cell, rows: number): number {
  const first = cell([0, 0], [0, 0])
  const toNext = rows < 2 ? SINGLE_ROOM * first.height : NAME_ROOM * (cell([1, 1], [0, 0]).y - first.y)
  return Math.min(toNext, 2 * (first.y + first.height / 2))
}

/** The name of a row of panels, turned by 90 degrees and centred beside the row, its baseline at `x`. */
export const rowName = (markup: string, x: number, row: { y: number; height: number }, style: FigureStyle): TextItem =>
  text(markup, style.fontSizePt, { x, y: row.y + row.height / 2, anchor: 'middle', turn: 90 }, style)
