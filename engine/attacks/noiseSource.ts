import { fillNoisyImage } from '../random/imageNoise.js'
import type { AttackSize } from './attackSize.js'

/** Images that noise is added to. */
export interface NoiseBatch {
  /** Rows of `inputs` entries, of which the first `entries` get noise. */
  images: Float32Array
  /** Numbers of the images in their split, by which random numbers are keyed. */
  numbers: Int32Array
  inputs: number
  entries: number
  seed: number
}

/** Noisy images of a batch, size by size. */
export interface NoiseSource {
  /** x + ε z of every image; valid until the next call. `next` is a size that will be asked for after this one. */
  noisy(size: AttackSize): Promise<Float32Array>
}

/** Opens a batch; a host may draw noise ahead on another thread, with the same bits. */
export type OpenNoise = (batch: NoiseBatch) => NoiseSource

/** Writes x + ε z of every image into rows; what is beyond an image stays as it is. */
export function fillNoisyImages(
  target: Float32Array,
  { images, numbers, inputs, entries, seed }: NoiseBatch,
  { epsilon, index }: Pick<AttackSize, 'epsilon' | 'index'>,
): void {
  for (let image = 0; image < numbers.length; image++) {
    const [from, to] = [image * inputs, image * inputs + entries]
    fillNoisyImage(target.subarray(from, to), images.subarray(from, to), epsilon, seed, index, numbers[image] ?? 0)
  }
}

/** Noise drawn when it is asked for. */
export const noiseHere: OpenNoise = (batch) => ({
  noisy: async (size) => {
    const noisy = new Float32Array(batch.images.length)
    fillNoisyImages(noisy, batch, size)
    return noisy
  },
})
