import { z } from 'zod'

/** How a null distribution of matches is made of the fields of B. */
export const NULL_KINDS = ['turned', 'shifted', 'shuffled'] as const
export type NullKind = (typeof NULL_KINDS)[number]

/** Units of a layer that are matched; the cosines of two such layers take 200 MB. */
export const MOST_MATCHED_UNITS = 5000

const layer = z.strictObject({
  /** Id of a run with receptive fields. */
  run: z.string().regex(/^r-[0-9a-f]{4,32}$/, { error: 'expected a run such as r-7f21c4a0' }),
  form: z.enum(['raw', 'pruned']),
})

/** Two layers whose fields are to be matched. */
export const fieldMatchRequest = z.strictObject({
  a: layer,
  b: layer,
  /** `turned`: every field of B is mirrored or rotated at random; `shifted`: moved round the image; `shuffled`: its pixels are permuted. */
  null: z.enum(NULL_KINDS),
  seed: z.int().min(0).max(0xffffffff),
})
export type FieldMatchRequest = z.infer<typeof fieldMatchRequest>

/** Histogram of cosines in bins of equal width from -1 to 1. */
export const COSINE_BINS = 80

/**
 * Receptive fields of two layers matched one to one so that the sum of their cosines is largest; the mean of every field is
 * subtracted first.
 */
export interface FieldMatch {
  shape: readonly [height: number, width: number, channels: number]
  a: { units: number; epoch: number; constant: number }
  b: { units: number; epoch: number; constant: number }
  /** Matched pairs by falling cosine, M = the smaller number of units that are not constant. */
  unitsOfA: Int32Array
  unitsOfB: Int32Array
  cosines: Float64Array
  /** Units without a partner, ascending. */
  unmatchedOfA: Int32Array
  unmatchedOfB: Int32Array
  /** Cosines of the matches when the fields of B are replaced by those of the null, falling, M. */
  nullCosines: Float64Array
  /** Counts of the cosines of all pairs of units, in COSINE_BINS bins. */
  allPairs: Float64Array
  /** Matched pairs above 95 % of the matches of the null. */
  aboveNull: number
  seconds: number
}
