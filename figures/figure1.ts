import type { Figure1Data, PreflightFinding } from '../contract/index.js'
import { boxNumbers, boxPlot, type BoxNumbers } from './kit/boxPlot.js'
import { dots } from './kit/dots.js'
import { createLabelSetter, type LabelSetter } from './kit/fitted.js'
import { createGrid, DEFAULT_GRID } from './kit/grid.js'
import { createLegend, freeCorner, inCorner, type Corner } from './kit/legend.js'
import { createPage } from './kit/page.js'
import { curve, drawPanel, evenLabels, line, placeX, placeY, rectangle, SMALLEST_SHARE, type Panel } from './kit/panel.js'
import { ring } from './kit/ring.js'
import { rowName, rowNameRoom } from './kit/rowName.js'
import { linearScale, logScale } from './kit/scale.js'
import { modelColours } from './models.js'
import { publishedAttack, type PublishedAttack } from './published.js'
import type { Box, Scene, SceneItem, TextMeasure } from './scene.js'
import { COLOURS, type FigureStyle } from './style.js'

const HEIGHT_INCH = 6
const PUBLISHED_ROWS = 3
const ROW_NAME_X = 0.1
const LEGEND_HANDLE = 0.5
/** A label takes at most this share of a panel, a name below a box this share of its place. */
const LEGEND_SHARE = 0.55
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
/** The published legends stand left, right and left; each goes elsewhere where it would hide a curve. */
const LEFT_FIRST: readonly [Corner, ...Corner[]] = ['lower left', 'upper right', 'upper left', 'lower right']
const RIGHT_FIRST: readonly [Corner, ...Corner[]] = ['upper right', 'lower left', 'lower right', 'upper left']

type Attack = Figure1Data['attacks'][number]

/** What all panels of a figure share. */
interface Setting {
  style: FigureStyle
  measure: TextMeasure
  labels: LabelSetter
  findings: PreflightFinding[]
}

/** The ends of a logarithmic axis, opened where there is one size only. */
const openEnds = (low: number, high: number): [number, number] => (high > low ? [low, high] : [low / SINGLE_SIZE_ROOM, high * SINGLE_SIZE_ROOM])

const publishedOf = (data: Figure1Data, attack: string): (PublishedAttack | null)[] => data.models.map(({ label }) => (data.withPublished === true ? publishedAttack(attack, label) : null))

/** Where the paper's box lies: a grey band with its median, a little wider than ours. */
function publishedBox(panel: Panel, x: number, { firstQuartile, median, thirdQuartile }: PublishedAttack, style: FigureStyle): SceneItem[] {
  const [left, right] = [placeX(panel, x - BAND_WIDTH / 2), placeX(panel, x + BAND_WIDTH / 2)]
  const band = { x: left, y: placeY(panel, thirdQuartile), width: right - left, height: placeY(panel, firstQuartile) - placeY(panel, thirdQuartile) }
  const middle = placeY(panel, median)
  return [
    { kind: 'path', segments: rectangle(band), fill: { colour: PUBLISHED, opacity: BAND_OPACITY, over: COLOURS.white }, clip: panel.box },
    line([[left, middle], [right, middle]], { colour: PUBLISHED, widthPt: style.lineWidthPt }, panel.box),
  ]
}

