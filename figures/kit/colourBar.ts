import { lineWidthPt, type Box, type SceneItem, type TextMeasure } from '../scene.js'
import { COLOURS, type FigureStyle } from '../style.js'
import { magma } from './magma.js'
import { evenLabels, line, rectangle, text, type Tick } from './panel.js'
import { linearTicks } from './scale.js'
import { decade, richText } from './text.js'

/** Look of the marks of a colour bar; lengths in points. */
export interface BarLook {
  tickSizePt: number
  tickLengthPt: number
  tickWidthPt: number
  tickPadPt: number
  /** Room for a label. */
  labelWidthPt: number
}

const STEPS = 256
const MOST_TICKS = 5
/** From a thousand on numbers may be written in powers of ten. */
const LONG_EXPONENT = 3

function marks(
  box: Box,
  ticks: readonly (Tick & { share: number })[],
  look: BarLook,
  style: FigureStyle,
  measure: TextMeasure,
): SceneItem[] {
  const capital = look.tickSizePt * measure.capHeight(style.fonts.text)
  const right = box.x + box.width
  return ticks.flatMap(({ share, label }) => {
    const y = box.y + box.height * (1 - share)
    return [
      line(
        [
          [right, y],
          [right + look.tickLengthPt, y],
        ],
        { colour: COLOURS.black, widthPt: look.tickWidthPt },
      ),
      ...(label === undefined
        ? []
        : [text(label, look.tickSizePt, { x: right + look.tickLengthPt + look.tickPadPt, y: y + capital / 2 }, style)]),
    ]
  })
}

/** A bar of magma from `range[0]` at the bottom to `range[1]` at the top, with round numbers at its right. */
export function magmaBar(
  box: Box,
  range: readonly [number, number],
  look: BarLook,
  style: FigureStyle,
  measure: TextMeasure,
): SceneItem[] {
  const [low, high] = range
  const rgb = new Uint8Array(3 * STEPS)
  for (let step = 0; step < STEPS; step++) rgb.set(magma((STEPS - 1 - step) / (STEPS - 1)), 3 * step)
  const most = Math.max(2, Math.min(MOST_TICKS, Math.floor(box.height / (1.6 * look.tickSizePt))))
  const wide = (label: string): number => lineWidthPt(richText(label, look.tickSizePt, style), measure)
  const fits = (labels: readonly { label: string }[]): boolean =>
    labels.length > 0 && labels.every(({ label }) => wide(label) <= look.labelWidthPt)
  /** Labels of the numbers divided by a unit; fewer ticks need fewer decimals. */
  const choicesBy = (unit: number): { value: number; label: string }[][] =>
    Array.from({ length: most }, (_, index) =>
      evenLabels(linearTicks([low / unit, high / unit], most - index)).map(({ value, label }) => ({
        value: value * unit,
        label,
      })),
    )
  const plain = high > low ? choicesBy(1) : [evenLabels([Number(low.toPrecision(3))])]
  const exponent = Math.floor(Math.log10(Math.max(high, 1)))
  // Numbers too long for their room are printed in powers of ten, with the factor above the bar.
  const short =
    plain.some((choice) => choice.length > 1 && fits(choice)) || exponent < LONG_EXPONENT
      ? undefined
      : choicesBy(10 ** exponent).find(fits)
  const labels = short ?? plain.find(fits) ?? plain[0] ?? []
  const ticks = labels.map((tick) => ({ ...tick, share: high > low ? (tick.value - low) / (high - low) : 0.5 }))
  const power =
    short !== undefined
      ? [
          text(
            `×${decade(exponent)}`,
            look.tickSizePt,
            { x: box.x, y: box.y - look.tickPadPt - look.tickLengthPt },
            style,
          ),
        ]
      : []
  return [
    { kind: 'image', box, pixelWidth: 1, pixelHeight: STEPS, rgb },
    ...marks(box, ticks, look, style, measure),
    ...power,
  ]
}

/** A bar of one band for each class, class 0 at the bottom, its name or number at the middle of the band. */
export function classBar(
  box: Box,
  colours: readonly string[],
  names: readonly string[],
  look: BarLook,
  style: FigureStyle,
  measure: TextMeasure,
): SceneItem[] {
  const band = box.height / colours.length
  const bands = colours.map((colour, index): SceneItem => ({
    kind: 'path',
    segments: rectangle({ x: box.x, y: box.y + box.height - (index + 1) * band, width: box.width, height: band }),
    fill: { colour },
  }))
  return [
    ...bands,
    ...marks(
      box,
      names.map((label, index) => ({ value: index, label, share: (index + 0.5) / colours.length })),
      look,
      style,
      measure,
    ),
  ]
}
