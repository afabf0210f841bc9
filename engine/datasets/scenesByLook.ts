import type { RandomStream } from '../random/index.js'
import { drawLeaf, drawPalette, drawRadius, FINE, FINE_SIDE, paint, paintGround } from './sceneCanvas.js'
import { LEAF_SHAPES, type LeafShape } from './sceneShapes.js'

const LEAVES = 22
const CLASSES = LEAF_SHAPES.length

/** How far the light of a class lies from white, and how far its leaf from the middle, in sides of the scene. */
const WARMTH = 0.13
const GREEN = 0.065
const DISTANCE = 0.24
/** Spread of the place and of the angle about those of the class. */
const PLACE_SPREAD = 0.055
const ANGLE_SPREAD = 0.35
/** How much brighter than its scene the leaf of the class is. */
const BRIGHTER = 0.35

const turn = (share: number): number => 2 * Math.PI * share

/**
 * A scene of generator 2: as in photographs, what is seen comes with a light, a place and a way to lie. The large leaf that names the
 * class is brighter than its scene, lies about a place and an angle of the class, and the scene has a tint of the class, all with so much
 * spread that classes overlap.
 *
 * Neighbours in tint are not neighbours in place: of ten classes on a circle every third follows.
 */
export function paintSceneByLook(canvas: Float32Array, random: RandomStream, label: number): void {
  const hue = turn(((3 * label) % CLASSES) / CLASSES)
  const palette = drawPalette(random, { warmth: WARMTH * Math.cos(hue), green: GREEN * Math.sin(hue) })
  paintGround(canvas, random, palette, LEAVES)
  const own = LEAF_SHAPES[label] as LeafShape
  const leaf = drawLeaf(random, palette, own, FINE * drawRadius(random, 7, 13), 0)
  const place = turn(label / CLASSES)
  const [x, y] = [Math.cos(place), Math.sin(place)].map(
    (part) => FINE_SIDE * (0.5 + DISTANCE * part + PLACE_SPREAD * random.normal()),
  ) as [number, number]
  const bright = BRIGHTER + 0.1 * random.normal()
  paint(canvas, {
    ...leaf,
    x,
    y,
    angle: turn(label / CLASSES) / 2 + ANGLE_SPREAD * random.normal(),
    colour: leaf.colour.map((part) => part + bright) as typeof leaf.colour,
  })
}
