import { LabError, type FigureA1Data, type PreflightFinding } from '../contract/index.js'
import { binCounts } from './kit/bins.js'
import { createLabelSetter } from './kit/fitted.js'
import { createGrid, DEFAULT_GRID } from './kit/grid.js'
import { createLegend, freeCorner, inCorner } from './kit/legend.js'
import { receptiveFieldMosaic } from './kit/mosaic.js'
import { curve, drawPanel, line, placeX, placeY, text, type Panel } from './kit/panel.js'
import { linearScale, linearTicks, logScale } from './kit/scale.js'
import { signed } from './kit/text.js'
import type { Box, ImageItem, PathItem, Scene, SceneItem, Segment, TextMeasure } from './scene.js'
import { COLOURS, type FigureStyle } from './style.js'

const HEIGHT_INCH = 3.3
const POINTS = 72
const FIELDS = 16
/** The published mosaic shows units 761 to 776: y0 + Kx x0 with y0 = 1, Kx = 4, x0 = 190. */
const FIRST_FIELD = 1 + 4 * 190
const VARIANCE_BINS = 50
const VARIANCE_RANGE = [1e-9, 3e-3] as const
const VARIANCE_VIEW = [0, 2.5e-3] as const
const DATASET_VIEW = [1e-6, 1.5e2] as const
const NOISE_VIEW = [1e-4, 1.5e4] as const
const BAR_OPACITY = 0.3
const LEGEND_HANDLE = 0.5
/** Eigenvalues below this share of the largest are rounding: dead units have them instead of zeros. */
const ROUNDING = 1e-12

/** The units that the mosaics show: the published ones, or sixteen spread evenly over a layer that has fewer. */
export function mosaicUnits(hiddenUnits: number): number[] {
  if (hiddenUnits >= FIRST_FIELD + FIELDS) return Array.from({ length: FIELDS }, (_, index) => FIRST_FIELD + index)
  const count = Math.min(FIELDS, hiddenUnits)
  return Array.from({ length: count }, (_, index) => Math.floor((index * hiddenUnits) / count))
}

function mosaic(weights: Float32Array, { imageShape, hiddenUnits, units }: FigureA1Data, box: Box, title: string, style: FigureStyle): SceneItem[] {
  const side = Math.min(box.width, box.height)
  const place: Box = { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side }
  const shown = mosaicUnits(hiddenUnits)
  const rows = units === null ? shown : shown.map((unit) => units.indexOf(unit))
  const lost = rows.indexOf(-1)
  if (lost >= 0) throw new LabError('value.range', `the figure shows unit ${shown[lost]}, but the data contain only the weights of the units ${units?.join(', ')}`)
  const image: ImageItem = { kind: 'image', box: place, ...receptiveFieldMosaic(weights, rows, 4, imageShape) }
  return [image, text(title, style.titleSizePt, { x: box.x + box.width / 2, y: place.y - 6, anchor: 'middle' }, style)]
}

/** The published range of variances, or a rounder and wider one for layers whose variances lie outside. */
function varianceView(variances: Float64Array, cutoff: number | null): { range: readonly [number, number]; view: readonly [number, number]; published: boolean } {
  const sorted = [...variances].sort((a, b) => a - b)
  const typical = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0
  if (typical <= VARIANCE_VIEW[1] && (cutoff ?? 0) <= VARIANCE_VIEW[1]) return { range: VARIANCE_RANGE, view: VARIANCE_VIEW, published: true }
  const wanted = Math.max(typical, cutoff ?? 0) * 1.2
  const power = 10 ** Math.floor(Math.log10(wanted))
  const end = Math.ceil(wanted / power) * power
  return { range: [VARIANCE_RANGE[0], end * 1.2], view: [0, end], published: false }
}

/** A number without exponent, as the published ticks are: `0.001`. */
const plain = (value: number): string => String(Number(value.toPrecision(6)))

