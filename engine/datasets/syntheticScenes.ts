import { DATASETS, type DatasetSpec, type DatasetSplit } from '../../contract/index.js'
import { randomStream, type RandomStream } from '../random/index.js'
import type { ImageSource } from './imageSource.js'
import { develop, FINE_SIDE, SIDE } from './sceneCanvas.js'
import { paintSceneByLook } from './scenesByLook.js'
import { paintSceneByShape } from './scenesByShape.js'
import { LEAF_SHAPES } from './sceneShapes.js'

const SPLIT_NUMBER = { train: 0, test: 1 } as const satisfies Record<DatasetSplit, number>

type ScenesSpec = Extract<DatasetSpec, { kind: 'syntheticScenes' }>

/** What paints a scene, by the generator's number. */
const PAINTERS = { 1: paintSceneByShape, 2: paintSceneByLook } as const satisfies Record<
  NonNullable<ScenesSpec['generator']>,
  (canvas: Float32Array, random: RandomStream, label: number) => void
>

/**
 * Ten classes of dead-leaves scenes, 32 x 32 x 3: occluding leaves with sizes after r^-3, whose pixels have the scale
 * invariance of natural images; the class is the shape of the uppermost leaves, in generator 2 with a light and a place of its own.
 *
 * Every image follows from (seed, split, index); classes are balanced and in random order.
 *
 * Source: A. B. Lee, D. Mumford, J. Huang, Occlusion models for natural images, IJCV 41 (2001).
 */
export function syntheticScenes(spec: ScenesSpec, split: DatasetSplit): ImageSource {
  const facts = DATASETS.syntheticScenes
  const { generator = 1 } = spec
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
      const random = randomStream(spec.dataSeed, 'scene', SPLIT_NUMBER[split], index)
      PAINTERS[generator](canvas, random, labels[index] as number)
      develop(canvas, random, pixels, index * size)
      painted[index] = 1
    }
    return pixels.subarray(index * size, (index + 1) * size)
  }
  const copy = (index: number, target: Float32Array | Uint8Array, offset: number): void =>
    target.set(bytes(index), offset)
  return {
    shape: facts.shape,
    count,
    labels,
    normalised: facts.normalised,
    identity: { syntheticScenes: `seed ${spec.dataSeed}, ${split}, generator ${generator}` },
    read: copy,
    display: copy,
    bytes,
  }
}
