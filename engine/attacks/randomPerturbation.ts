import type { AttackSpec } from '../../contract/index.js'
import { fillNoisyImage } from '../random/imageNoise.js'
import type { Attack } from './attack.js'

/**
 * Random perturbation, x + ε z with z of standard normal entries, drawn anew for every size and image and never clamped.
 *
 * Source: the original's white Gaussian perturbation; docs/SOURCES.md 6.
 */
export const randomPerturbation: Attack<Extract<AttackSpec, { kind: 'random' }>> = {
  clamps: false, straight: false,
  drawsRandomNumbers: () => true,
  open: async ({ images, numbers, count }, _spec, { inputs, entries, seed }) => ({
    gradientSize: null,
    end: async ({ epsilon, index }) => {
      const noisy = new Float32Array(count * inputs)
      for (let image = 0; image < count; image++) {
        const [from, to] = [image * inputs, image * inputs + entries]
        fillNoisyImage(noisy.subarray(from, to), images.subarray(from, to), epsilon, seed, index, numbers[image] ?? 0)
      }
      return { kind: 'images', images: noisy }
    },
  }),
}
