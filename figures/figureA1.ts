import { largestOf, smallestOf, type FigureA1Data, type PreflightFinding } from '../contract/index.js'
import type { Drawn, FigureCode } from './drawn.js'
import { binCounts } from './kit/bins.js'
import { inkBox } from './kit/bounds.js'
import { createLabelSetter } from './kit/fitted.js'
import { layOut, type LayoutPart } from './kit/layout.js'
import { createLegend, createWideLegend, freeCorner, inCorner, type LegendEntry } from './kit/legend.js'
import { createPage } from './kit/page.js'
import { curve, drawPanel, line, placeX, placeY, text, TITLE_RISE, type Panel } from './kit/panel.js'
import { linearScale, linearTicks, logScale } from './kit/scale.js'
import { signed } from './kit/text.js'
import { mosaic } from './mosaicPanel.js'
import type { Box, PathItem, SceneItem, Segment, TextMeasure } from './scene.js'
import { plottedA1, shownFinding } from './shownUnits.js'
import { COLOURS, type FigureStyle } from './style.js'

const HEIGHT_INCH = 3.3
const VARIANCE_BINS = 50
const VARIANCE_RANGE = [1e-9, 3e-3] as const
const VARIANCE_VIEW = [0, 2.5e-3] as const
const DATASET_VIEW = [1e-6, 1.5e2] as const
const NOISE_VIEW = [1e-4, 1.5e4] as const
const BAR_OPACITY = 0.3
const LEGEND_HANDLE = 0.5
/** Eigenvalues below this share of the largest are rounding: dead units have them instead of zeros. */
const ROUNDING = 1e-12

/** The published range of variances, or a rounder and wider one for layers whose variances lie outside. */
function varianceView(
  variances: Float64Array,
  cutoff: number | null,
): { range: readonly [number, number]; view: readonly [number, number]; published: boolean } {
  const sorted = [...variances].sort((a, b) => a - b)
  const typical = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0
  if (typical <= VARIANCE_VIEW[1] && (cutoff ?? 0) <= VARIANCE_VIEW[1])
    return { range: VARIANCE_RANGE, view: VARIANCE_VIEW, published: true }
  const wanted = Math.max(typical, cutoff ?? 0) * 1.2
  const power = 10 ** Math.floor(Math.log10(wanted))
  const end = Math.ceil(wanted / power) * power
  return { range: [VARIANCE_RANGE[0], end * 1.2], view: [0, end], published: false }
}

/** A number without exponent, as the published ticks are: `0.001`. */
const plain = (value: number): string => String(Number(value.toPrecision(6)))

function varianceHistogram(
  data: FigureA1Data,
  box: Box,
  style: FigureStyle,
  measure: TextMeasure,
  findings: PreflightFinding[],
): SceneItem[] {
  const { range, view, published } = varianceView(data.variances, data.cutoff)
  if (!published)
    findings.push({
      level: 'advice',
      text: 'The variance axis is wider than published',
      detail: 'Some variances of this layer, or its cutoff, are above 0.0025.',
      value: `to ${plain(view[1])}`,
    })
  const counts = binCounts(data.variances, VARIANCE_BINS, range)
  const outside = data.variances.filter((variance) => variance < view[0] || variance > view[1]).length
  if (outside > 0)
    findings.push({
      level: 'advice',
      text: 'Some units are outside the histogram',
      detail: 'Their variance is beyond the end of the axis.',
      value: `${outside} of ${data.variances.length}`,
    })
  const ticks = published ? [0, 0.001, 0.002] : linearTicks(view, 3)
  const panel: Panel = {
    box,
    title: 'Weight variance distribution',
    x: { scale: linearScale(view), label: 'Variance', ticks: ticks.map((value) => ({ value, label: plain(value) })) },
    y: { scale: linearScale([0, 1.05 * Math.max(1, largestOf(counts))]), label: 'Frequency' },
  }
  const binWidth = (range[1] - range[0]) / VARIANCE_BINS
  // One outline around all bars: side by side, each with its own edge, they would show seams.
  const ground = box.y + box.height
  const steps = counts.flatMap((count, bin): Segment[] => {
    const [from, to] = [
      placeX(panel, range[0] + bin * binWidth),
      Math.min(placeX(panel, range[0] + (bin + 1) * binWidth), box.x + box.width),
    ]
    return to <= from
      ? []
      : [
          { kind: 'line', x: from, y: placeY(panel, count) },
          { kind: 'line', x: to, y: placeY(panel, count) },
        ]
  })
  const last = steps.at(-1)
  const bars: PathItem = {
    kind: 'path',
    fill: { colour: COLOURS.dataSpectrum, opacity: BAR_OPACITY, over: COLOURS.white },
    segments: [
      { kind: 'move', x: placeX(panel, range[0]), y: ground },
      ...steps,
      { kind: 'line', x: last?.kind === 'line' ? last.x : box.x, y: ground },
      { kind: 'close' },
    ],
  }
  const cutoffLine =
    data.cutoff === null
      ? []
      : [
          line(
            [
              [placeX(panel, data.cutoff), box.y],
              [placeX(panel, data.cutoff), box.y + box.height],
            ],
            { colour: COLOURS.cutoff, widthPt: style.lineWidthPt },
          ),
        ]
  return [bars, ...cutoffLine, ...drawPanel(panel, style, measure)]
}

