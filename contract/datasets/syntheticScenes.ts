import { z } from 'zod'
import { field } from '../field.js'
import { dataSeed, defineDataset } from './definition.js'

/** Generators of scenes: 1 distinguishes classes by the shapes of leaves alone; in 2 they have a light and a place too, which simple models learn. */
export const SCENE_GENERATORS = [1, 2] as const
export type SceneGenerator = (typeof SCENE_GENERATORS)[number]
export const NEWEST_SCENES = 2 as const satisfies SceneGenerator

/** The number of a generator. @throws Error */
function readGenerator(text: string): SceneGenerator {
  const found = SCENE_GENERATORS.find((known) => String(known) === text)
  if (found === undefined) throw new Error(`expected a generator, one of ${SCENE_GENERATORS.join(', ')}`)
  return found
}

/** Dead-leaves scenes of ten classes. */
export const syntheticScenes = defineDataset('syntheticScenes', {
  label: 'Synthetic scenes',
  shape: [32, 32, 3],
  trainImages: 10_000,
  testImages: 2_000,
  classNames: ['discs', 'squares', 'triangles', 'bars', 'rings', 'crosses', 'leaves', 'stripes', 'checks', 'blobs'],
  normalised: true,
  citation:
    'dead-leaves images, generated from a seed, after A. B. Lee, D. Mumford, J. Huang, Occlusion models for natural images, IJCV 41, 2001',
  settings: {
    dataSeed: dataSeed('scenes'),
    /** Which generator paints; without it the first, as in specs from before there was a second. */
    generator: field(z.literal(SCENE_GENERATORS).optional(), {
      label: 'Scene generator',
      help: 'Version of the generator; 1 distinguishes classes by the shapes of leaves alone.',
      source: '1.4',
      cli: {
        flag: '--generator <number>',
        help: 'version of the scene generator; use 1 for models of earlier versions',
        read: readGenerator,
      },
    }),
  },
  implied: { generator: 1 },
  whole: (seed) => ({ kind: 'syntheticScenes', imageLimit: null, dataSeed: seed, generator: NEWEST_SCENES }),
  files: null,
})
