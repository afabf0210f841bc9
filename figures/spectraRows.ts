import {
  largestOf,
  numericalRank,
  type FigureSpectra,
  type FigureSpectraData,
  type PowerLawFit,
  type PreflightFinding,
} from '../contract/index.js'
import type { Drawn } from './drawn.js'
import { textBox } from './kit/bounds.js'
import { dots } from './kit/dots.js'
import { createLabelSetter } from './kit/fitted.js'
import { inks } from './kit/inks.js'
import { layOut, type LayoutPart } from './kit/layout.js'
import { createPage } from './kit/page.js'
import { drawPanel, line, placeX, placeY, text, type Panel } from './kit/panel.js'
import { rowName, rowNameRoom } from './kit/rowName.js'
import { logScale } from './kit/scale.js'
import { signed } from './kit/text.js'
import { paperName } from './models.js'
import type { Box, PathItem, SceneItem, TextItem, TextMeasure } from './scene.js'
import { COLOURS, type FigureStyle } from './style.js'

/** How the two figures of spectra differ. */
export interface SpectraLook {
  heightInch: number
  publishedRows: number
  title: string
  /** Published limits of λ_n/λ_1 by the row's label. */
  limits: Readonly<Record<string, readonly [number, number]>>
}

/** Of a dot, points: section 8.1, marker size. */
const DOT_PT = 3.5
const PALEST = 0.3
/** Rank at which the text with the slope is centred, and its height in the panel. */
const TEXT_RANK = { dataset: 100, noise: 50 } as const
const TEXT_SHARE = 0.92
/** Smaller shares of the first eigenvalue are rounding, and no axis is drawn for them. */
const ROUNDING = 1e-12

/** Opacity of the i-th of several curves: 0.3 + 0.7 i / last, so that smaller layers are paler and the largest is full. */
const opacityOf = (index: number, count: number): number =>
  count < 2 ? 1 : PALEST + ((1 - PALEST) * index) / (count - 1)

const shares = ({ eigenvalues }: FigureSpectra['curves'][number]): [number, number][] =>
  Array.from(eigenvalues, (value, index) => [index + 1, value / (eigenvalues[0] ?? NaN)])

/** Whole decades around the eigenvalues, or the published limits. */
function limitsOf(
  published: readonly [number, number] | undefined,
  spectra: readonly FigureSpectra[],
): readonly [number, number] {
  if (published !== undefined) return published
  const values = spectra.flatMap(({ curves }) =>
    curves.flatMap((curve) =>
      shares(curve)
        .map(([, share]) => share)
        .filter((share) => share > ROUNDING),
    ),
  )
  const lowest = values.reduce((low, value) => Math.min(low, value), 1)
  // The first eigenvalue is 1; the rest of its decade is left empty for the exponent.
  return [10 ** Math.floor(Math.log10(lowest) + 1e-9), 10]
}

/** λ_n/λ_1 of a fit at rank n: exp(intercept) n^slope. */
const lawAt = ({ slope, intercept }: PowerLawFit, rank: number): number => Math.exp(intercept) * rank ** slope

/** Sizes of the exponent, as shares of the text: smaller where the panel is narrow or the larger one would hide points. */
const SMALLEST_TEXT = 0.6
const TEXT_SHARES = [1, 0.9, 0.8, 0.7, SMALLEST_TEXT] as const

/**
 * The exponent where the paper has it, or in the first place where it hides nothing: at the right, at the lower left.
 *
 * @param rank - at which the paper centres it
 */