function accuracyPanel(box: Box, data: Figure1Data, { label: attack, sweeps }: Attack, row: number, { style, measure, labels }: Setting): SceneItem[] {
  const colours = modelColours(data.models)
  const sizes = sweeps.flatMap(({ epsilons }) => [epsilons[0] ?? Infinity, epsilons.at(-1) ?? -Infinity])
  const panel: Panel = {
    box, x: { scale: logScale(openEnds(Math.min(...sizes), Math.max(...sizes))), label: '*ε*' },
    y: { scale: linearScale([-MARGIN, 1 + MARGIN]), label: 'Rel. accuracy', ticks: evenLabels([0, 0.25, 0.5, 0.75, 1]) },
  }
  const points = sweeps.map(({ epsilons, relativeAccuracy }) => Array.from(epsilons, (epsilon, index): [number, number] => [epsilon, relativeAccuracy[index] ?? NaN]))
  const stroke = (index: number) => ({ colour: colours[index] ?? '#000000', widthPt: style.lineWidthPt })
  const names = labels.fit(data.models.map(({ label }) => label), style.legendSizePt, LEGEND_SHARE * box.width)
  const legend = createLegend(names.map((label, index) => ({ label, stroke: stroke(index), mark: 'line' })), LEGEND_HANDLE, style, measure)
  const places = points.flat().map(([x, y]) => [placeX(panel, x), placeY(panel, y)] as const)
  const corner = freeCorner(legend, box, row % 2 === 0 ? LEFT_FIRST : RIGHT_FIRST, places, style)
  const rings = publishedOf(data, attack).flatMap((published, index) => (published === null ? [] : [ring(panel, [published.epsilonAtHalf, 0.5], RING_PT, colours[index] ?? COLOURS.black, RING_WIDTH * style.lineWidthPt)]))
  // A curve of one size would draw nothing.
  const single = points.flatMap((curvePoints, index) => (curvePoints.length === 1 ? [dots(panel, curvePoints, RING_PT, { colour: colours[index] ?? COLOURS.black })] : []))
  return [...points.map((curvePoints, index) => curve(panel, curvePoints, stroke(index))), ...single, ...rings, ...drawPanel(panel, style, measure), ...legend.draw(inCorner(legend, box, corner, style))]
}

function normPanel(box: Box, data: Figure1Data, { label, sweeps }: Attack, { style, measure, labels, findings }: Setting): SceneItem[] {
  const names = labels.fit(data.models.map((model) => model.label), SMALLEST_SHARE * style.tickSizePt, NAME_SHARE * (box.width / data.models.length))
  const boxes = sweeps.map(({ criticalNorms }) => boxNumbers(criticalNorms))
  boxes.forEach((numbers, index) => {
    if (numbers === null) findings.push({ level: 'advice', text: `${label} never fooled ${data.models[index]?.label ?? ''}`, detail: 'Its box is omitted; a larger ε may fool the model.', value: 'no box' })
  })
  const drawn = boxes.filter((numbers): numbers is BoxNumbers => numbers !== null)
  const published = publishedOf(data, label)
  const quartiles = published.flatMap((numbers) => (numbers === null ? [] : [numbers.firstQuartile, numbers.thirdQuartile]))
  const low = Math.min(...drawn.map(({ lowerWhisker }) => lowerWhisker), ...quartiles, ...(drawn.length === 0 ? [0] : []))
  const high = Math.max(...drawn.map(({ upperWhisker }) => upperWhisker), ...quartiles, ...(drawn.length === 0 ? [1] : []))
  const room = MARGIN * (high > low ? high - low : Math.max(high, 1))
  const panel: Panel = {
    box, x: { scale: linearScale([0.5, data.models.length + 0.5]), shrinks: true, ticks: names.map((name, index) => ({ value: index + 1, label: name })) },
    y: { scale: linearScale([low - room, high + room]), label: '∥Δ*x*∥_{crit}' },
  }
  const bands = published.flatMap((numbers, index) => (numbers === null ? [] : publishedBox(panel, index + 1, numbers, style)))
  return [...bands, ...boxes.flatMap((numbers, index) => (numbers === null ? [] : boxPlot(panel, index + 1, numbers, style))), ...drawPanel(panel, style, measure)]
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
export function figure1(data: Figure1Data, style: FigureStyle, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const { widthPt, heightPt, bottom, top } = createPage(style, HEIGHT_INCH, PUBLISHED_ROWS, data.attacks.length)
  const findings: PreflightFinding[] = []
  const labels = createLabelSetter(style, measure)
  const setting: Setting = { style, measure, labels, findings }
  const cell = createGrid({ ...DEFAULT_GRID, bottom, top, widthRatios: [0.005, 0.5, 0.5], heightRatios: data.attacks.flatMap(() => [0.05, 1]) }, widthPt, heightPt)
  const items = data.attacks.flatMap((attack, index) => {
    const row = [2 * index + 1, 2 * index + 1] as const
    const left = cell(row, [1, 1])
    const [name = ''] = labels.fit([attack.label], style.fontSizePt, rowNameRoom(cell, data.attacks.length))
    return [
      rowName(name, ROW_NAME_X, left, widthPt, style),
      ...accuracyPanel(left, data, attack, index, setting), ...normPanel(cell(row, [2, 2]), data, attack, setting),
    ]
  })
  return { scene: { widthPt, heightPt, items, title: 'Figure 1: robustness against random perturbations and attacks' }, findings: [...findings, ...labels.findings()] }
}
