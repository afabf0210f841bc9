import type { AttackSpec } from '../../contract/index.js'
import type { AttackCode } from './attack.js'
import { openCertifiedNoise } from './certifiedNoise.js'
import { noiseHere } from './noiseSource.js'

/**
 * Random perturbation, x + ε z with z of standard normal entries, drawn again for every size and image and never clamped.
 *
 * Source: the original's white Gaussian perturbation; docs/SOURCES.md 6.
 */
export const random: AttackCode<Extract<AttackSpec, { kind: 'random' }>> = {
  open: async ({ images, numbers }, _spec, { inputs, entries, seed, openNoise = noiseHere }) => {
    const source = openNoise({ images, numbers, inputs, entries, seed })
    return { gradientSize: null, end: async (size) => ({ kind: 'images', images: await source.noisy(size) }) }
  },
  openCertain: openCertifiedNoise,
}