/** The published limits of λ, opened by whole decades where the data lie outside. */
function eigenvalueView(
  published: readonly [number, number],
  spectra: readonly Float64Array[],
): readonly [number, number] {
  const largest = largestOf(spectra.map((spectrum) => spectrum[0] ?? 0))
  // The published curves leave the panel at the bottom too; half of each must be seen.
  const smallest = smallestOf(
    spectra.map((spectrum) => {
      const meaningful = spectrum.filter((value) => value > ROUNDING * (spectrum[0] ?? 0))
      return meaningful[Math.floor(0.5 * (meaningful.length - 1))] ?? Infinity
    }),
  )
  let [low, high] = published
  while (largest > high) high *= 10
  while (smallest < low && low > 1e-12) low /= 10
  return [low, high]
}

function spectrumPanel(
  box: Box,
  spectra: { raw: Float64Array; pruned: Float64Array },
  look: { colour: string; title: string; label?: string; view: readonly [number, number] },
  style: FigureStyle,
  measure: TextMeasure,
  findings: PreflightFinding[],
): { curves: PathItem[]; axes: SceneItem[] } {
  const view = eigenvalueView(look.view, [spectra.raw, spectra.pruned])
  if (view[0] !== look.view[0] || view[1] !== look.view[1])
    findings.push({
      level: 'advice',
      text: `The axis of ${look.title.replaceAll('*', '')} is longer than published`,
      detail: 'Some eigenvalues of this layer are outside the published limits.',
      value: `${signed(view[0].toExponential(0))} to ${signed(view[1].toExponential(1))}`,
    })
  const last = Math.max(2, spectra.raw.length)
  const margin = last ** 0.05
  const panel: Panel = {
    box,
    title: look.title,
    x: { scale: logScale([1 / margin, last * margin]) },
    y: { scale: logScale(view), ...(look.label === undefined ? {} : { label: look.label }) },
  }
  const points = (spectrum: Float64Array): [number, number][] =>
    Array.from(spectrum, (value, index): [number, number] => [index + 1, value > 0 ? value : NaN])
  const widthPt = style.lineWidthPt
  return {
    curves: [
      curve(panel, points(spectra.raw), { colour: look.colour, widthPt, dash: [widthPt, 1.65 * widthPt] }),
      curve(panel, points(spectra.pruned), { colour: look.colour, widthPt }),
    ],
    axes: drawPanel(panel, style, measure),
  }
}

/** Two short black lines with their names. */
function legendEntries({ lineWidthPt }: FigureStyle): LegendEntry[] {
  const look = { colour: COLOURS.black, widthPt: lineWidthPt }
  return [
    { label: 'Raw', stroke: { ...look, dash: [lineWidthPt, 1.65 * lineWidthPt] }, mark: 'line' },
    { label: 'Pruned', stroke: look, mark: 'line' },
  ]
}

/** A letter at the left of a panel's title, above its axis label. */
function withLetter(
  letter: string,
  items: SceneItem[],
  box: Box,
  style: FigureStyle,
  measure: TextMeasure,
): SceneItem[] {
  const left = inkBox(items, measure)?.x ?? box.x
  return [
    ...items,
    text(
      letter,
      style.fontSizePt,
      { x: Math.min(left, box.x - 2 * style.fontSizePt), y: box.y - TITLE_RISE * style.titleSizePt },
      style,
    ),
  ]
}