function exponentText(
  panel: Panel,
  { slope, standardError }: PowerLawFit,
  rank: number,
  drawn: readonly PathItem[],
  style: FigureStyle,
  measure: TextMeasure,
): SceneItem {
  const { box } = panel
  const markup = `*α* = ${signed(slope.toFixed(2))} ± ${standardError.toFixed(2)}`
  const whole = textBox(text(markup, style.fontSizePt, { x: 0, y: 0 }, style), measure).width
  const most = Math.max(SMALLEST_TEXT, Math.min(1, (0.96 * box.width) / whole))
  // Never across an end of the panel, nor above it, where the title is.
  const at = (share: number, x: number, height: number): TextItem => {
    const size = share * style.fontSizePt
    const half = (share * whole) / 2
    const y = Math.max(box.y + (1 - height) * box.height, box.y + measure.capHeight(style.fonts.text) * size)
    return text(
      markup,
      size,
      { x: Math.max(box.x + half, Math.min(x, box.x + box.width - half)), y, anchor: 'middle' },
      style,
    )
  }
  const places = TEXT_SHARES.filter((share) => share <= most || share === SMALLEST_TEXT).flatMap((share) => [
    at(share, placeX(panel, rank), TEXT_SHARE),
    at(share, Infinity, TEXT_SHARE),
    at(share, Infinity, 1),
    at(share, -Infinity, 1 - TEXT_SHARE),
    at(share, Infinity, 0.5),
  ])
  const isFree = (place: TextItem): boolean => !drawn.some((path) => inks(path, textBox(place, measure)))
  return places.find(isFree) ?? at(most, Infinity, TEXT_SHARE)
}

/** The line is drawn from the rank before the window's first, as the published ones are: from 10 for the window 11 to 500. */
function fitLine(panel: Panel, fit: PowerLawFit, style: FigureStyle): PathItem {
  const from = Math.max(1, fit.window[0] - 1)
  const ends = [from, fit.window[1]].map((n): [number, number] => [placeX(panel, n), placeY(panel, lawAt(fit, n))])
  return line(ends, { colour: COLOURS.black, widthPt: style.lineWidthPt }, panel.box)
}

/** Exponents that say less than they seem to. */
function fitFindings({ fit, curves, warnings = [] }: FigureSpectra, where: string): PreflightFinding[] {
  const rank = numericalRank(curves.at(-1)?.eigenvalues ?? [], { images: null })
  if (fit === null) return []
  const beyond =
    fit.window[1] <= rank
      ? []
      : [
          `The fit reaches rank ${fit.window[1]}, but the numerical rank is ${rank}: the eigenvalues after it are rounding errors.`,
        ]
  return [...beyond, ...warnings].map((detail) => ({
    level: 'advice',
    text: `The exponent is doubtful: ${where}`,
    detail,
    value: `ranks ${fit.window.join(' to ')}`,
  }))
}

interface PanelOrder {
  box: Box
  spectra: FigureSpectra
  view: readonly [number, number]
  source: 'dataset' | 'noise'
  title: string | null
}

function spectrumPanel(
  { box, spectra, view, source, title }: PanelOrder,
  style: FigureStyle,
  measure: TextMeasure,
): { items: SceneItem[]; outside: number } {
  const { curves, fit } = spectra
  const last = Math.max(2, largestOf(curves.map(({ eigenvalues }) => eigenvalues.length)))
  const margin = last ** 0.05
  const panel: Panel = {
    box,
    x: { scale: logScale([1 / margin, last * margin]) },
    y: { scale: logScale(view), ...(source === 'dataset' ? { label: '*λ*_{*n*}/*λ*_{1}' } : {}) },
    ...(title === null ? {} : { title }),
  }
  const colour = source === 'dataset' ? COLOURS.dataSpectrum : COLOURS.noiseSpectrum
  const drawn = curves.map((curve, index) =>
    dots(panel, shares(curve), DOT_PT, { colour, opacity: opacityOf(index, curves.length), over: COLOURS.white }),
  )
  const largest = curves.at(-1)
  const outside =
    largest === undefined ? 0 : shares(largest).filter(([, share]) => !(share >= view[0] && share <= view[1])).length
  const fitted = fit === null ? [] : [fitLine(panel, fit, style)]
  const exponent =
    fit === null ? [] : [exponentText(panel, fit, TEXT_RANK[source], [...drawn, ...fitted], style, measure)]
  return { items: [...drawn, ...drawPanel(panel, style, measure), ...fitted, ...exponent], outside }
}

