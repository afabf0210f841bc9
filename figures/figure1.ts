import { extentOf, largestOf, smallestOf, type Figure1Data, type PreflightFinding } from '../contract/index.js'
import type { Drawn, FigureCode } from './drawn.js'
import { boxNumbers, boxPlot, type BoxNumbers } from './kit/boxPlot.js'
import { dots } from './kit/dots.js'
import { createLabelSetter, type LabelSetter } from './kit/fitted.js'
import { layOut, type LayoutPart } from './kit/layout.js'
import { createLegend, createWideLegend, freeCorner, inCorner, type Corner, type LegendEntry } from './kit/legend.js'
import { createPage } from './kit/page.js'
import {
  curve,
  drawPanel,
  evenLabels,
  line,
  placeX,
  placeY,
  rectangle,
  SMALLEST_SHARE,
  type Panel,
} from './kit/panel.js'
import { ring } from './kit/ring.js'
import { rowName, rowNameRoom } from './kit/rowName.js'
import { linearScale, logScale } from './kit/scale.js'
import { literal } from './kit/text.js'
import { modelColours, modelStroke } from './models.js'
import { publishedAttack, type PublishedAttack } from './published.js'
import type { Box, SceneItem, Stroke, TextMeasure } from './scene.js'
import { COLOURS, type FigureStyle } from './style.js'

const HEIGHT_INCH = 6
const PUBLISHED_ROWS = 3
const LEGEND_HANDLE = 0.5
/** A label takes at most this share of a panel, a name below a box this share of its place. */
const LEGEND_SHARE = 0.8
const NAME_SHARE = 0.95
/** Around a single size the axis reaches this many times lower and higher. */
const SINGLE_SIZE_ROOM = 3
/** Room above and below the data, as a share of their range. */
const MARGIN = 0.05
/** Look of the paper's values. */
const PUBLISHED = '#808080'
const BAND_OPACITY = 0.35
const BAND_WIDTH = 0.8
const RING_PT = 4.5
const RING_WIDTH = 0.7
/** The published legends are left, right and left; each moves where it would hide a curve. */
const LEFT_FIRST: readonly Corner[] = ['lower left', 'upper right', 'upper left', 'lower right']
const RIGHT_FIRST: readonly Corner[] = ['upper right', 'lower left', 'lower right', 'upper left']

type Attack = Figure1Data['attacks'][number]

/** What all panels of a figure share. */
interface Setting {
  style: FigureStyle
  measure: TextMeasure
  labels: LabelSetter
  /** Whether one legend below all panels takes the place of those in them. */
  legendBelow: boolean
}

/** The ends of a logarithmic axis, opened where there is one size only. */
const openEnds = (low: number, high: number): [number, number] =>
  high > low ? [low, high] : [low / SINGLE_SIZE_ROOM, high * SINGLE_SIZE_ROOM]

const publishedOf = (data: Figure1Data, attack: string): (PublishedAttack | null)[] =>
  data.models.map(({ label }) => (data.withPublished === true ? publishedAttack(attack, label) : null))

/** Where the paper's box lies: a grey band with its median, a little wider than ours. */
function publishedBox(
  panel: Panel,
  x: number,
  { firstQuartile, median, thirdQuartile }: PublishedAttack,
  style: FigureStyle,
): SceneItem[] {
  const [left, right] = [placeX(panel, x - BAND_WIDTH / 2), placeX(panel, x + BAND_WIDTH / 2)]
  const band = {
    x: left,
    y: placeY(panel, thirdQuartile),
    width: right - left,
    height: placeY(panel, firstQuartile) - placeY(panel, thirdQuartile),
  }
  const middle = placeY(panel, median)
  return [
    {
      kind: 'path',
      segments: rectangle(band),
      fill: { colour: PUBLISHED, opacity: BAND_OPACITY, over: COLOURS.white },
      clip: panel.box,
    },
    line(
      [
        [left, middle],
        [right, middle],
      ],
      { colour: PUBLISHED, widthPt: style.lineWidthPt },
      panel.box,
    ),
  ]
}

const strokeOf = (
  models: Figure1Data['models'],
  colours: readonly string[],
  index: number,
  { lineWidthPt }: FigureStyle,
): Stroke => modelStroke(models[index] ?? { label: '', colour: null }, colours[index] ?? COLOURS.black, lineWidthPt)

