import {
  lineWidthPt,
  type Box,
  type PathItem,
  type SceneItem,
  type Segment,
  type Stroke,
  type TextItem,
  type TextMeasure,
} from '../scene.js'
import { COLOURS, type FigureStyle } from '../style.js'
import { linearTicks, logTicks, type Scale } from './scale.js'
import { decade, richText, signed } from './text.js'

/** One mark of an axis; without a label it is a small one. */
export interface Tick {
  value: number
  label?: string
}

export interface Axis {
  scale: Scale
  label?: string
  /** Marks by hand; found by the scale when absent. */
  ticks?: readonly Tick[]
  /** Labels along the x axis become smaller where they would touch: for names, which cannot be left out. */
  shrinks?: boolean
}

/** A pair of axes in a box: x along the bottom, y along the left; no top and right line. */
export interface Panel {
  box: Box
  x: Axis
  y: Axis
  title?: string
}

/** Room that a label wants before the next one begins. */
const LABEL_SPACING = 1.9

/** Between a panel and its title, in sizes of the title. */
export const TITLE_RISE = 0.6

/** Labels shrink to this share of their size at most. */
export const SMALLEST_SHARE = 0.75

/** Numbers with as many decimals as the one that needs most: `0.0`, `2.5`, `5.0`. */
export function evenLabels(values: readonly number[]): { value: number; label: string }[] {
  const rounded = values.map((value) => Number(value.toPrecision(12)) + 0)
  const decimals = Math.max(
    0,
    ...rounded.map((value) =>
      /e-(\d+)$/.exec(String(value))?.[1] !== undefined ? 12 : (String(value).split('.')[1] ?? '').length,
    ),
  )
  return rounded.map((value) => ({ value, label: signed(value.toFixed(decimals)) }))
}

function ticksOf(axis: Axis, lengthPt: number, tickSizePt: number, along: 'x' | 'y'): readonly Tick[] {
  if (axis.ticks !== undefined) return axis.ticks
  const { scale } = axis
  const most = Math.max(2, Math.floor(lengthPt / (tickSizePt * (along === 'x' ? LABEL_SPACING * 1.3 : LABEL_SPACING))))
  if (scale.kind === 'linear') return evenLabels(linearTicks(scale.domain, Math.min(most, 6)))
  const { major, minor } = logTicks(scale.domain, most)
  return [
    ...major.map((exponent) => ({ value: Number(`1e${exponent}`), label: decade(exponent) })),
    ...minor.map((value) => ({ value })),
  ]
}

/** The size at which neighbouring labels of the x axis keep half a size of room. */
function labelSize(panel: Panel, ticks: readonly Tick[], style: FigureStyle, measure: TextMeasure): number {
  const size = style.tickSizePt
  if (panel.x.shrinks !== true) return size
  const spans = ticks.flatMap(({ value, label }) =>
    label === undefined
      ? []
      : [{ x: placeX(panel, value), half: lineWidthPt(richText(label, size, style), measure) / 2 }],
  )
  const shares = spans.slice(1).map(({ x, half }, index) => {
    const before = spans[index]
    return before === undefined ? 1 : (x - before.x) / (half + before.half + 0.5 * size)
  })
  return size * Math.max(SMALLEST_SHARE, Math.min(1, ...shares))
}

/** Position of a value in the panel, in points. */
export const placeX = ({ box, x }: Panel, value: number): number => box.x + x.scale.share(value) * box.width
export const placeY = ({ box, y }: Panel, value: number): number =>
  box.y + box.height - y.scale.share(value) * box.height

export const line = (points: readonly (readonly [number, number])[], stroke: Stroke, clip?: Box): PathItem => ({
  kind: 'path',
  stroke,
  segments: points.map(([x, y], index): Segment => ({ kind: index === 0 ? 'move' : 'line', x, y })),
  ...(clip === undefined ? {} : { clip }),
})

export const rectangle = ({ x, y, width, height }: Box): Segment[] => [
  { kind: 'move', x, y },
  { kind: 'line', x: x + width, y },
  { kind: 'line', x: x + width, y: y + height },
  { kind: 'line', x, y: y + height },
  { kind: 'close' },
]