function varianceHistogram(data: FigureA1Data, box: Box, style: FigureStyle, measure: TextMeasure, findings: PreflightFinding[]): SceneItem[] {
  const { range, view, published } = varianceView(data.variances, data.cutoff)
  if (!published) findings.push({ level: 'advice', text: 'The variance axis is wider than published', detail: 'Some variances of this layer, or its cutoff, are above 0.0025.', value: `to ${plain(view[1])}` })
  const counts = binCounts(data.variances, VARIANCE_BINS, range)
  const outside = data.variances.filter((variance) => variance < view[0] || variance > view[1]).length
  if (outside > 0) findings.push({ level: 'advice', text: 'Some units are outside the histogram', detail: 'Their variance is beyond the end of the axis.', value: `${outside} of ${data.variances.length}` })
  const ticks = published ? [0, 0.001, 0.002] : linearTicks(view, 3)
  const panel: Panel = {
    box, title: 'Weight variance distribution',
    x: { scale: linearScale(view), label: 'Variance', ticks: ticks.map((value) => ({ value, label: plain(value) })) },
    y: { scale: linearScale([0, 1.05 * Math.max(1, ...counts)]), label: 'Frequency' },
  }
  const binWidth = (range[1] - range[0]) / VARIANCE_BINS
  // One outline around all bars: side by side, each with its own edge, they would show seams.
  const ground = box.y + box.height
  const steps = counts.flatMap((count, bin): Segment[] => {
    const [from, to] = [placeX(panel, range[0] + bin * binWidth), Math.min(placeX(panel, range[0] + (bin + 1) * binWidth), box.x + box.width)]
    return to <= from ? [] : [{ kind: 'line', x: from, y: placeY(panel, count) }, { kind: 'line', x: to, y: placeY(panel, count) }]
  })
  const last = steps.at(-1)
  const bars: PathItem = {
    kind: 'path', fill: { colour: COLOURS.dataSpectrum, opacity: BAR_OPACITY, over: COLOURS.white },
    segments: [{ kind: 'move', x: placeX(panel, range[0]), y: ground }, ...steps, { kind: 'line', x: last?.kind === 'line' ? last.x : box.x, y: ground }, { kind: 'close' }],
  }
  const cutoffLine = data.cutoff === null ? [] : [line([[placeX(panel, data.cutoff), box.y], [placeX(panel, data.cutoff), box.y + box.height]], { colour: COLOURS.cutoff, widthPt: style.lineWidthPt })]
  return [bars, ...cutoffLine, ...drawPanel(panel, style, measure)]
}

/** The published limits of λ, opened by whole decades where the data lie outside. */
function eigenvalueView(published: readonly [number, number], spectra: readonly Float64Array[]): readonly [number, number] {
  const largest = Math.max(...spectra.map((spectrum) => spectrum[0] ?? 0))
  // The published curves leave the panel at the bottom too; half of each must be seen.
  const smallest = Math.min(...spectra.map((spectrum) => {
    const meaningful = spectrum.filter((value) => value > ROUNDING * (spectrum[0] ?? 0))
    return meaningful[Math.floor(0.5 * (meaningful.length - 1))] ?? Infinity
  }))
  let [low, high] = published
  while (largest > high) high *= 10
  while (smallest < low && low > 1e-12) low /= 10
  return [low, high]
}

function spectrumPanel(box: Box, spectra: { raw: Float64Array; pruned: Float64Array }, look: { colour: string; title: string; label?: string; view: readonly [number, number] }, style: FigureStyle, measure: TextMeasure, findings: PreflightFinding[]): { curves: PathItem[]; axes: SceneItem[] } {
  const view = eigenvalueView(look.view, [spectra.raw, spectra.pruned])
  if (view[0] !== look.view[0] || view[1] !== look.view[1]) findings.push({ level: 'advice', text: `The axis of ${look.title.replaceAll('*', '')} is longer than published`, detail: 'Some eigenvalues of this layer are outside the published limits.', value: `${signed(view[0].toExponential(0))} to ${signed(view[1].toExponential(1))}` })
  const last = Math.max(2, spectra.raw.length)
  const margin = last ** 0.05
  const panel: Panel = { box, title: look.title, x: { scale: logScale([1 / margin, last * margin]) }, y: { scale: logScale(view), ...(look.label === undefined ? {} : { label: look.label }) } }
  const points = (spectrum: Float64Array): [number, number][] => Array.from(spectrum, (value, index): [number, number] => [index + 1, value > 0 ? value : NaN])
  const widthPt = style.lineWidthPt
  return {
    curves: [curve(panel, points(spectra.raw), { colour: look.colour, widthPt, dash: [widthPt, 1.65 * widthPt] }), curve(panel, points(spectra.pruned), { colour: look.colour, widthPt })],
    axes: drawPanel(panel, style, measure),
  }
}

