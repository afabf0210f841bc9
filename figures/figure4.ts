import { extentOf, LabError, type Figure4Data, type FigurePlane, type PreflightFinding } from '../contract/index.js'
import type { Drawn, FigureCode } from './drawn.js'
import { classBar, magmaBar, type BarLook } from './kit/colourBar.js'
import { contourPath, evenLevels } from './kit/contours.js'
import { createLabelSetter } from './kit/fitted.js'
import { layOut, type Layout, type LayoutOrder, type LayoutPart } from './kit/layout.js'
import { createWideLegend } from './kit/legend.js'
import { createPage } from './kit/page.js'
import { text } from './kit/panel.js'
import { classImage, magmaImage, type GridShape } from './kit/raster.js'
import { paperName } from './models.js'
import type { Box, SceneItem, TextMeasure } from './scene.js'
import { CLASS_COLOURS, COLOURS, type FigureStyle } from './style.js'

const HEIGHT_INCH = 2
/** A page that is nearly as high as the published one takes its height; others are as high as their maps. */
const NEARLY = 0.15
/** Of more models some go into further rows, points. */
const NARROWEST_COLUMN_PT = 44
/** No map is wider than this share of the page. */
const WIDEST_MAP = 0.44
const CONTOUR_LEVELS = 20
const CONTOUR_WIDTH_PT = 0.1
const BAR_SHARE = 0.05
/** Between a map and its colour bar: 0.01 inch. */
const BAR_PAD_PT = 0.72
/** Sizes of the published colour bars as shares of the tick labels of axes, 8 points. */
const barLook = ({ tickSizePt }: FigureStyle): BarLook => ({
  tickSizePt: 0.75 * tickSizePt,
  tickLengthPt: tickSizePt / 8,
  tickWidthPt: tickSizePt / 8,
  tickPadPt: tickSizePt / 8,
  labelWidthPt: tickSizePt,
})
/** Bands of classes as high as this many sizes of their names can be read. */
const BAND_ROOM = 0.95
/** Names of classes take at most this share of the width. */
const NAMES_SHARE = 0.16
/** Between titles of neighbouring maps, as a share of a title's size. */
const TITLE_GAP = 0.96
/** Between a map and its title, in sizes of the title. */
const TITLE_RISE = 0.4
const LEGEND_HANDLE = 0.7

const beside = (box: Box): Box => ({
  x: box.x + box.width + BAR_PAD_PT,
  y: box.y,
  width: BAR_SHARE * box.width,
  height: box.height,
})

/** Where the classes are explained: beside the lower maps, beside both rows, or below the figure. */
type ClassKey = 'beside' | 'besideBoth' | 'below'

/** The decision regions with lines of equal confidence. */
function classMap(
  box: Box,
  shape: GridShape,
  { classes, confidence }: FigurePlane,
  colours: readonly string[],
): SceneItem[] {
  const stroke = { colour: COLOURS.black, widthPt: CONTOUR_WIDTH_PT }
  return [
    classImage(box, shape, classes, confidence, colours, COLOURS.white),
    contourPath(box, shape, confidence, evenLevels(confidence, CONTOUR_LEVELS), stroke),
  ]
}

const flatFindings = (planes: readonly FigurePlane[]): PreflightFinding[] =>
  planes.flatMap(({ model, confidence }): PreflightFinding[] =>
    evenLevels(confidence, CONTOUR_LEVELS).length > 0
      ? []
      : [
          {
            level: 'advice',
            text: `The confidence of ${model.label} is the same everywhere`,
            detail: 'No contour lines are drawn.',
            value: String(confidence[0] ?? ''),
          },
        ],
  )

/** The published height: what the page has more goes between the rows, what it has less is taken from the maps. */
function ofHeight(order: LayoutOrder, natural: Layout, heightPt: number, aspect: number): LayoutOrder {
  const spare = heightPt - natural.heightPt
  if (spare >= 0) return { ...order, rowGapPt: order.rowGapPt + spare / Math.max(1, order.rows.length - 1) }
  const maps = order.rows.filter((share) => share > 0).length
  return { ...order, mostWidthPt: natural.cell([0, 0], [0, 0]).width + spare / (maps * aspect) }
}

