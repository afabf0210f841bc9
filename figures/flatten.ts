import { LabError } from '../contract/index.js'
import { blend } from './colour.js'
import type { Paint, Scene } from './scene.js'

function opaque<Kind extends Paint>(paint: Kind): Kind {
  const { opacity = 1, over } = paint
  if (opacity === 1) return paint
  if (over === undefined) throw new LabError('figure.unsupported', `a translucent ${paint.colour} does not say what lies below it, so it cannot be blended for a format without transparency`)
  return { ...paint, colour: blend(paint.colour, opacity, over), opacity: 1 }
}

/**
 * A scene without transparency: each translucent paint is blended onto the colour that it says lies below it.
 *
 * @throws LabError `figure.unsupported` for a translucent paint over unknown ground
 */
export function flatten(scene: Scene): Scene {
  return {
    ...scene,
    items: scene.items.map((item) => (item.kind !== 'path' ? item : {
      ...item, ...(item.fill === undefined ? {} : { fill: opaque(item.fill) }), ...(item.stroke === undefined ? {} : { stroke: opaque(item.stroke) }),
    })),
  }
}

/** How many paints of a scene are translucent. */
export const translucentPaints = (scene: Scene): number => scene.items.reduce((count, item) => {
  const paints = item.kind === 'path' ? [item.fill, item.stroke] : []
  return count + paints.filter((paint) => (paint?.opacity ?? 1) < 1).length
}, 0)
