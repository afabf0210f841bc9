import { LabError, targetOf, type AttackSpec, type PlaneSpec } from '../../../contract/index.js'
import { openBatchAttack } from '../../attacks/attackBatch.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import { lpNorm } from '../../datasets/lpUnit.js'
import type { Executor } from '../../executor/executor.js'
import { expectImageShape, multipliedOut, networkSizes, type FrozenNetwork } from '../../networks/frozenNetwork.js'
import { randomStream } from '../../random/index.js'
import { readImages } from '../robustness/baseline.js'
import { coordinates, orthonormalise, type Frame } from './orthonormal.js'

/** Where a plane lies among the images of a split. */
export interface Plane extends Frame {
  /** x_A, normalised, d. */
  origin: Float32Array
  /** Images in the plane: A, and for a plane through three images B and C. */
  anchors: { name: 'A' | 'B' | 'C'; image: number; position: readonly [epsilon: number, xi: number] }[]
  /** Lp norm of the raw image A: normalised entries times it are pixel values. */
  pixelScale: number
}

interface Images {
  source: ImageSource
  imageNorm: number
}

function imageAt({ source, imageNorm }: Images, image: number): Float32Array {
  if (!(image < source.count))
    throw new LabError('value.range', `expected an image in 0 to ${source.count - 1}, got ${image}`, { image })
  return readImages({ source, imageNorm }, Int32Array.of(image))
}

/** Factor that takes entries of a normalised image back to its raw values; 1 for a set that is not normalised. */
export function pixelScale({ source, imageNorm }: Images, image: number): number {
  if (!source.normalised) return 1
  const raw = new Float32Array(source.shape[0] * source.shape[1] * source.shape[2])
  source.read(image, raw, 0)
  return lpNorm(raw, 0, raw.length, imageNorm)
}

const difference = (a: Float32Array, b: Float32Array): Float64Array =>
  Float64Array.from(a, (value, index) => value - (b[index] as number))

/** Two standard normal directions, keyed by the seed alone, so that all models and images share them. */
function randomDirections(size: number, seed: number): Frame {
  const [u, v] = [new Float32Array(size), new Float32Array(size)]
  const random = randomStream(seed, 'decision plane')
  random.fillNormal(u, 1)
  random.fillNormal(v, 1)
  return { u, v }
}

/** The perturbation that an attack finds for one image. @throws LabError `probe.anchors` when it finds none */
async function adversarialDirection(
  images: Images,
  image: number,
  options: { network: FrozenNetwork; executor: Executor; attack: AttackSpec; epsilon: number; seed: number },
): Promise<Float64Array> {
  const { attack, epsilon, executor, seed } = options
  expectImageShape(options.network, images.source.shape)
  const network = multipliedOut(options.network)
  const { inputs, classes } = networkSizes(network)
  const label = images.source.labels[image] as number
  const aim = targetOf(attack)
  if (aim === 'leastLikely')
    throw new LabError(
      'value.range',
      'the least likely class cannot be the target of an adversarial plane; use a class number, the next class, or no target',
    )
  const target = aim === 'next' ? (label + 1) % classes : aim
  const origin = imageAt(images, image)
  const batch = { images: origin, labels: Int32Array.of(target ?? label), numbers: Int32Array.of(image), count: 1 }
  const opened = await openBatchAttack(batch, attack, {
    executor,
    network,
    inputs,
    entries: inputs,
    targeted: target !== null,
    seed,
  })
  return difference((await opened.attack({ epsilon, index: 0 })).image(0), origin)
}

/**
 * Lays a plane: x = x_A + ε û + ξ v̂.
 *
 * @param attacked - the network whose adversarial direction spans the plane; null for other planes
 * @throws LabError `probe.anchors` for anchors or directions on one line, `value.range` for an image that is not there, `shape.mismatch`
 *
 * Source: docs/SOURCES.md 7.
 */
export async function layPlane(
  spec: PlaneSpec,
  images: Images,
  attacked: { network: FrozenNetwork; executor: Executor } | null,
): Promise<Plane> {
  const [first, ...others] = spec.kind === 'images' ? spec.images : [spec.image]
  const origin = imageAt(images, first)
  const size = origin.length
  const anchorA = { name: 'A', image: first, position: [0, 0] } as const
  const common = { origin, pixelScale: pixelScale(images, first) }
  switch (spec.kind) {
    case 'random': {
      const { u, v } = randomDirections(size, spec.seed)
      return { ...common, ...orthonormalise(u, v), anchors: [anchorA] }
    }
    case 'directions': {
      if (spec.u.length !== size || spec.v.length !== size)
        throw new LabError(
          'shape.mismatch',
          `expected two directions of ${size} entries, got ${spec.u.length} and ${spec.v.length}`,
        )
      return { ...common, ...orthonormalise(spec.u, spec.v), anchors: [anchorA] }
    }
    case 'adversarial': {
      if (attacked === null) throw new LabError('internal', 'an adversarial plane needs a network')
      const u = await adversarialDirection(images, first, {
        ...attacked,
        attack: spec.attack,
        epsilon: spec.epsilon,
        seed: spec.seed,
      })
      return { ...common, ...orthonormalise(u, randomDirections(size, spec.seed).v), anchors: [anchorA] }
    }
    case 'images': {
      const [b, c] = others.map((image) => difference(imageAt(images, image), origin)) as [Float64Array, Float64Array]
      const frame = orthonormalise(b, c)
      const anchors = (['B', 'C'] as const).map((name, index) => ({
        name,
        image: others[index] as number,
        position: coordinates(index === 0 ? b : c, frame),
      }))
      return { ...common, ...frame, anchors: [anchorA, ...anchors] }
    }
  }
}

/** The image at a point of a plane, normalised, not clamped. */
export function pointImage({ origin, u, v }: Plane, [epsilon, xi]: readonly [number, number]): Float32Array {
  return origin.map((value, index) => value + epsilon * (u[index] as number) + xi * (v[index] as number))
}

/** Entries as pixels 0 to 255: the normalisation of an image undone, rounded and cut. Noise, which is not normalised, ±3 to the range. */
export function toPixels(values: ArrayLike<number>, scale: number, normalised: boolean): Uint8Array {
  return Uint8Array.from({ length: values.length }, (_, index) =>
    Math.max(
      0,
      Math.min(
        255,
        Math.round(normalised ? (values[index] as number) * scale : 127.5 + (values[index] as number) * 42.5),
      ),
    ),
  )
}