/** The maps in as many bands of two rows as their number needs, with the classes explained in one of three ways. */
function drawMaps(
  data: Figure4Data,
  style: FigureStyle,
  measure: TextMeasure,
  key: ClassKey,
): Drawn & { readable: boolean } {
  const { planes, classCount } = data
  const page = createPage(style, HEIGHT_INCH)
  const look = barLook(style)
  const shape = { columns: data.epsilonAxis.length, rows: data.xiAxis.length }
  const colours = CLASS_COLOURS.slice(0, classCount)
  const labels = createLabelSetter(style, measure)
  // A single model has its two maps side by side, so that they fill the width.
  const single = planes.length === 1
  const across = single ? 2 : Math.min(planes.length, Math.max(2, Math.floor(page.widthPt / NARROWEST_COLUMN_PT)))
  const bands = single ? 1 : Math.ceil(planes.length / across)
  const lastRow = single ? 0 : 2 * bands - 1
  const placeOf = (
    index: number,
  ): { upper: LayoutPart['rows']; lower: LayoutPart['rows']; left: number; right: number } => {
    const [band, column] = [Math.floor(index / across), index % across]
    return single
      ? { upper: [0, 0], lower: [0, 0], left: 0, right: 1 }
      : { upper: [2 * band, 2 * band], lower: [2 * band + 1, 2 * band + 1], left: column, right: column }
  }
  const names = (): string[] =>
    data.classNames === undefined
      ? colours.map((_, index) => String(index))
      : labels.fit(data.classNames, look.tickSizePt, (key === 'below' ? 0.4 : NAMES_SHARE) * page.widthPt)
  const titled = planes.map((plane, index): LayoutPart => {
    const { upper, left, right } = placeOf(index)
    return {
      rows: upper,
      columns: [left, left],
      draw: (box, cell) => {
        const pitch = single
          ? cell(upper, [left, right]).width
          : across < 2
            ? box.width
            : TITLE_GAP * (cell(upper, [1, 1]).x - cell(upper, [0, 0]).x)
        const title =
          labels.fit(
            planes.map(({ model }) => paperName(model.label, 'column')),
            style.titleSizePt,
            pitch,
          )[index] ?? ''
        const middle = single ? cell(upper, [left, right]) : box
        const bar = magmaBar(beside(box), extentOf(plane.jacobianNorm), look, style, measure)
        // A power of ten above a bar lifts the titles of the row.
        const power = bar.some((item) => item.kind === 'text' && item.y < box.y)
        const y = box.y - TITLE_RISE * style.titleSizePt - (power ? 1.1 * look.tickSizePt : 0)
        return [...bar, text(title, style.titleSizePt, { x: middle.x + middle.width / 2, y, anchor: 'middle' }, style)]
      },
    }
  })
  let readable = true
  const rows: readonly [number, number] = key === 'besideBoth' ? [0, lastRow] : [lastRow, lastRow]
  const aside: LayoutPart = {
    rows,
    columns: [across, across],
    needs: 'width',
    draw: (box, cell) => {
      const map = cell([0, 0], [0, 0])
      readable = box.height / classCount >= BAND_ROOM * look.tickSizePt
      return classBar({ ...box, width: BAR_SHARE * map.width }, colours, names(), look, style, measure)
    },
  }
  const small = { ...style, legendSizePt: Math.min(style.legendSizePt, look.tickSizePt) }
  const below: LayoutPart = {
    rows: [lastRow + 1, lastRow + 1],
    columns: [0, across - 1],
    needs: 'height',
    draw: ({ y }) => {
      const entries = names().map((label, index) => ({
        label,
        stroke: { colour: colours[index] ?? COLOURS.black, widthPt: 0.6 * small.legendSizePt },
        mark: 'line' as const,
      }))
      const widthPt = page.widthPt - 2 * page.marginPt
      return createWideLegend(entries, LEGEND_HANDLE, widthPt, small, measure).draw({ x: page.marginPt, y })
    },
  }
  const order = {
    ...page,
    heightPt: null,
    rowAspect: shape.rows / shape.columns,
    mostWidthPt: WIDEST_MAP * page.widthPt,
    columnGapPt: 0.3 * page.columnGapPt,
    rowGapPt: 0.25 * page.rowGapPt,
    columns: [...Array.from({ length: across }, () => 1), ...(key === 'below' ? [] : [0])],
    rows: [...Array.from({ length: lastRow + 1 }, () => 1), ...(key === 'below' ? [0] : [])],
  }
  const parts = [...titled, key === 'below' ? below : aside]
  const natural = layOut(order, parts, measure)
  const nearly = Math.abs(natural.heightPt - page.heightPt) < NEARLY * page.heightPt
  const layout = nearly ? layOut(ofHeight(order, natural, page.heightPt, order.rowAspect), parts, measure) : natural
  const maps = planes.flatMap((plane, index): SceneItem[] => {
    const { upper, lower, left, right } = placeOf(index)
    const [above, under] = [layout.cell(upper, [left, left]), layout.cell(lower, [right, right])]
    return [
      magmaImage(above, shape, plane.jacobianNorm, extentOf(plane.jacobianNorm)),
      ...classMap(under, shape, plane, colours),
    ]
  })
  const scene = {
    widthPt: page.widthPt,
    heightPt: layout.heightPt,
    items: [...maps, ...layout.items.flat()],
    title: 'Figure 4: Jacobian norm and decision regions on a plane',
  }
  return {
    scene,
    findings: [...flatFindings(planes), ...labels.findings()],
    cramped: layout.cramped,
    readable: key === 'below' || readable,
  }
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
function draw(data: Figure4Data, style: FigureStyle, measure: TextMeasure): Drawn {
  const keys = ['beside', 'besideBoth', 'below'] as const satisfies readonly ClassKey[]
  for (const key of keys) {
    const { scene, findings, cramped, readable } = drawMaps(data, style, measure, key)
    if (readable) return { scene, findings, cramped }
  }
  throw new LabError('internal', 'the classes of Figure 4 have no place')
}

/** Figure 4. */
export const figure4: FigureCode<Figure4Data> = { draw }
