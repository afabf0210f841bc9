import { z } from 'zod'
import { FIGURE_FORMATS, rankWindow, sizeGrid } from '../../contract/index.js'

const images = z.int().min(10).max(60_000)
const unitCounts = z.array(z.int().min(1).max(100_000)).min(1).max(64)

/** What the probes of a replay measure. */
export const probesPlan = z.strictObject({
  robustness: z.strictObject({
    /** Number of images that each model gets right, from the start; null takes all. */
    images: images.nullable(),
    batchSize: z.int().min(1).max(10_000),
    grids: z.strictObject({ random: sizeGrid, fgsm: sizeGrid, pgd: sizeGrid }),
    steps: z.int().min(1).max(10_000),
    stepSize: z.number().positive(),
    stepSizeRatio: z.number().positive(),
    resamples: z.int().min(0).max(10_000),
  }),
  /** Growing numbers of units, cut at what a model has; `entries` of an image for the data themselves. */
  spectra: z.strictObject({
    images,
    units: unitCounts,
    entries: unitCounts,
    window: rankWindow,
    noiseWindow: rankWindow,
  }),
  /** `image` null is drawn from the seed, as the original draws one; the plane reaches so far on each side, in ‖Δx‖₂. */
  plane: z.strictObject({
    image: z.int().min(0).nullable(),
    extent: z.number().positive(),
    size: z.int().min(2).max(2000),
  }),
  figures: z.strictObject({
    formats: z.array(z.enum(FIGURE_FORMATS)).refine((formats) => formats.includes('png'), {
      error: 'expected the formats to include png, which the report shows',
    }),
    dpi: z.number().min(30).max(2400),
  }),
})
export type ProbesPlan = z.infer<typeof probesPlan>
