import { fillNormals, fillPerturbed } from './normals.js'
import { purposeKey } from './stream.js'

const KEY = purposeKey('image noise')

/**
 * Standard normal numbers for one image and one size of a sweep: the same seed, size and image give the same bits everywhere.
 *
 * @param target - receives one number per entry
 * @param seed - 0 .. 2^32 - 1
 * @param size - number of the size in its grid
 * @param image - number of the image in its split
 */
export const fillImageNoise = (target: Float32Array, seed: number, size: number, image: number): void => fillNormals(target, [seed, KEY], [size, image])

/**
 * An image with noise, x + ε z, z being the numbers of {@link fillImageNoise}; each step is rounded to float32.
 *
 * @param target - receives one value per entry
 * @param image - x, as many
 * @param epsilon - ε >= 0
 */
export const fillNoisyImage = (target: Float32Array, image: Float32Array, epsilon: number, seed: number, size: number, number: number): void => fillPerturbed(target, image, epsilon, [seed, KEY], [size, number])
