import type { FigureStyle } from '../style.js'
import { DEFAULT_GRID } from './grid.js'

const POINTS = 72
/** Width of the paper's figures, inches. */
const PAPER_WIDTH = 5.50107

/** A figure's size in points, with the shares at which its panels begin and end. */
export interface Page {
  widthPt: number
  heightPt: number
  bottom: number
  top: number
}

/**
 * The page of a figure that was published with a number of rows: with other numbers the rows keep their height and the margins their points.
 *
 * @param heightInch - of the published figure; sheets wider than the paper's are higher in proportion
 */
export function createPage(style: FigureStyle, heightInch: number, publishedRows = 1, rows = publishedRows): Page {
  const published = heightInch * POINTS * Math.max(1, style.widthInch / PAPER_WIDTH)
  const below = DEFAULT_GRID.bottom * published
  const above = (1 - DEFAULT_GRID.top) * published
  const heightPt = below + above + ((published - below - above) * rows) / publishedRows
  return { widthPt: style.widthInch * POINTS, heightPt, bottom: below / heightPt, top: 1 - above / heightPt }
}
