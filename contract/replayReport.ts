import { z } from 'zod'
import { PAPER_MODELS } from './paperNames.js'
import { probeSeed } from './probe.js'
import { REPRO_SCALES } from './replayScale.js'

/** `inside` and `outside` of the band; `noBand`: the paper's number has none; `missing`: this replay has no such number; `otherData`: it did not use the paper's images. */
export const VERDICTS = {
  inside: 'within tolerance',
  outside: 'outside tolerance',
  noBand: 'no tolerance given',
  missing: 'not measured',
  otherData: 'different data',
} as const
export type Verdict = keyof typeof VERDICTS
const VERDICT_NAMES = Object.keys(VERDICTS) as [Verdict, ...Verdict[]]

/** Where a run may lie and still agree with the paper; `rule` says why (section 11). */
const band = z.strictObject({ lower: z.number(), upper: z.number(), rule: z.string() })
export type Band = z.infer<typeof band>

/** One published number beside ours; `source` is its place in the paper. */
const reportRow = z.strictObject({
  group: z.string(),
  quantity: z.string(),
  model: z.enum([...PAPER_MODELS, 'SpecReg-KH', 'Dataset', 'Initialized']).nullable(),
  published: z.number(),
  ours: z.number().nullable(),
  /** A size that is only known to lie below `ours`, the smallest one tried, or that no size reached; absent: `ours` as it is. */
  reading: z.enum(['below', 'notReached']).exactOptional(),
  band: band.nullable(),
  verdict: z.enum(VERDICT_NAMES),
  source: z.string(),
})
export type ReportRow = z.infer<typeof reportRow>

/** A statement of the paper that holds here, or does not; null: it could not be tried, or other images were used. */
const claim = z.strictObject({ text: z.string(), holds: z.boolean().nullable(), detail: z.string() })
export type Claim = z.infer<typeof claim>

/** Everything that the report of a replay says: `report.json`. */
export const replayReport = z.strictObject({
  version: z.literal(1),
  scale: z.enum(REPRO_SCALES),
  seed: probeSeed,
  /** Whose images were used: the paper's, or the built-in scenes. */
  set: z.enum(['cifar10', 'scenes']),
  note: z.string(),
  createdAt: z.string(),
  versions: z.record(z.string(), z.string()),
  executor: z.string().nullable(),
  counts: z.strictObject({
    inside: z.int(),
    outside: z.int(),
    noBand: z.int(),
    missing: z.int(),
    otherData: z.int(),
  } satisfies Record<Verdict, z.ZodType>),
  claims: z.array(claim),
  rows: z.array(reportRow),
  /** Published numbers that no stage measures. */
  notReplayed: z.array(z.strictObject({ quantity: z.string(), reason: z.string() })),
})
export type ReplayReport = z.infer<typeof replayReport>
