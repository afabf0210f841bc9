import type { Box } from '../scene.js'

/** Where panels lie, as shares of the figure, y upwards as in the paper's scripts. */
export interface GridOptions {
  widthRatios: readonly number[]
  heightRatios: readonly number[]
  /** Gaps as shares of the mean panel. */
  columnGap: number
  rowGap: number
  /** Margins as shares of the figure. */
  left: number
  right: number
  bottom: number
  top: number
}

/** Margins and gaps of the original's figures. */
export const DEFAULT_GRID = { left: 0.125, right: 0.9, bottom: 0.11, top: 0.88, columnGap: 0.3, rowGap: 0.3 } as const

function stretches(from: number, to: number, ratios: readonly number[], gapShare: number): { start: number; size: number }[] {
  const count = ratios.length
  const mean = (to - from) / (count + gapShare * (count - 1))
  const unit = (mean * count) / ratios.reduce((sum, ratio) => sum + ratio, 0)
  let place = from
  return ratios.map((ratio) => {
    const stretch = { start: place, size: ratio * unit }
    place += stretch.size + gapShare * mean
    return stretch
  })
}

/**
 * Places panels in rows and columns of given ratios.
 *
 * @returns the box of rows r0..r1 and columns c0..c1 (both included), in points
 */
export function createGrid(options: GridOptions, widthPt: number, heightPt: number): (rows: readonly [number, number], columns: readonly [number, number]) => Box {
  const columns = stretches(options.left, options.right, options.widthRatios, options.columnGap)
  // Rows are counted from the top.
  const rows = stretches(1 - options.top, 1 - options.bottom, options.heightRatios, options.rowGap)
  const span = (list: { start: number; size: number }[], [first, last]: readonly [number, number]): [number, number] => {
    const from = list[first]?.start ?? 0
    return [from, (list[last]?.start ?? 0) + (list[last]?.size ?? 0) - from]
  }
  return (rowSpan, columnSpan) => {
    const [x, width] = span(columns, columnSpan)
    const [y, height] = span(rows, rowSpan)
    return { x: x * widthPt, y: y * heightPt, width: width * widthPt, height: height * heightPt }
  }
}
