import type { RandomStream } from '../random/index.js'
import { drawLeaf, drawPalette, drawRadius, FINE, paint, paintGround } from './sceneCanvas.js'
import { LEAF_SHAPES, type LeafShape } from './sceneShapes.js'

const LEAVES = 26

/** A scene of generator 1: the class is the shape of the uppermost leaves and depends on nothing else. */
export function paintSceneByShape(canvas: Float32Array, random: RandomStream, label: number): void {
  const palette = drawPalette(random)
  paintGround(canvas, random, palette, LEAVES)
  // The leaves that name the class come last and near the middle: seen whole, yet among others.
  const own = LEAF_SHAPES[label] as LeafShape
  const repeats = 1 + random.below(3)
  for (let leaf = 0; leaf < repeats; leaf++)
    paint(canvas, drawLeaf(random, palette, own, FINE * drawRadius(random, 5, 13), 0.55))
}
