import type { ImageSource } from '../../../engine/datasets/imageSource.js'
import type { FrozenNetwork } from '../../../engine/networks/frozenNetwork.js'
import { randomStream } from '../../../engine/random/index.js'
import { float32Of, type GoldenArray } from '../../goldenFiles.js'
import { hostOf, networkOf, weightsOf } from '../training/networkGoldens.js'

/** Images in memory, taken as they are. */
export function arraySource(
  data: Float32Array,
  shape: readonly [number, number, number],
  labels: ArrayLike<number>,
): ImageSource {
  const size = shape[0] * shape[1] * shape[2]
  return {
    shape,
    count: data.length / size,
    labels: Uint8Array.from(labels),
    normalised: false,
    identity: { array: 'of a test' },
    read: (index, target, offset) => target.set(data.subarray(index * size, (index + 1) * size), offset),
    display: (index, target, offset) =>
      target.set(
        data.subarray(index * size, (index + 1) * size).map((value) => value * 255),
        offset,
      ),
  }
}

export const goldenSource = (images: GoldenArray, labels: GoldenArray): ImageSource =>
  arraySource(
    float32Of(images),
    images.shape.slice(1) as unknown as readonly [number, number, number],
    labels.data.map(Number),
  )

/** A network of a golden file. */
export function goldenNetwork(model: string, stored: Record<string, unknown>): FrozenNetwork {
  const array = (name: string): GoldenArray => stored[name] as GoldenArray
  const params = stored['params'] as { n: number; p: number } | undefined
  const normalises = 'bn_gamma' in stored
  return {
    options: networkOf(model, params?.n ?? Number(stored['n'] ?? 1), normalises, params?.p ?? 3),
    parameters: {
      weights: weightsOf(array('W')),
      dense: hostOf(array('dense_weight')),
      bias: hostOf(array('dense_bias')),
      ...(normalises ? { scale: hostOf(array('bn_gamma')), shift: hostOf(array('bn_beta')) } : {}),
    },
    running: normalises ? { mean: hostOf(array('bn_running_mean')), variance: hostOf(array('bn_running_var')) } : {},
  }
}

/** A small random network and images in [0, 0.3] with the labels that a second random network gives them. */
export function randomProblem(
  kind: FrozenNetwork['options']['kind'],
  seed: number,
  activationExponent: number,
  images = 48,
): { network: FrozenNetwork; source: ImageSource } {
  const [inputs, units, classes] = [48, 20, 4]
  const random = randomStream(seed, 'random problem')
  const normal = (count: number, spread: number): Float32Array =>
    Float32Array.from({ length: count }, () => spread * random.normal())
  const network: FrozenNetwork = {
    options: { kind, activationExponent, batchNorm: false, lebesgueNorm: 3 },
    parameters: {
      weights: { data: normal(units * inputs, kind === 'hybrid' ? 0.6 : 0.5), shape: [units, inputs] },
      dense: { data: normal(classes * units, 1), shape: [classes, units] },
      bias: { data: normal(classes, 0.1), shape: [classes] },
    },
    running: {},
  }
  const pixels = Float32Array.from({ length: images * inputs }, () => Math.max(0, 0.3 * random.uniform() - 0.03))
  return {
    network,
    source: arraySource(
      pixels,
      [4, 4, 3],
      Array.from({ length: images }, () => random.below(classes)),
    ),
  }
}
