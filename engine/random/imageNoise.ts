import { fillPerturbed } from './normals.js'
import { purposeKey } from './stream.js'

const KEY = purposeKey('image noise')

/**
 * An image with noise, x + ε z with z standard normal, one number an entry; each step is rounded to float32. The same seed, size and
 * image give the same bits of z everywhere.
 *
 * @param target - receives one value per entry
 * @param image - x, as many
 * @param epsilon - ε >= 0
 * @param seed - 0 .. 2^32 - 1
 * @param size - number of the size in its grid
 * @param number - number of the image in its split
 */
export const fillNoisyImage = (
  target: Float32Array,
  image: Float32Array,
  epsilon: number,
  seed: number,
  size: number,
  number: number,
): void => fillPerturbed(target, image, epsilon, [seed, KEY], [size, number])