/** What a reader should know of one panel. */
function panelFindings(
  spectra: FigureSpectra,
  where: string,
  low: number,
  outside: number,
  withPublished: boolean,
): PreflightFinding[] {
  const { curves, fit, warnings } = spectra
  const below: PreflightFinding[] =
    outside === 0
      ? []
      : [
          {
            level: 'advice',
            text: `Some eigenvalues are below the axis: ${where}`,
            detail: `The axis begins at ${signed(low.toExponential(0))} of the first${withPublished ? ', as published' : '; smaller ones are rounding errors'}.`,
            value: `${outside} of ${curves.at(-1)?.eigenvalues.length ?? 0}`,
          },
        ]
  const none: PreflightFinding[] =
    fit !== null
      ? []
      : [
          {
            level: 'advice',
            text: `No fit is available: ${where}`,
            detail: warnings?.[0] ?? 'The fit window is not inside the spectrum.',
            value: 'no line',
          },
        ]
  return [...below, ...fitFindings(spectra, where), ...none]
}

/**
 * Covariance spectra, one row for each model: data at the left, noise at the right; λ_n/λ_1 against the rank n on
 * logarithmic axes, paler for fewer units, with the power law that was fitted to the largest.
 */
export function spectraRows(
  data: FigureSpectraData,
  look: SpectraLook,
  style: FigureStyle,
  measure: TextMeasure,
): Drawn {
  const page = createPage(style, look.heightInch, look.publishedRows, data.rows.length)
  const labels = createLabelSetter(style, measure)
  const withPublished = data.withPublished === true
  const findings = new Map<string, PreflightFinding[]>()
  const parts = data.rows.flatMap(({ label, ...row }, index): LayoutPart[] => {
    const name = paperName(label, 'row')
    const view = limitsOf(withPublished ? look.limits[label] : undefined, [row.dataset, row.noise])
    const panel = (source: 'dataset' | 'noise', column: number): LayoutPart => ({
      rows: [index, index],
      columns: [column, column],
      draw: (box) => {
        const [datasetTitle = ''] = labels.fit(
          [data.datasetLabel.replace('CIFAR-10', 'CIFAR10')],
          style.titleSizePt,
          box.width,
        )
        const title = index > 0 ? null : source === 'dataset' ? datasetTitle : '*ξ*(*t*)'
        const { items, outside } = spectrumPanel({ box, spectra: row[source], view, source, title }, style, measure)
        findings.set(
          `${index} ${source}`,
          panelFindings(
            row[source],
            `${name}, ${source === 'dataset' ? 'data' : 'noise'}`,
            view[0],
            outside,
            withPublished,
          ),
        )
        return items
      },
    })
    return [
      {
        rows: [index, index],
        columns: [0, 0],
        needs: 'width',
        draw: (box, cell) =>
          labels
            .fit([name], style.fontSizePt, rowNameRoom(cell, data.rows.length))
            .map((shown) => rowName(shown, box.x, box, style)),
      },
      panel('dataset', 1),
      panel('noise', 2),
    ]
  })
  const capital = measure.capHeight(style.fonts.text) * style.labelSizePt
  const below: LayoutPart = {
    rows: [data.rows.length, data.rows.length],
    columns: [1, 2],
    needs: 'height',
    draw: ({ x, y, width }) => [
      text('Dimension *n*', style.labelSizePt, { x: x + width / 2, y: y + capital, anchor: 'middle' }, style),
    ],
  }
  const layout = layOut(
    { ...page, columns: [0, 1, 1], rows: [...data.rows.map(() => 1), 0] },
    [...parts, below],
    measure,
  )
  const scene = { widthPt: page.widthPt, heightPt: layout.heightPt, items: layout.items.flat(), title: look.title }
  return { scene, findings: [...[...findings.values()].flat(), ...labels.findings()], cramped: layout.cramped }
}
