import { textBox } from '../kit/bounds.js'
import { inks } from '../kit/inks.js'
import type { Box, ImageItem, PathItem, Scene, SceneItem, TextItem, TextMeasure } from '../scene.js'

/** Letters have room of their own: boxes of texts that come closer than this do not overlap. */
const SLACK_PT = 0.3

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** What lies on a label, or under it. */
export type Overlap = { text: TextItem; other: SceneItem }

/**
 * Labels that lie on each other, on a picture, or on the ink of a curve, a dot or a bar.
 *
 * @param scene - in points
 * @param measure - widths of text in the real fonts
 */
export function overlaps(
  scene: Scene,
  measure: TextMeasure,
): { texts: Overlap[]; images: Overlap[]; paths: Overlap[] } {
  const texts = scene.items
    .filter((item) => item.kind === 'text')
    .map((item) => {
      const { x, y, width, height } = textBox(item, measure)
      return {
        item,
        box: { x: x + SLACK_PT, y: y + SLACK_PT, width: width - 2 * SLACK_PT, height: height - 2 * SLACK_PT },
      }
    })
  const images = scene.items.filter((item): item is ImageItem => item.kind === 'image')
  const paths = scene.items.filter((item): item is PathItem => item.kind === 'path')
  const first = <Item extends SceneItem>(items: readonly Item[], hits: (item: Item, box: Box) => boolean): Overlap[] =>
    texts.flatMap(({ item, box }) => {
      const other = items.find((candidate) => hits(candidate, box))
      return other === undefined ? [] : [{ text: item, other }]
    })
  return {
    texts: texts.flatMap(({ item, box }, index) =>
      texts.slice(index + 1).flatMap((next) => (overlap(box, next.box) ? [{ text: item, other: next.item }] : [])),
    ),
    images: first(images, (image, box) => overlap(image.box, box)),
    paths: first(paths, inks),
  }
}
