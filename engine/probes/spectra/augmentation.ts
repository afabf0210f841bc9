import type { ImageSource } from '../../datasets/imageSource.js'
import { randomStream } from '../../random/index.js'

/** What a repeat changes of an image: whole shifts in pixels, a mirror image every second time, noise in raw units. */
export interface Augmentation {
  shift: number
  mirror: boolean
  noise: number
}

/**
 * A repeat of a set: every image shifted by up to `shift` pixels in both directions (edges are repeated), mirrored or not, and with
 * noise; keyed by seed, repeat and image.
 *
 * @param repeat - number of the repeat; two repeats are independent
 */
export function augmented(
  source: ImageSource,
  { shift, mirror, noise }: Augmentation,
  seed: number,
  repeat: number,
): ImageSource {
  const [height, width, channels] = source.shape
  const plain = new Float32Array(height * width * channels)
  const inside = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value))
  return {
    shape: source.shape,
    count: source.count,
    labels: source.labels,
    normalised: source.normalised,
    identity: {
      ...source.identity,
      augmentation: `shift ${shift}, mirror ${mirror}, noise ${noise}, seed ${seed}, repeat ${repeat}`,
    },
    read: (index, target, offset) => {
      source.read(index, plain, 0)
      const random = randomStream(seed, 'augmentation', repeat, index)
      const [down, right] = [random.below(2 * shift + 1) - shift, random.below(2 * shift + 1) - shift]
      const mirrored = random.below(2) === 1 && mirror
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const column = inside((mirrored ? width - 1 - x : x) + right, width)
          const from = (inside(y + down, height) * width + column) * channels
          for (let channel = 0; channel < channels; channel++) {
            target[offset + (y * width + x) * channels + channel] =
              (plain[from + channel] as number) + (noise === 0 ? 0 : noise * random.normal())
          }
        }
      }
    },
    display: (index, target, offset) => source.display(index, target, offset),
  }
}
