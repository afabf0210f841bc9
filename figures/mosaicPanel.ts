import type { FigureA1Data } from '../contract/index.js'
import { receptiveFieldMosaic } from './kit/mosaic.js'
import { text, TITLE_RISE } from './kit/panel.js'
import { lineWidthPt, type Box, type ImageItem, type SceneItem, type TextMeasure } from './scene.js'
import { shownUnits } from './shownUnits.js'
import type { FigureStyle } from './style.js'

/** Between a letter and the title after it, in sizes of the text. */
const LETTER_GAP = 0.5

/** Receptive fields in a square, or as near to one as their number allows, with a letter and a title above. */
export function mosaic(
  weights: Float32Array,
  data: FigureA1Data,
  box: Box,
  titles: { title: string; letter: string },
  style: FigureStyle,
  measure: TextMeasure,
): SceneItem[] {
  const { units } = shownUnits(data)
  const rows = data.units === null ? units : units.map((unit) => data.units?.indexOf(unit) ?? unit)
  const picture = receptiveFieldMosaic(weights, rows, Math.ceil(Math.sqrt(units.length)), data.imageShape)
  const scale = Math.min(box.width / picture.pixelWidth, box.height / picture.pixelHeight)
  const [width, height] = [scale * picture.pixelWidth, scale * picture.pixelHeight]
  const place: Box = { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height }
  const image: ImageItem = { kind: 'image', box: place, ...picture }
  const y = place.y - TITLE_RISE * style.titleSizePt
  if (titles.letter === '')
    return [image, text(titles.title, style.titleSizePt, { x: box.x + box.width / 2, y, anchor: 'middle' }, style)]
  const [letter, title] = [
    text(titles.letter, style.fontSizePt, { x: place.x, y }, style),
    text(titles.title, style.titleSizePt, { x: 0, y, anchor: 'middle' }, style),
  ]
  const [end, half] = [
    place.x + lineWidthPt(letter.runs, measure) + LETTER_GAP * style.fontSizePt,
    lineWidthPt(title.runs, measure) / 2,
  ]
  return [image, letter, { ...title, x: Math.max(box.x + box.width / 2, end + half) }]
}