export const text = (
  markup: string,
  sizePt: number,
  place: { x: number; y: number; anchor?: TextItem['anchor']; turn?: number },
  style: FigureStyle,
): TextItem => ({
  kind: 'text',
  x: place.x,
  y: place.y,
  anchor: place.anchor ?? 'start',
  turn: place.turn ?? 0,
  colour: COLOURS.black,
  runs: richText(markup, sizePt, style),
})

/** A curve of values, clipped to the panel; points that the scale cannot show (zero on a log axis) end a piece. */
export function curve(panel: Panel, points: readonly (readonly [number, number])[], stroke: Stroke): PathItem {
  const segments: Segment[] = []
  let open = false
  for (const [x, y] of points) {
    const place = { x: placeX(panel, x), y: placeY(panel, y) }
    const visible = Number.isFinite(place.x) && Number.isFinite(place.y)
    if (visible) segments.push({ kind: open ? 'line' : 'move', ...place })
    open = visible
  }
  return { kind: 'path', segments, stroke, clip: panel.box }
}

/** Axis lines, marks, labels and title of a panel. */
export function drawPanel(panel: Panel, style: FigureStyle, measure: TextMeasure): SceneItem[] {
  const { box } = panel
  const bottom = box.y + box.height
  const items: SceneItem[] = []
  const mark = (points: readonly (readonly [number, number])[], widthPt: number): void =>
    void items.push(line(points, { colour: COLOURS.black, widthPt }))
  const capital = (sizePt: number): number => sizePt * measure.capHeight(style.fonts.text)
  let widestLabel = 0

  const ticks = ticksOf(panel.x, box.width, style.tickSizePt, 'x')
  const sizePt = labelSize(panel, ticks, style, measure)
  const tops = ticks.flatMap(({ label }) =>
    label === undefined ? [] : richText(label, sizePt, style).map((run) => (run.risePt ?? 0) + capital(run.sizePt)),
  )
  const baseline = bottom + style.tickLengthPt + style.tickPadPt + Math.max(0, ...tops)
  for (const { value, label } of ticks) {
    const x = placeX(panel, value)
    const length = label === undefined ? style.minorTickLengthPt : style.tickLengthPt
    mark(
      [
        [x, bottom],
        [x, bottom + length],
      ],
      label === undefined ? style.minorTickWidthPt : style.tickWidthPt,
    )
    if (label !== undefined) items.push(text(label, sizePt, { x, y: baseline, anchor: 'middle' }, style))
  }
  for (const { value, label } of ticksOf(panel.y, box.height, style.tickSizePt, 'y')) {
    const y = placeY(panel, value)
    const length = label === undefined ? style.minorTickLengthPt : style.tickLengthPt
    mark(
      [
        [box.x - length, y],
        [box.x, y],
      ],
      label === undefined ? style.minorTickWidthPt : style.tickWidthPt,
    )
    if (label === undefined) continue
    const item = text(
      label,
      style.tickSizePt,
      { x: box.x - style.tickLengthPt - style.tickPadPt, y: y + capital(style.tickSizePt) / 2, anchor: 'end' },
      style,
    )
    widestLabel = Math.max(widestLabel, lineWidthPt(item.runs, measure))
    items.push(item)
  }
  items.push(
    line(
      [
        [box.x, box.y],
        [box.x, bottom],
        [box.x + box.width, bottom],
      ],
      { colour: COLOURS.black, widthPt: style.axesWidthPt, cap: 'square' },
    ),
  )
  const tickRoom = style.tickLengthPt + style.tickPadPt
  // An index hangs below the baseline, which in a turned label is towards the ticks.
  const descent = 0.22 * style.labelSizePt
  if (panel.x.label !== undefined)
    items.push(
      text(
        panel.x.label,
        style.labelSizePt,
        { x: box.x + box.width / 2, y: baseline + style.labelPadPt + capital(style.labelSizePt), anchor: 'middle' },
        style,
      ),
    )
  if (panel.y.label !== undefined)
    items.push(
      text(
        panel.y.label,
        style.labelSizePt,
        {
          x: box.x - tickRoom - widestLabel - style.labelPadPt - descent,
          y: box.y + box.height / 2,
          anchor: 'middle',
          turn: 90,
        },
        style,
      ),
    )
  if (panel.title !== undefined)
    items.push(
      text(
        panel.title,
        style.titleSizePt,
        { x: box.x + box.width / 2, y: box.y - TITLE_RISE * style.titleSizePt, anchor: 'middle' },
        style,
      ),
    )
  return items
}