/** Two short black lines with their names, in the upper right corner unless they would hide a curve there. */
function legend(box: Box, curves: readonly PathItem[], style: FigureStyle, measure: TextMeasure): SceneItem[] {
  const look = { colour: COLOURS.black, widthPt: style.lineWidthPt }
  const entries = createLegend([{ label: 'Raw', stroke: { ...look, dash: [style.lineWidthPt, 1.65 * style.lineWidthPt] }, mark: 'line' }, { label: 'Pruned', stroke: look, mark: 'line' }], LEGEND_HANDLE, style, measure)
  const places = curves.flatMap(({ segments }) => segments.flatMap((segment) => (segment.kind === 'close' ? [] : [[segment.x, segment.y] as const])))
  return entries.draw(inCorner(entries, box, freeCorner(entries, box, ['upper right', 'lower left', 'upper left', 'lower right'], places, style), style))
}

/** The data with the weights of the shown units only: what the figure plots. */
export function plottedA1(data: FigureA1Data): FigureA1Data {
  const { imageShape: [height, width, channels], hiddenUnits, rawWeights, prunedWeights } = data
  if (data.units !== null) return data
  const units = mosaicUnits(hiddenUnits)
  const size = height * width * channels
  const pick = (weights: Float32Array): Float32Array => {
    const picked = new Float32Array(units.length * size)
    units.forEach((unit, place) => picked.set(weights.subarray(unit * size, (unit + 1) * size), place * size))
    return picked
  }
  return { ...data, units, rawWeights: pick(rawWeights), prunedWeights: pick(prunedWeights) }
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
export function figureA1(data: FigureA1Data, style: FigureStyle, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const widthPt = style.widthInch * POINTS
  // Sheets of other widths and text sizes keep the proportions of the published figure.
  const heightPt = HEIGHT_INCH * POINTS * Math.max(1, style.widthInch / 5.50107)
  const findings: PreflightFinding[] = []
  const cell = createGrid({ ...DEFAULT_GRID, widthRatios: [0.5, 0.1, 0.5, 0.05, 0.5], heightRatios: [1, 0.05, 1] }, widthPt, heightPt)
  if (data.hiddenUnits < FIRST_FIELD + FIELDS) findings.push({ level: 'advice', text: 'The mosaics show other units than the paper', detail: `This layer has no units ${FIRST_FIELD} to ${FIRST_FIELD + FIELDS - 1}; 16 evenly spaced units are shown instead.`, value: `${data.hiddenUnits} units` })
  if (data.cutoff === null) findings.push({ level: 'advice', text: 'Nothing was pruned', detail: 'Raw and pruned curves are the same, and no cutoff is drawn.', value: 'no cutoff' })
  const { datasetRaw, datasetPruned, noiseRaw, noisePruned } = data.spectra
  const noiseBox = cell([2, 2], [4, 4])
  const letter = (name: string, x: number, y: number): SceneItem => text(name, style.fontSizePt, { x: x * widthPt, y: (1 - y) * heightPt, anchor: 'middle' }, style)
  const labels = createLabelSetter(style, measure)
  const [title = ''] = labels.fit([data.datasetLabel.replace('CIFAR-10', 'CIFAR10')], style.titleSizePt, cell([2, 2], [2, 2]).width)
  const ours = spectrumPanel(cell([2, 2], [2, 2]), { raw: datasetRaw, pruned: datasetPruned }, { colour: COLOURS.dataSpectrum, title, label: '*λ*_{*n*}', view: DATASET_VIEW }, style, measure, findings)
  const noise = spectrumPanel(noiseBox, { raw: noiseRaw, pruned: noisePruned }, { colour: COLOURS.noiseSpectrum, title: '*ξ*(*t*)', view: NOISE_VIEW }, style, measure, findings)
  const items = [
    ...mosaic(data.rawWeights, data, cell([0, 0], [0, 0]), 'Raw', style),
    ...mosaic(data.prunedWeights, data, cell([2, 2], [0, 0]), 'Pruned', style),
    ...varianceHistogram(data, cell([0, 0], [2, 4]), style, measure, findings),
    ...ours.curves, ...ours.axes, ...noise.curves, ...noise.axes, ...legend(noiseBox, noise.curves, style, measure),
    // At 0.04, as published, the letters would touch the ticks of the right panel.
    text('Dimension *n*', style.labelSizePt, { x: 0.65 * widthPt, y: (1 - 0.025) * heightPt, anchor: 'middle' }, style),
    letter('a)', 0.1, 0.9), letter('b)', 0.35, 0.9), letter('c)', 0.35, 0.45),
  ]
  return { scene: { widthPt, heightPt, items, title: 'Figure A1: receptive fields and covariance spectra before and after pruning' }, findings: [...findings, ...labels.findings()] }
}
