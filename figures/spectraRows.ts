import { numericalRank, type FigureSpectra, type FigureSpectraData, type PowerLawFit, type PreflightFinding } from '../contract/index.js'
import { dots } from './kit/dots.js'
import { createLabelSetter } from './kit/fitted.js'
import { createGrid, DEFAULT_GRID } from './kit/grid.js'
import { createPage } from './kit/page.js'
import { drawPanel, line, placeX, placeY, text, type Panel } from './kit/panel.js'
import { rowName, rowNameRoom } from './kit/rowName.js'
import { logScale } from './kit/scale.js'
import { signed } from './kit/text.js'
import { paperName } from './models.js'
import type { Box, Scene, SceneItem, TextMeasure } from './scene.js'
import { COLOURS, type FigureStyle } from './style.js'

/** How the two figures of spectra differ. */
export interface SpectraLook {
  heightInch: number
  publishedRows: number
  title: string
  /** Published limits of λ_n/λ_1 by the row's label. */
  limits: Readonly<Record<string, readonly [number, number]>>
  /** Baseline of the common x label, as a share of the published height. */
  xLabelY: number
}

const ROW_NAME_X = 0.1
/** Of a dot, points: section 8.1, marker size. */
const DOT_PT = 3.5
const PALEST = 0.3
/** Rank at which the text with the slope is centred, and its height in the panel. */
const TEXT_RANK = { dataset: 100, noise: 50 } as const
const TEXT_SHARE = 0.92
/** Smaller shares of the first eigenvalue are rounding, and no axis is drawn for them. */
const ROUNDING = 1e-12

/** Opacity of the i-th of several curves: 0.3 + 0.7 i / last, so that smaller layers are paler and the largest is full. */
const opacityOf = (index: number, count: number): number => (count < 2 ? 1 : PALEST + ((1 - PALEST) * index) / (count - 1))

const shares = ({ eigenvalues }: FigureSpectra['curves'][number]): [number, number][] => Array.from(eigenvalues, (value, index) => [index + 1, value / (eigenvalues[0] ?? NaN)])

/** Whole decades around the eigenvalues, or the published limits. */
function limitsOf(published: readonly [number, number] | undefined, spectra: readonly FigureSpectra[]): readonly [number, number] {
  if (published !== undefined) return published
  const values = spectra.flatMap(({ curves }) => curves.flatMap((curve) => shares(curve).map(([, share]) => share).filter((share) => share > ROUNDING)))
  const lowest = values.reduce((low, value) => Math.min(low, value), 1)
  // The first eigenvalue is 1; the rest of its decade is left empty for the exponent.
  return [10 ** Math.floor(Math.log10(lowest) + 1e-9), 10]
}

/** λ_n/λ_1 of a fit at rank n: exp(intercept) n^slope. */
const lawAt = ({ slope, intercept }: PowerLawFit, rank: number): number => Math.exp(intercept) * rank ** slope

/** The line is drawn from the rank before the window's first, as the published ones are: from 10 for the window 11 to 500. */
function fitItems(panel: Panel, fit: PowerLawFit, rank: number, style: FigureStyle): SceneItem[] {
  const from = Math.max(1, fit.window[0] - 1)
  const ends = [from, fit.window[1]].map((n): [number, number] => [placeX(panel, n), placeY(panel, lawAt(fit, n))])
  const markup = `*α* = ${signed(fit.slope.toFixed(2))} ± ${fit.standardError.toFixed(2)}`
  return [
    line(ends, { colour: COLOURS.black, widthPt: style.lineWidthPt }, panel.box),
    text(markup, style.fontSizePt, { x: placeX(panel, rank), y: panel.box.y + (1 - TEXT_SHARE) * panel.box.height, anchor: 'middle' }, style),
  ]
}

/** Exponents that say less than they seem to. */
function fitFindings({ fit, curves, warnings = [] }: FigureSpectra, where: string): PreflightFinding[] {
  const rank = numericalRank(curves.at(-1)?.eigenvalues ?? [], { images: null })
  if (fit === null) return []
  const beyond = fit.window[1] <= rank ? [] : [`The fit reaches rank ${fit.window[1]}, but the numerical rank is ${rank}: the eigenvalues after it are rounding errors.`]
  return [...beyond, ...warnings].map((detail) => ({ level: 'advice', text: `The exponent is doubtful: ${where}`, detail, value: `ranks ${fit.window.join(' to ')}` }))
}

