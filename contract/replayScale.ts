/** How much of the paper is replayed: a check that everything works, something to look at, or the published sizes. */
export const REPRO_SCALES = ['smoke', 'demo', 'full'] as const
export type ReproScale = (typeof REPRO_SCALES)[number]

/** Scales as help, pages and reports name them. */
export const SCALE_TEXTS = {
  smoke: 'under 3 minutes on 2 cores; too short to converge',
  demo: 'under 45 minutes on 2 cores; smaller networks and shorter training on all images',
  full: 'the published sizes',
} as const satisfies Record<ReproScale, string>
