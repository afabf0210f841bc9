import { plotBase } from './axes.js'
import type { Look } from '../../contract/index.js'
import { lookColourOf, lookDash } from '../looks/lookStyle.js'
import type { EChartsCoreOption } from './engine.js'
import { translucent, type ChartTheme } from './theme.js'
import { decadeLimits } from './ticks.js'

/** A spectrum of a model among others. */
export interface SpectrumCurve {
  key: string
  label: string
  slot: number
  /** Descending. */
  values: ArrayLike<number>
  /** A straight line ln(λ_n/λ_1) = intercept + slope ln n over ranks; null draws none. */
  fit: { slope: number; intercept: number } | null
}

/** Bands and references of the highlighted spectrum, in its own scale. */
export interface SpectrumSurroundings {
  /** The same model with fewer units, rising. */
  growing: readonly { units: number; values: ArrayLike<number> }[]
  /** Interval of every eigenvalue. */
  band: { lower: ArrayLike<number>; upper: ArrayLike<number> } | null
  /** Spectrum of independent columns. */
  shuffled: ArrayLike<number> | null
  /** Upper edge of the Marchenko-Pastur law. */
  edge: number | null
  /** Cross-validated variances. */
  crossValidated: ArrayLike<number> | null
}
export const NO_SURROUNDINGS: SpectrumSurroundings = {
  growing: [],
  band: null,
  shuffled: null,
  edge: null,
  crossValidated: null,
}

/** Nine decades at most: what lies lower is rounding. */
const DEEPEST = 1e-9
type Point = [rank: number, value: number]

const pointsOf = (values: ArrayLike<number>, divisor: number, low = 0): Point[] =>
  Array.from(values, (value, index): Point => [index + 1, value / divisor]).filter(
    ([, value]) => value > 0 && value >= low * (1 - 1e-9),
  )

/** The axis ends a little beyond the last rank. */
export const RIGHT_MARGIN = 1.05
/** A letter of 11 px is about 6 px wide; swatch and gaps take 28. */
const roomFor = (labels: readonly string[]): number =>
  Math.min(140, 28 + 6.4 * Math.max(0, ...labels.map((label) => label.length)))

/** A name in the column at the right edge of a scope. */
export interface CurveName {
  key: string
  label: string
  slot: number
  /** Height at which its spectrum ends, pixels from the top, pushed apart from the others. */
  top: number
}

/** Between names one below the other, pixels. */
export const NAME_GAP = 14
/** The lower axis with its numbers, pixels: names are above it. */
export const AXIS_ROOM = 28

/** Heights kept in their order but at least so far apart, inside from and to as far as there is room. */
export function pushedApart(tops: readonly number[], gap: number, to: number): number[] {
  const order = tops.map((_, index) => index).sort((a, b) => (tops[a] ?? 0) - (tops[b] ?? 0))
  const placed = [...tops]
  order.forEach((index, place) => {
    const above = order[place - 1]
    if (above !== undefined) placed[index] = Math.max(placed[index] ?? 0, (placed[above] ?? 0) + gap)
  })
  let limit = to
  for (const index of order.reverse()) {
    placed[index] = Math.min(placed[index] ?? 0, limit)
    limit = (placed[index] ?? 0) - gap
  }
  return placed
}

/**
 * Names of spectra, each where its spectrum ends.
 *
 * @param pixelOf - height of a value of the plot, pixels from its top
 * @param foot - height of the lower axis
 */
export function curveNames(
  curves: readonly SpectrumCurve[],
  normalise: boolean,
  pixelOf: (value: number) => number,
  foot: number,
): CurveName[] {
  const ends = curves.map(({ values }) => {
    const last = pointsOf(values, normalise ? values[0] || 1 : 1).at(-1)
    const top = last === undefined ? foot : pixelOf(last[1])
    return Number.isFinite(top) ? Math.min(foot, top) : foot
  })
  const tops = pushedApart(ends, NAME_GAP, foot)
  return curves.map(({ key, label, slot }, index) => ({ key, label, slot, top: tops[index] ?? foot }))
}

/** Limits of the values' axis: whole decades about all of them, as deep as is drawn. */
function valueLimits(
  curves: readonly SpectrumCurve[],
  normalise: boolean,
  more: readonly number[] = [],
): readonly [low: number, high: number] {
  const [lowest, high] = decadeLimits([
    ...curves.flatMap(({ values }) => pointsOf(values, normalise ? values[0] || 1 : 1).map(([, value]) => value)),
    ...more,
  ])
  return [Math.max(lowest, high * DEEPEST), high]
}

/** How many eigenvalues of a spectrum lie below the axis, or are not above 0. */
export function belowAxis(curves: readonly SpectrumCurve[], normalise: boolean, key: string): number {
  const values = curves.find((curve) => curve.key === key)?.values ?? []
  return values.length - pointsOf(values, normalise ? values[0] || 1 : 1, valueLimits(curves, normalise)[0]).length
}

/**
 * Spectra of several models over double logarithmic axes.
 *
 * @param front - key of the highlighted spectrum, drawn as points with its bands and references; null draws all as lines
 * @param window - first and last rank of the fit
 * @param normalise - whether each is divided by its first eigenvalue
 */