/** Names of models with the strokes of their curves. */
function legendEntries({ models }: Figure1Data, roomPt: number, { style, labels }: Setting): LegendEntry[] {
  const colours = modelColours(models)
  const names = labels.fit(
    models.map(({ label }) => label),
    style.legendSizePt,
    roomPt,
  )
  return names.map((label, index) => ({ label, stroke: strokeOf(models, colours, index, style), mark: 'line' }))
}

function accuracyPanel(
  box: Box,
  data: Figure1Data,
  { label: attack, sweeps }: Attack,
  row: number,
  setting: Setting,
): { items: SceneItem[]; hides: boolean } {
  const { style, measure, legendBelow } = setting
  const colours = modelColours(data.models)
  const colourOf = (index: number): string => colours[index] ?? COLOURS.black
  const [smallest, largest] = extentOf(
    sweeps.flatMap(({ epsilons }) => [epsilons[0] ?? Infinity, epsilons.at(-1) ?? -Infinity]),
  )
  const panel: Panel = {
    box,
    x: { scale: logScale(openEnds(smallest, largest)), label: '*ε*' },
    y: {
      scale: linearScale([-MARGIN, 1 + MARGIN]),
      label: 'Rel. accuracy',
      ticks: evenLabels([0, 0.25, 0.5, 0.75, 1]),
    },
  }
  const points = sweeps.map(({ epsilons, relativeAccuracy }) =>
    Array.from(epsilons, (epsilon, index): [number, number] => [epsilon, relativeAccuracy[index] ?? NaN]),
  )
  // A curve of one size would draw nothing.
  const single = points.flatMap((curvePoints, index) =>
    curvePoints.length === 1 ? [dots(panel, curvePoints, RING_PT, { colour: colourOf(index) })] : [],
  )
  const rings = publishedOf(data, attack).flatMap((published, index) =>
    published === null
      ? []
      : [ring(panel, [published.epsilonAtHalf, 0.5], RING_PT, colourOf(index), RING_WIDTH * style.lineWidthPt)],
  )
  const curves = [
    ...points.map((curvePoints, index) => curve(panel, curvePoints, strokeOf(data.models, colours, index, style))),
    ...single,
    ...rings,
  ]
  const entries = legendEntries(data, LEGEND_SHARE * box.width, setting)
  const legend = createLegend(entries, LEGEND_HANDLE, style, measure)
  // Below the panels there is more room for names.
  const isWhole = entries.every(({ label }, index) => label === literal(data.models[index]?.label ?? ''))
  const corner = !isWhole ? null : freeCorner(legend, box, row % 2 === 0 ? LEFT_FIRST : RIGHT_FIRST, curves, style)
  const own = legendBelow || corner === null ? [] : legend.draw(inCorner(legend, box, corner, style))
  return { items: [...curves, ...drawPanel(panel, style, measure), ...own], hides: corner === null }
}

function normPanel(
  box: Box,
  data: Figure1Data,
  { label, sweeps }: Attack,
  { style, measure, labels }: Setting,
): SceneItem[] {
  const names = labels.fit(
    data.models.map((model) => model.label),
    SMALLEST_SHARE * style.tickSizePt,
    NAME_SHARE * (box.width / data.models.length),
  )
  const boxes = sweeps.map(({ criticalNorms }) => boxNumbers(criticalNorms))
  const drawn = boxes.filter((numbers): numbers is BoxNumbers => numbers !== null)
  const published = publishedOf(data, label)
  const quartiles = published.flatMap((numbers) =>
    numbers === null ? [] : [numbers.firstQuartile, numbers.thirdQuartile],
  )
  const low = smallestOf([
    ...drawn.map(({ lowerWhisker }) => lowerWhisker),
    ...quartiles,
    ...(drawn.length === 0 ? [0] : []),
  ])
  const high = largestOf([
    ...drawn.map(({ upperWhisker }) => upperWhisker),
    ...quartiles,
    ...(drawn.length === 0 ? [1] : []),
  ])
  const room = MARGIN * (high > low ? high - low : Math.max(high, 1))
  const panel: Panel = {
    box,
    x: {
      scale: linearScale([0.5, data.models.length + 0.5]),
      shrinks: true,
      ticks: names.map((name, index) => ({ value: index + 1, label: name })),
    },
    y: { scale: linearScale([low - room, high + room]), label: '∥Δ*x*∥_{crit}' },
  }
  const bands = published.flatMap((numbers, index) =>
    numbers === null ? [] : publishedBox(panel, index + 1, numbers, style),
  )
  return [
    ...bands,
    ...boxes.flatMap((numbers, index) => (numbers === null ? [] : boxPlot(panel, index + 1, numbers, style))),
    ...drawPanel(panel, style, measure),
  ]
}

