import type { SceneItem } from '../scene.js'
import { COLOURS, type FigureStyle } from '../style.js'
import { line, placeX, placeY, rectangle, type Panel } from './panel.js'

/** Quartiles, and how far the whiskers reach. */
export interface BoxNumbers {
  lowerWhisker: number
  firstQuartile: number
  median: number
  thirdQuartile: number
  upperWhisker: number
}

const WHISKER_REACH = 1.5
const BOX_WIDTH = 0.5
const CAP_WIDTH = 0.25

/** The value below which a share of the sorted values lies, between two values linearly. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? NaN
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? NaN) - below)
}

/**
 * The numbers of a box plot: quartiles with linear interpolation, whiskers to the most extreme values within 1.5 interquartile ranges of the box.
 *
 * @param values - NaN is left out
 * @returns null when nothing is left
 */
export function boxNumbers(values: ArrayLike<number>): BoxNumbers | null {
  const sorted = Float64Array.from(Array.from(values).filter((value) => !Number.isNaN(value))).sort()
  if (sorted.length === 0) return null
  const [firstQuartile, median, thirdQuartile] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)]
  const reach = WHISKER_REACH * (thirdQuartile - firstQuartile)
  const within = sorted.filter((value) => value >= firstQuartile - reach && value <= thirdQuartile + reach)
  // With few values no one may lie between the box and the reach; the whisker then ends at the box.
  return {
    firstQuartile,
    median,
    thirdQuartile,
    lowerWhisker: Math.min(firstQuartile, within[0] ?? firstQuartile),
    upperWhisker: Math.max(thirdQuartile, within.at(-1) ?? thirdQuartile),
  }
}

/** One box at place `x` of the panel: black lines, an orange median, no outliers. */
export function boxPlot(panel: Panel, x: number, numbers: BoxNumbers, style: FigureStyle): SceneItem[] {
  const stroke = { colour: COLOURS.black, widthPt: style.lineWidthPt }
  const [left, right] = [placeX(panel, x - BOX_WIDTH / 2), placeX(panel, x + BOX_WIDTH / 2)]
  const [capLeft, capRight] = [placeX(panel, x - CAP_WIDTH / 2), placeX(panel, x + CAP_WIDTH / 2)]
  const middle = placeX(panel, x)
  const at = (value: number): number => placeY(panel, value)
  const box = {
    x: left,
    y: at(numbers.thirdQuartile),
    width: right - left,
    height: at(numbers.firstQuartile) - at(numbers.thirdQuartile),
  }
  return [
    line(
      [
        [middle, at(numbers.firstQuartile)],
        [middle, at(numbers.lowerWhisker)],
      ],
      stroke,
    ),
    line(
      [
        [middle, at(numbers.thirdQuartile)],
        [middle, at(numbers.upperWhisker)],
      ],
      stroke,
    ),
    line(
      [
        [capLeft, at(numbers.lowerWhisker)],
        [capRight, at(numbers.lowerWhisker)],
      ],
      stroke,
    ),
    line(
      [
        [capLeft, at(numbers.upperWhisker)],
        [capRight, at(numbers.upperWhisker)],
      ],
      stroke,
    ),
    { kind: 'path', segments: rectangle(box), stroke },
    line(
      [
        [left, at(numbers.median)],
        [right, at(numbers.median)],
      ],
      { colour: COLOURS.median, widthPt: style.lineWidthPt },
    ),
  ]
}