interface PanelOrder {
  box: Box
  spectra: FigureSpectra
  view: readonly [number, number]
  source: 'dataset' | 'noise'
  title: string | null
}

function spectrumPanel({ box, spectra, view, source, title }: PanelOrder, style: FigureStyle, measure: TextMeasure): { items: SceneItem[]; outside: number } {
  const { curves, fit } = spectra
  const last = Math.max(2, ...curves.map(({ eigenvalues }) => eigenvalues.length))
  const margin = last ** 0.05
  const panel: Panel = {
    box, x: { scale: logScale([1 / margin, last * margin]) }, y: { scale: logScale(view), ...(source === 'dataset' ? { label: '*λ*_{*n*}/*λ*_{1}' } : {}) },
    ...(title === null ? {} : { title }),
  }
  const colour = source === 'dataset' ? COLOURS.dataSpectrum : COLOURS.noiseSpectrum
  const drawn = curves.map((curve, index) => dots(panel, shares(curve), DOT_PT, { colour, opacity: opacityOf(index, curves.length), over: COLOURS.white }))
  const largest = curves.at(-1)
  const outside = largest === undefined ? 0 : shares(largest).filter(([, share]) => !(share >= view[0] && share <= view[1])).length
  return { items: [...drawn, ...drawPanel(panel, style, measure), ...(fit === null ? [] : fitItems(panel, fit, TEXT_RANK[source], style))], outside }
}

/**
 * Covariance spectra, one row for each model: data at the left, noise at the right; λ_n/λ_1 against the rank n on
 * logarithmic axes, paler for fewer units, with the power law that was fitted to the largest.
 */
export function spectraRows(data: FigureSpectraData, look: SpectraLook, style: FigureStyle, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const { widthPt, heightPt, bottom, top } = createPage(style, look.heightInch, look.publishedRows, data.rows.length)
  const findings: PreflightFinding[] = []
  const labels = createLabelSetter(style, measure)
  const cell = createGrid({ ...DEFAULT_GRID, bottom, top, widthRatios: [0.1, 0.5, 0.1, 0.5], heightRatios: data.rows.flatMap(() => [0.1, 1]) }, widthPt, heightPt)
  const [datasetTitle = ''] = labels.fit([data.datasetLabel.replace('CIFAR-10', 'CIFAR10')], style.titleSizePt, cell([1, 1], [1, 1]).width)
  const columns = { dataset: { column: [1, 1], title: datasetTitle }, noise: { column: [3, 3], title: '*ξ*(*t*)' } } as const
  const items = data.rows.flatMap(({ label, ...row }, index) => {
    const name = paperName(label, 'row')
    const view = limitsOf(data.withPublished === true ? look.limits[label] : undefined, [row.dataset, row.noise])
    const cells = [2 * index + 1, 2 * index + 1] as const
    const panels = (['dataset', 'noise'] as const).flatMap((source) => {
      const { column, title } = columns[source]
      const { items: drawn, outside } = spectrumPanel({ box: cell(cells, column), spectra: row[source], view, source, title: index === 0 ? title : null }, style, measure)
      const where = `${name}, ${source === 'dataset' ? 'data' : 'noise'}`
      if (outside > 0) findings.push({ level: 'advice', text: `Some eigenvalues are below the axis: ${where}`, detail: `The axis starts at ${signed(view[0].toExponential(0))} of the first${data.withPublished === true ? ', as published' : '; smaller ones are rounding errors'}.`, value: `${outside} of ${row[source].curves.at(-1)?.eigenvalues.length ?? 0}` })
      findings.push(...fitFindings(row[source], where))
      if (row[source].fit === null) findings.push({ level: 'advice', text: `No fit is available: ${where}`, detail: row[source].warnings?.[0] ?? 'The fit window is not inside the spectrum.', value: 'no line' })
      return drawn
    })
    const [shown = ''] = labels.fit([name], style.fontSizePt, rowNameRoom(cell, data.rows.length))
    return [rowName(shown, ROW_NAME_X, cell(cells, [1, 1]), widthPt, style), ...panels]
  })
  const [first, second] = [cell([0, 0], [1, 1]), cell([0, 0], [3, 3])]
  const middle = (first.x + second.x + second.width) / 2
  items.push(text('Dimension *n*', style.labelSizePt, { x: middle, y: heightPt - look.xLabelY * look.heightInch * 72 * Math.max(1, style.widthInch / 5.50107), anchor: 'middle' }, style))
  return { scene: { widthPt, heightPt, items, title: look.title }, findings: [...findings, ...labels.findings()] }
}