export function spectraOption(
  theme: ChartTheme,
  curves: readonly SpectrumCurve[],
  {
    front,
    window,
    normalise,
    surroundings,
  }: {
    front: string | null
    window: readonly [number, number]
    normalise: boolean
    surroundings: SpectrumSurroundings
  },
): EChartsCoreOption {
  const colourOf = (look: Look): string => lookColourOf(theme.series, look, theme.trace)
  const divisorOf = (values: ArrayLike<number>): number => (normalise ? values[0] || 1 : 1)
  const chosen = curves.find(({ key }) => key === front) ?? null
  const ranks = Math.max(10, ...curves.map(({ values }) => values.length))
  const own = chosen === null ? 1 : divisorOf(chosen.values)
  const { growing, band, shuffled, edge, crossValidated } = chosen === null ? NO_SURROUNDINGS : surroundings
  const [low, high] = valueLimits(curves, normalise, edge === null ? [] : [edge / own])
  const line = (data: Point[], style: EChartsCoreOption, more: EChartsCoreOption = {}): EChartsCoreOption => ({
    type: 'line',
    silent: true,
    showSymbol: false,
    clip: true,
    data,
    lineStyle: style,
    ...more,
  })
  const right = ranks * RIGHT_MARGIN
  const ghosts = growing
    .filter(({ values }) => values.length < (chosen?.values.length ?? 0))
    .map(({ units, values }, index, list) =>
      line(
        pointsOf(values, divisorOf(values), low),
        { width: 1, color: translucent(colourOf(chosen?.slot ?? 0), 0.22 + (0.4 * (index + 1)) / list.length) },
        {
          z: 2,
          endLabel: { show: true, formatter: String(units), color: theme.ink3, fontSize: 11, distance: 3 },
          labelLayout: { moveOverlap: 'shiftY' },
        },
      ),
    )
  const area =
    band === null
      ? []
      : [
          {
            type: 'custom',
            silent: true,
            clip: true,
            z: 1,
            data: [[1, 1]],
            renderItem: (_parameters: unknown, api: { coord(point: Point): number[] }) => {
              const side = (values: ArrayLike<number>): number[][] =>
                Array.from(values, (value, index) => api.coord([index + 1, Math.max(low, value / own)]))
              return {
                type: 'polygon',
                shape: { points: [...side(band.upper), ...side(band.lower).reverse()] },
                style: { fill: translucent(colourOf(chosen?.slot ?? 0), theme.dark ? 0.28 : 0.24) },
              }
            },
          },
        ]
  const ends: Point[] = [
    [window[0], 1],
    [Math.min(window[1], ranks), 1],
  ]
  return {
    ...plotBase(
      theme,
      { scale: 'log', min: 1, max: right },
      { scale: 'log', min: low, max: high },
      { left: 42, right: roomFor(curves.map(({ label }) => label)), top: 12 },
    ),
    series: [
      // Lies under everything and carries the shade of the window.
      {
        type: 'scatter',
        silent: true,
        symbolSize: 0,
        data: ends,
        z: 0,
        markArea: {
          silent: true,
          data: [[{ xAxis: ends[0]?.[0] }, { xAxis: ends[1]?.[0] }]],
          itemStyle: { color: translucent(theme.accent, 0.06) },
        },
      },
      ...area,
      ...ghosts,
      ...curves
        .filter(({ key }) => key !== front)
        .map(({ slot, values }) =>
          line(
            pointsOf(values, divisorOf(values), low),
            { width: 1.3, color: colourOf(slot), type: lookDash(slot), opacity: chosen === null ? 1 : 0.8 },
            { z: 3 },
          ),
        ),
      ...(shuffled === null
        ? []
        : [line(pointsOf(shuffled, own, low), { width: 1.4, color: theme.null, type: 'dashed' }, { z: 3 })]),
      ...(edge === null
        ? []
        : [
            line(
              [
                [1, edge / own],
                [ranks, edge / own],
              ],
              { width: 1, color: theme.null, type: 'dotted' },
              { z: 3 },
            ),
          ]),
      ...(chosen === null
        ? []
        : [
            {
              type: 'scatter',
              silent: true,
              clip: true,
              data: pointsOf(chosen.values, own, low),
              symbolSize: 4,
              itemStyle: { color: colourOf(chosen.slot) },
              z: 5,
            },
          ]),
      ...(crossValidated === null
        ? []
        : [
            {
              type: 'scatter',
              silent: true,
              clip: true,
              symbol: 'emptyCircle',
              symbolSize: 4,
              data: pointsOf(crossValidated, own, low),
              itemStyle: { color: theme.ink3, borderWidth: 0.8 },
              z: 4,
            },
          ]),
      ...curves.flatMap(({ key, values, fit }) =>
        fit === null || (front !== null && key !== front)
          ? []
          : [
              line(
                [window[0], Math.min(window[1], values.length)].map((rank): Point => [
                  rank,
                  ((values[0] ?? 1) / divisorOf(values)) * Math.exp(fit.intercept) * rank ** fit.slope,
                ]),
                { width: 1.6, color: theme.fit },
                { z: 6 },
              ),
            ],
      ),
    ],
  }
}
