import type { AttackSpec } from '../../contract/index.js'
import { fillImageNoise } from '../random/imageNoise.js'
import type { Attack } from './attack.js'

/**
 * Random perturbation, x + ε z with z of standard normal entries, drawn anew for every size and image and never clamped.
 *
 * Source: the original's white Gaussian perturbation; docs/SOURCES.md 6.
 */
export const randomPerturbation: Attack<Extract<AttackSpec, { kind: 'random' }>> = {
  clamps: false, straight: false,
  drawsRandomNumbers: () => true,
  open: async ({ numbers, count }, _spec, { inputs, seed }) => ({
    gradientSize: null,
    end: async ({ index }) => {
      const direction = new Float32Array(count * inputs)
      for (let image = 0; image < count; image++) fillImageNoise(direction.subarray(image * inputs, (image + 1) * inputs), seed, index, numbers[image] ?? 0)
      return { kind: 'line', direction }
    },
  }),
}
