import { LabError } from '../contract/index.js'
import { blend, rgbOf } from './colour.js'
import type { ImageItem, Paint, Scene, SceneItem } from './scene.js'

function opaque<Kind extends Paint>(paint: Kind): Kind {
  const { opacity = 1, over } = paint
  if (opacity === 1) return paint
  if (over === undefined)
    throw new LabError(
      'figure.unsupported',
      `the translucent colour ${paint.colour} has no known background, so it cannot be blended for a format without transparency`,
    )
  return { ...paint, colour: blend(paint.colour, opacity, over), opacity: 1 }
}

function opaqueImage({ alpha, ...image }: ImageItem): ImageItem {
  if (alpha === undefined) return image
  const below = rgbOf(alpha.over)
  return {
    ...image,
    rgb: image.rgb.map((value, index) => {
      const under = below[index % 3] ?? 0
      return Math.round(under + ((alpha.opacity[Math.floor(index / 3)] ?? 0) / 255) * (value - under))
    }),
  }
}

function opaqueItem(item: SceneItem): SceneItem {
  if (item.kind === 'text') return item
  if (item.kind === 'image') return opaqueImage(item)
  return {
    ...item,
    ...(item.fill === undefined ? {} : { fill: opaque(item.fill) }),
    ...(item.stroke === undefined ? {} : { stroke: opaque(item.stroke) }),
  }
}

/**
 * A scene without transparency: each translucent paint is blended onto the colour that it says lies below it.
 *
 * @throws LabError `figure.unsupported` for a translucent paint over unknown ground
 */
export function flatten(scene: Scene): Scene {
  return { ...scene, items: scene.items.map(opaqueItem) }
}

/** How many paints and pictures of a scene are translucent. */
export const translucentPaints = (scene: Scene): number =>
  scene.items.reduce((count, item) => {
    if (item.kind === 'image') return count + (item.alpha === undefined ? 0 : 1)
    const paints = item.kind === 'path' ? [item.fill, item.stroke] : []
    return count + paints.filter((paint) => (paint?.opacity ?? 1) < 1).length
  }, 0)
