import type { FigureStyle } from '../style.js'

const POINTS = 72
/** Width of the paper's figures, inches. */
const PAPER_WIDTH = 5.50107
/** What the original's figures leave blank below and above their panels, as shares of the height. */
const BELOW = 0.11
const ABOVE = 0.12

/** A figure's size in points, and the room between and around its panels. */
export interface Page {
  widthPt: number
  heightPt: number
  columnGapPt: number
  rowGapPt: number
  marginPt: number
  smallestPt: number
}

/** Room around panels, in sizes of the text; a panel lower or narrower than a few ticks shows nothing. */
const COLUMN_GAP = 0.8
const ROW_GAP = 0.6
const MARGIN = 0.15
const SMALLEST_TICKS = 6

/**
 * The page of a figure that was published with a number of rows: with other numbers the rows keep their height and the margins their points.
 *
 * @param heightInch - of the published figure; sheets wider than the paper's are higher in proportion
 */
export function createPage(style: FigureStyle, heightInch: number, publishedRows = 1, rows = publishedRows): Page {
  const published = heightInch * POINTS * Math.max(1, style.widthInch / PAPER_WIDTH)
  const around = (BELOW + ABOVE) * published
  return {
    widthPt: style.widthInch * POINTS,
    heightPt: around + ((published - around) * rows) / publishedRows,
    columnGapPt: COLUMN_GAP * style.fontSizePt,
    rowGapPt: ROW_GAP * style.fontSizePt,
    marginPt: MARGIN * style.fontSizePt,
    smallestPt: SMALLEST_TICKS * style.tickSizePt,
  }
}