/** The figure, with its legend in the panel of noise, or below both panels of spectra. */
function drawPanels(
  data: FigureA1Data,
  style: FigureStyle,
  measure: TextMeasure,
  legendBelow: boolean,
): Drawn & { hides: boolean } {
  const page = createPage(style, HEIGHT_INCH)
  const labels = createLabelSetter(style, measure)
  const reported = new Map<string, PreflightFinding[]>()
  const findingsOf = (panel: string): PreflightFinding[] => reported.set(panel, []).get(panel) ?? []
  let hides = false
  const { datasetRaw, datasetPruned, noiseRaw, noisePruned } = data.spectra
  const dataset = (box: Box): SceneItem[] => {
    const [title = ''] = labels.fit([data.datasetLabel.replace('CIFAR-10', 'CIFAR10')], style.titleSizePt, box.width)
    const { curves, axes } = spectrumPanel(
      box,
      { raw: datasetRaw, pruned: datasetPruned },
      { colour: COLOURS.dataSpectrum, title, label: '*λ*_{*n*}', view: DATASET_VIEW },
      style,
      measure,
      findingsOf('dataset'),
    )
    return [...curves, ...withLetter('c)', axes, box, style, measure)]
  }
  const noise = (box: Box): SceneItem[] => {
    const { curves, axes } = spectrumPanel(
      box,
      { raw: noiseRaw, pruned: noisePruned },
      { colour: COLOURS.noiseSpectrum, title: '*ξ*(*t*)', view: NOISE_VIEW },
      style,
      measure,
      findingsOf('noise'),
    )
    const legend = createLegend(legendEntries(style), LEGEND_HANDLE, style, measure)
    const corner = freeCorner(legend, box, ['upper right', 'lower left', 'upper left', 'lower right'], curves, style)
    hides = corner === null
    return [
      ...curves,
      ...axes,
      ...(corner === null || legendBelow ? [] : legend.draw(inCorner(legend, box, corner, style))),
    ]
  }
  const capital = measure.capHeight(style.fonts.text) * style.labelSizePt
  const parts: LayoutPart[] = [
    {
      rows: [0, 0],
      columns: [0, 0],
      draw: (box) => mosaic(data.rawWeights, data, box, { title: 'Raw', letter: 'a)' }, style, measure),
    },
    {
      rows: [1, 1],
      columns: [0, 0],
      draw: (box) => mosaic(data.prunedWeights, data, box, { title: 'Pruned', letter: '' }, style, measure),
    },
    {
      rows: [0, 0],
      columns: [1, 2],
      draw: (box) =>
        withLetter('b)', varianceHistogram(data, box, style, measure, findingsOf('variances')), box, style, measure),
    },
    { rows: [1, 1], columns: [1, 1], draw: dataset },
    { rows: [1, 1], columns: [2, 2], draw: noise },
    {
      rows: [2, 2],
      columns: [1, 2],
      needs: 'height',
      draw: ({ x, y, width }) => [
        text('Dimension *n*', style.labelSizePt, { x: x + width / 2, y: y + capital, anchor: 'middle' }, style),
        ...(legendBelow
          ? createWideLegend(legendEntries(style), LEGEND_HANDLE, width, style, measure).draw({
              x,
              y: y + 1.4 * style.labelSizePt,
            })
          : []),
      ],
    },
  ]
  const layout = layOut({ ...page, columns: ['square', 1, 1], rows: [1, 1, 0] }, parts, measure)
  const scene = {
    widthPt: page.widthPt,
    heightPt: layout.heightPt,
    items: layout.items.flat(),
    title: 'Figure A1: receptive fields and covariance spectra before and after pruning',
  }
  return { scene, findings: [...[...reported.values()].flat(), ...labels.findings()], cramped: layout.cramped, hides }
}

/**
 * Figure A1: receptive fields raw and pruned, the distribution of weight variances with the cutoff, and the covariance
 * spectra of data and noise, raw (dotted) and pruned (solid).
 *
 * @param data - weights H x d, variances H, spectra descending (see FigureA1Data)
 * @param style - the sheet; the width is the sheet's, the height 3.3 inches in proportion to the paper's width
 * @param measure - widths of text in the real fonts
 * @returns the scene, and what differs from the published look
 *
 * Source: docs/SOURCES.md 8.6; FigureA1-FKHL3Spectra of the paper.
 */
function draw(data: FigureA1Data, style: FigureStyle, measure: TextMeasure): Drawn {
  const inside = drawPanels(data, style, measure, false)
  const { scene, findings, cramped } = inside.hides ? drawPanels(data, style, measure, true) : inside
  const unpruned: PreflightFinding[] =
    data.cutoff !== null
      ? []
      : [
          {
            level: 'advice',
            text: 'Nothing was pruned',
            detail: 'Raw and pruned curves are the same, and no cutoff is drawn.',
            value: 'no cutoff',
          },
        ]
  return { scene, findings: [...shownFinding(data), ...unpruned, ...findings], cramped }
}

/** Figure A1. */
export const figureA1: FigureCode<FigureA1Data> = { draw, plotted: plottedA1 }