/** Models that an attack never fooled: they have no box. */
const unfooled = ({ models, attacks }: Figure1Data): PreflightFinding[] =>
  attacks.flatMap(({ label, sweeps }) =>
    sweeps.flatMap(({ criticalNorms }, index): PreflightFinding[] =>
      criticalNorms.some((norm) => !Number.isNaN(norm))
        ? []
        : [
            {
              level: 'advice',
              text: `${label} never fooled ${models[index]?.label ?? ''}`,
              detail: 'Its box is omitted; a larger ε may fool the model.',
              value: 'no box',
            },
          ],
    ),
  )

/** One row for each attack: its name, accuracies, norms; and a legend below all where it would hide curves in a panel. */
function drawRows(
  data: Figure1Data,
  style: FigureStyle,
  measure: TextMeasure,
  legendBelow: boolean,
): Drawn & { hides: boolean } {
  const page = createPage(style, HEIGHT_INCH, PUBLISHED_ROWS, data.attacks.length)
  const labels = createLabelSetter(style, measure)
  const setting: Setting = { style, measure, labels, legendBelow }
  const hides = data.attacks.map(() => false)
  const rows = data.attacks.flatMap((attack, index): LayoutPart[] => [
    {
      rows: [index, index],
      columns: [0, 0],
      needs: 'width',
      draw: (box, cell) =>
        labels
          .fit([attack.label], style.fontSizePt, rowNameRoom(cell, data.attacks.length))
          .map((name) => rowName(name, box.x, box, style)),
    },
    {
      rows: [index, index],
      columns: [1, 1],
      draw: (box) => {
        const { items, hides: hidden } = accuracyPanel(box, data, attack, index, setting)
        hides[index] = hidden
        return items
      },
    },
    { rows: [index, index], columns: [2, 2], draw: (box) => normPanel(box, data, attack, setting) },
  ])
  const below: LayoutPart = {
    rows: [data.attacks.length, data.attacks.length],
    columns: [0, 2],
    needs: 'height',
    draw: ({ y }) => {
      const widthPt = page.widthPt - 2 * page.marginPt
      const entries = legendEntries(data, widthPt / 2, setting)
      return createWideLegend(entries, LEGEND_HANDLE, widthPt, style, measure).draw({ x: page.marginPt, y })
    },
  }
  const layout = layOut(
    { ...page, columns: [0, 1, 1], rows: [...data.attacks.map(() => 1), ...(legendBelow ? [0] : [])] },
    legendBelow ? [...rows, below] : rows,
    measure,
  )
  const scene = {
    widthPt: page.widthPt,
    heightPt: layout.heightPt,
    items: layout.items.flat(),
    title: 'Figure 1: robustness against random perturbations and attacks',
  }
  return {
    scene,
    findings: [...unfooled(data), ...labels.findings()],
    cramped: layout.cramped,
    hides: hides.some(Boolean),
  }
}

/**
 * Figure 1: robustness. One row for each attack: relative accuracy against its size at the left, the critical norms of the
 * images that were fooled as box plots at the right.
 *
 * @param data - sweeps of every model (see Figure1Data)
 * @param style - the sheet; the width is the sheet's, the height 6 inches for three attacks
 * @param measure - widths of text in the real fonts
 * @returns the scene, and what a reader should know
 *
 * Source: docs/SOURCES.md 8.2; Figure1-AdversarialResults of the paper.
 */
function draw(data: Figure1Data, style: FigureStyle, measure: TextMeasure): Drawn {
  const inside = drawRows(data, style, measure, false)
  return inside.hides ? drawRows(data, style, measure, true) : inside
}

/** Figure 1. */
export const figure1: FigureCode<Figure1Data> = { draw }
