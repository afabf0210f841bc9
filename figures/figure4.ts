import type { Figure4Data, FigurePlane, PreflightFinding } from '../contract/index.js'
import { classBar, magmaBar, type BarLook } from './kit/colourBar.js'
import { contourPath, evenLevels } from './kit/contours.js'
import { createLabelSetter } from './kit/fitted.js'
import { createGrid, DEFAULT_GRID } from './kit/grid.js'
import { createPage } from './kit/page.js'
import { text } from './kit/panel.js'
import { classImage, magmaImage, type GridShape } from './kit/raster.js'
import { paperName } from './models.js'
import type { Box, Scene, SceneItem, TextMeasure } from './scene.js'
import { CLASS_COLOURS, COLOURS, type FigureStyle } from './style.js'

const HEIGHT_INCH = 2
const CONTOUR_LEVELS = 20
const CONTOUR_WIDTH_PT = 0.1
const BAR_SHARE = 0.05
/** Between a map and its colour bar: 0.01 inch. */
const BAR_PAD_PT = 0.72
const BAR_LOOK: BarLook = { tickSizePt: 6, tickLengthPt: 1, tickWidthPt: 1, tickPadPt: 1, labelWidthPt: 8 }

/** Between titles of neighbouring maps, as a share of a title's size. */
const TITLE_GAP = 0.96

/** Room for the title of a map: from the middle of one to the middle of the next. */
const columnPitch = (cell: ReturnType<typeof createGrid>, columns: number): number => {
  const first = cell([0, 0], [0, 0])
  return columns < 2 ? 2 * first.width : TITLE_GAP * (cell([0, 0], [1, 1]).x - first.x)
}

/** Smallest and largest value. */
function rangeOf(values: ArrayLike<number>): readonly [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let index = 0; index < values.length; index++) {
    low = Math.min(low, values[index] ?? Infinity)
    high = Math.max(high, values[index] ?? -Infinity)
  }
  return [low, high]
}

/** The box of a map inside its cell, square as the plane is, with room for the colour bar at its right; centred upwards. */
function mapBox(cell: Box, { columns, rows }: GridShape): Box {
  const most = Math.min((cell.width - BAR_PAD_PT) / (1 + BAR_SHARE) / columns, cell.height / rows)
  const [width, height] = [most * columns, most * rows]
  return { x: cell.x + (cell.width - BAR_PAD_PT - width * (1 + BAR_SHARE)) / 2, y: cell.y + (cell.height - height) / 2, width, height }
}

const beside = (box: Box): Box => ({ x: box.x + box.width + BAR_PAD_PT, y: box.y, width: BAR_SHARE * box.width, height: box.height })

function jacobianMap(box: Box, shape: GridShape, { jacobianNorm }: FigurePlane, style: FigureStyle, measure: TextMeasure): SceneItem[] {
  const range = rangeOf(jacobianNorm)
  return [magmaImage(box, shape, jacobianNorm, range), ...magmaBar(beside(box), range, BAR_LOOK, style, measure)]
}

function classMap(box: Box, shape: GridShape, { model, classes, confidence }: FigurePlane, colours: readonly string[], findings: PreflightFinding[]): SceneItem[] {
  const levels = evenLevels(confidence, CONTOUR_LEVELS)
  if (levels.length === 0) findings.push({ level: 'advice', text: `The confidence of ${model.label} is the same everywhere`, detail: 'No contour lines are drawn.', value: String(confidence[0] ?? '') })
  return [classImage(box, shape, classes, confidence, colours, COLOURS.white), contourPath(box, shape, confidence, levels, { colour: COLOURS.black, widthPt: CONTOUR_WIDTH_PT })]
}

/**
 * Figure 4: the norm of the Jacobian (top) and the decision regions with lines of equal confidence (bottom) of every model
 * on one plane through an image; ε to the right, ξ upwards.
 *
 * @param data - maps of every model on the same plane (see Figure4Data)
 * @param style - the sheet; the width is the sheet's, the height 2 inches
 * @param measure - widths of text in the real fonts
 *
 * Source: docs/SOURCES.md 8.5; Figure4-JacobianLandscapesAndDecisionBoundaries of the paper.
 */
export function figure4(data: Figure4Data, style: FigureStyle, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const { widthPt, heightPt, bottom, top } = createPage(style, HEIGHT_INCH)
  const findings: PreflightFinding[] = []
  const shape = { columns: data.epsilonAxis.length, rows: data.xiAxis.length }
  const colours = CLASS_COLOURS.slice(0, data.classCount)
  const cell = createGrid({ ...DEFAULT_GRID, bottom, top, widthRatios: [...data.planes.map(() => 1), 0.1], heightRatios: [1, 1] }, widthPt, heightPt)
  const labels = createLabelSetter(style, measure)
  const titles = labels.fit(data.planes.map(({ model }) => paperName(model.label, 'column')), style.titleSizePt, columnPitch(cell, data.planes.length))
  const items = data.planes.flatMap((plane, column) => {
    const [upper, lower] = [0, 1].map((row) => mapBox(cell([row, row], [column, column]), shape))
    if (upper === undefined || lower === undefined) return []
    return [
      text(titles[column] ?? '', style.titleSizePt, { x: upper.x + upper.width / 2, y: upper.y - 6, anchor: 'middle' }, style),
      ...jacobianMap(upper, shape, plane, style, measure), ...classMap(lower, shape, plane, colours, findings),
    ]
  })
  const narrow = cell([1, 1], [data.planes.length, data.planes.length])
  const { y, height } = mapBox(cell([1, 1], [0, 0]), shape)
  items.push(...classBar({ ...narrow, y, height }, colours, BAR_LOOK, style, measure))
  return { scene: { widthPt, heightPt, items, title: 'Figure 4: Jacobian norm and decision regions on a plane' }, findings: [...findings, ...labels.findings()] }
}
