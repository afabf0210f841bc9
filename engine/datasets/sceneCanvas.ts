import type { RandomStream } from '../random/index.js'
import { LEAF_SHAPES, type LeafShape } from './sceneShapes.js'

/** Side of a scene, pixels. */
export const SIDE = 32
/** Drawn at this multiple of the resolution and averaged, so that edges are as soft as a camera's. */
export const FINE = 2
export const FINE_SIDE = SIDE * FINE
const SMALLEST_RADIUS = 2.5
const LARGEST_RADIUS = 26

export type Colour = [red: number, green: number, blue: number]

/** Where the mean colour of a scene is moved to. */
export interface Tint {
  warmth: number
  green: number
}
const NO_TINT: Tint = { warmth: 0, green: 0 }

/** Colours of one scene lie near its own light, as in photographs: mostly brightness, some warmth, little green. */
export function drawPalette(random: RandomStream, tint = NO_TINT): () => Colour {
  const light = 0.32 + 0.3 * random.uniform()
  const warmth = tint.warmth + 0.1 * random.normal()
  const green = tint.green + 0.04 * random.normal()
  return () => {
    const brightness = light + 0.24 * random.normal()
    const warm = warmth + 0.08 * random.normal()
    const greenish = green + 0.04 * random.normal()
    return [brightness + warm + greenish / 2, brightness + greenish, brightness - warm + greenish / 2]
  }
}

/** A radius with density proportional to r^-3 between the limits: the law that makes dead leaves look the same at every scale. */
export function drawRadius(random: RandomStream, smallest: number, largest: number): number {
  const a = smallest ** -2
  const b = largest ** -2
  return (a - random.uniform() * (a - b)) ** -0.5
}

/** A leaf; lengths in pixels of the fine canvas. */
export interface Leaf {
  shape: LeafShape
  x: number
  y: number
  radius: number
  angle: number
  colour: Colour
  shade: number
  shadeAngle: number
}

/** A leaf anywhere about the middle, turned at will; `spread` is the width over which middles lie, in sides of the canvas. */
export const drawLeaf = (
  random: RandomStream,
  palette: () => Colour,
  shape: LeafShape,
  radius: number,
  spread: number,
): Leaf => ({
  shape,
  radius,
  x: FINE_SIDE / 2 + spread * FINE_SIDE * (random.uniform() - 0.5),
  y: FINE_SIDE / 2 + spread * FINE_SIDE * (random.uniform() - 0.5),
  angle: 2 * Math.PI * random.uniform(),
  colour: palette(),
  shade: 0.25 * random.uniform(),
  shadeAngle: 2 * Math.PI * random.uniform(),
})

/** Leaves of all shapes over a ground, sizes after r^-3: what every scene begins with. */
export function paintGround(canvas: Float32Array, random: RandomStream, palette: () => Colour, leaves: number): void {
  const ground = palette()
  const [red, green, blue] = ground
  for (let at = 0; at < canvas.length; at += 3) {
    canvas[at] = red
    canvas[at + 1] = green
    canvas[at + 2] = blue
  }
  for (let leaf = 0; leaf < leaves; leaf++) {
    const shape = LEAF_SHAPES[random.below(LEAF_SHAPES.length)] as LeafShape
    paint(canvas, drawLeaf(random, palette, shape, FINE * drawRadius(random, SMALLEST_RADIUS, LARGEST_RADIUS), 1.3))
  }
}

/** Paints a leaf over what lies there, brighter on one side. */
export function paint(canvas: Float32Array, leaf: Leaf): void {
  const { x, y, radius, colour } = leaf
  const cosine = Math.cos(leaf.angle) / radius
  const sine = Math.sin(leaf.angle) / radius
  const reach = 1.6 * radius
  const fromY = Math.max(0, Math.floor(y - reach))
  const toY = Math.min(FINE_SIDE - 1, Math.ceil(y + reach))
  const fromX = Math.max(0, Math.floor(x - reach))
  const toX = Math.min(FINE_SIDE - 1, Math.ceil(x + reach))
  const shadeX = (Math.cos(leaf.shadeAngle) * leaf.shade) / radius
  const shadeY = (Math.sin(leaf.shadeAngle) * leaf.shade) / radius
  for (let row = fromY; row <= toY; row++) {
    for (let column = fromX; column <= toX; column++) {
      const dx = column - x
      const dy = row - y
      if (!leaf.shape(cosine * dx + sine * dy, cosine * dy - sine * dx)) continue
      const factor = 1 + shadeX * dx + shadeY * dy
      const at = 3 * (row * FINE_SIDE + column)
      canvas[at] = colour[0] * factor
      canvas[at + 1] = colour[1] * factor
      canvas[at + 2] = colour[2] * factor
    }
  }
}

/** Averages the fine canvas down and writes bytes with the gamma of a screen and a little noise of a sensor. */
export function develop(canvas: Float32Array, random: RandomStream, pixels: Uint8Array, start: number): void {
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let y = 0; y < FINE; y++) {
          for (let x = 0; x < FINE; x++)
            sum += canvas[3 * ((row * FINE + y) * FINE_SIDE + column * FINE + x) + channel] as number
        }
        const level = Math.max(0, sum / (FINE * FINE)) ** 0.8 + 0.012 * (random.uniform() + random.uniform() - 1)
        pixels[start + 3 * (row * SIDE + column) + channel] = Math.max(1, Math.min(255, Math.round(255 * level)))
      }
    }
  }
}
