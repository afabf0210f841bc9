import { DATASETS, type DatasetSpec, type DatasetSplit } from '../../contract/index.js'
import { randomStream, type RandomStream } from '../random/index.js'
import type { ImageSource } from './imageSource.js'
import { LEAF_SHAPES, type LeafShape } from './sceneShapes.js'

const SIDE = 32
/** Drawn finer and averaged, so that edges are as soft as a camera's. */
const FINE = 2
const FINE_SIDE = SIDE * FINE
const SMALLEST_RADIUS = 2.5
const LARGEST_RADIUS = 26
const LEAVES = 26
const SPLIT_NUMBER = { train: 0, test: 1 } as const satisfies Record<DatasetSplit, number>

type Colour = [red: number, green: number, blue: number]

/** Colours of one scene lie near its own light, as in photographs: mostly brightness, some warmth, little green. */
function drawPalette(random: RandomStream): () => Colour {
  const light = 0.32 + 0.3 * random.uniform()
  const warmth = 0.1 * random.normal()
  const green = 0.04 * random.normal()
  return () => {
    const brightness = light + 0.24 * random.normal()
    const warm = warmth + 0.08 * random.normal()
    const tint = green + 0.04 * random.normal()
    return [brightness + warm + tint / 2, brightness + tint, brightness - warm + tint / 2]
  }
}

/** A radius with density proportional to r^-3 between the limits: the law that makes dead leaves look the same at every scale. */
function drawRadius(random: RandomStream, smallest: number, largest: number): number {
  const a = smallest ** -2
  const b = largest ** -2
  return (a - random.uniform() * (a - b)) ** -0.5
}

interface Leaf { shape: LeafShape; x: number; y: number; radius: number; angle: number; colour: Colour; shade: number; shadeAngle: number }

/** Paints a leaf over what lies there, brighter on one side. */
function paint(canvas: Float32Array, leaf: Leaf): void {
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
function develop(canvas: Float32Array, random: RandomStream, pixels: Uint8Array, start: number): void {
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let fine = 0; fine < FINE * FINE; fine++) {
          sum += canvas[3 * ((row * FINE + Math.floor(fine / FINE)) * FINE_SIDE + column * FINE + (fine % FINE)) + channel] as number
        }
        const level = Math.max(0, sum / (FINE * FINE)) ** 0.8 + 0.012 * (random.uniform() + random.uniform() - 1)
        pixels[start + 3 * (row * SIDE + column) + channel] = Math.max(1, Math.min(255, Math.round(255 * level)))
      }
    }
  }
}

function paintScene(random: RandomStream, label: number, pixels: Uint8Array, start: number, canvas: Float32Array): void {
  const palette = drawPalette(random)
  const ground = palette()
  for (let at = 0; at < canvas.length; at += 3) canvas.set(ground, at)
  const drawLeaf = (shape: LeafShape, radius: number, spread: number): Leaf => ({
    shape, radius, x: FINE_SIDE / 2 + spread * FINE_SIDE * (random.uniform() - 0.5), y: FINE_SIDE / 2 + spread * FINE_SIDE * (random.uniform() - 0.5),
    angle: 2 * Math.PI * random.uniform(), colour: palette(), shade: 0.25 * random.uniform(), shadeAngle: 2 * Math.PI * random.uniform(),
  })
  const own = LEAF_SHAPES[label] as LeafShape
  for (let leaf = 0; leaf < LEAVES; leaf++) {
    const other = LEAF_SHAPES[random.below(LEAF_SHAPES.length)] as LeafShape
    paint(canvas, drawLeaf(other, FINE * drawRadius(random, SMALLEST_RADIUS, LARGEST_RADIUS), 1.3))
  }
  // The leaves that name the class come last and near the middle: seen whole, yet among others.
  const repeats = 1 + random.below(3)
  for (let leaf = 0; leaf < repeats; leaf++) paint(canvas, drawLeaf(own, FINE * drawRadius(random, 5, 13), 0.55))
  develop(canvas, random, pixels, start)
}

/**
 * Ten classes of dead-leaves scenes, 32 x 32 x 3: occluding leaves with sizes after r^-3, whose pixels have the scale
 * invariance of natural images; the class is the shape of the uppermost leaves.
 *
 * Every image follows from (seed, split, index); classes are balanced and in random order.
 *
 * Source: A. B. Lee, D. Mumford, J. Huang, Occlusion models for natural images, IJCV 41 (2001).
 */
export function syntheticScenes(spec: Extract<DatasetSpec, { kind: 'syntheticScenes' }>, split: DatasetSplit): ImageSource {
  const facts = DATASETS.syntheticScenes
  const total = split === 'train' ? facts.trainImages : facts.testImages
  const count = Math.min(spec.imageLimit ?? total, total)
  const size = SIDE * SIDE * 3
  const order = randomStream(spec.dataSeed, 'scene classes', SPLIT_NUMBER[split]).permutation(total)
  const labels = Uint8Array.from({ length: count }, (_, index) => (order[index] as number) % LEAF_SHAPES.length)
  const pixels = new Uint8Array(count * size)
  const painted = new Uint8Array(count)
  const canvas = new Float32Array(FINE_SIDE * FINE_SIDE * 3)
  // A scene takes half a millisecond: each is painted when it is first looked at.
  const bytes = (index: number): Uint8Array => {
    if (painted[index] === 0) {
      paintScene(randomStream(spec.dataSeed, 'scene', SPLIT_NUMBER[split], index), labels[index] as number, pixels, index * size, canvas)
      painted[index] = 1
    }
    return pixels.subarray(index * size, (index + 1) * size)
  }
  const copy = (index: number, target: Float32Array | Uint8Array, offset: number): void => target.set(bytes(index), offset)
  return { shape: facts.shape, count, labels, normalised: facts.normalised, identity: { syntheticScenes: `seed ${spec.dataSeed}, ${split}, generator 1` }, read: copy, display: copy, bytes }
}
